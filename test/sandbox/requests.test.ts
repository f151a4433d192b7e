/** The request log and the traps: proof of what was and was not asked for. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import { countRequests, isLease, isObjectRequest, isWrite, requestsBetween } from '../../src/sandbox/requests.ts';
import { configMap, core, scene } from './scene.ts';

const landfall = { 'user-agent': 'landfall/1.0', 'content-type': 'application/json' };

test('requests: counted by verb, resource, client, user and dry run', async () => {
  const { ask, apply, cluster } = scene();
  const before = cluster.requests();
  await apply(`${core}/configmaps/a`, configMap('a', { x: '1' }));
  await apply(`${core}/configmaps/a`, configMap('a', { x: '1' }));
  await ask('PATCH', `${core}/configmaps/a?fieldManager=x&dryRun=All`, {
    body: configMap('a', { y: '1' }),
    headers: { 'content-type': 'application/apply-patch+yaml', 'impersonate-user': 'bob' },
  });
  await ask('GET', `${core}/configmaps/absent`);
  await ask('GET', '/version');
  const seen = requestsBetween(before, cluster.requests());
  deepEqual(
    seen.map(({ verb, resource, user, isDryRun, count, statuses }) => [
      verb,
      resource,
      user,
      isDryRun,
      count,
      [...statuses.keys()],
    ]),
    [
      ['patch', 'configmaps', '', false, 2, [201, 200]],
      ['patch', 'configmaps', 'bob', true, 1, [200]],
      ['get', 'configmaps', '', false, 1, [404]],
      ['get', '/version', '', false, 1, [200]],
    ],
  );
  deepEqual([countRequests(seen, isWrite), countRequests(seen, isObjectRequest)], [2, 4]);
});

test('requests: what a watch sends is counted apart from what is asked', async () => {
  const { apply, cluster, watch, clock } = scene();
  const { json } = await apply(`${core}/configmaps/a`, configMap('a', { x: '1' }));
  const before = cluster.requests();
  const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${String(at(json, 'metadata', 'resourceVersion'))}`;
  const watching = await watch(`${core}/configmaps?${query}&labelSelector=!x`);
  await apply(`${core}/configmaps/b`, configMap('b'));
  await apply(`${core}/configmaps/b`, configMap('b', { x: '1' }));
  await clock.advance(70_000);
  await watching.lines();
  const [watched] = requestsBetween(before, cluster.requests()).filter(({ verb }) => verb === 'watch');
  // The third is the root certificates that each namespace gets.
  deepEqual([watched?.count, watched?.events, watched?.bookmarks], [1, 3, 1]);
});

test('requests: leases, questions and discovery can be told from objects; dry runs from writes', async () => {
  const { ask, cluster } = scene();
  const lease = { metadata: { name: 'me' }, spec: {} };
  await ask('POST', '/apis/coordination.k8s.io/v1/namespaces/default/leases', { body: lease });
  const review = { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } };
  await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body: review });
  await ask('GET', '/apis');
  await ask('DELETE', `${core}/configmaps/absent`, { body: { dryRun: ['All'] } });
  await ask('DELETE', `${core}/configmaps/absent`);
  const seen = cluster.requests();
  const verbs = (isIn: typeof isWrite): readonly string[] =>
    seen.filter(isIn).map(({ verb, resource }) => `${verb} ${resource}`);
  deepEqual(verbs(isObjectRequest), ['create leases.coordination.k8s.io', 'delete configmaps', 'delete configmaps']);
  deepEqual(
    verbs((line) => isWrite(line) && !isLease(line)),
    ['delete configmaps'],
  );
});

test('requests: between two equal snapshots there is nothing', async () => {
  const { ask, cluster } = scene();
  await ask('GET', '/version');
  deepEqual(requestsBetween(cluster.requests(), cluster.requests()), []);
});

const options = { preconditions: { uid: 'u', resourceVersion: '1' } };
const traps: readonly {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expected: readonly string[];
}[] = [
  {
    name: 'a dry run in the query beside a body',
    method: 'DELETE',
    path: '/configmaps/a?dryRun=All',
    body: '{}',
    expected: ['dryRunDeleteWithBody'],
  },
  { name: 'a dry run in the query alone', method: 'DELETE', path: '/configmaps/a?dryRun=All', expected: [] },
  { name: 'DELETE by another client', method: 'DELETE', path: '/configmaps/a', expected: [] },
  {
    name: 'DELETE by Landfall without conditions',
    method: 'DELETE',
    path: '/configmaps/a',
    headers: landfall,
    expected: ['deleteWithoutPreconditions'],
  },
  {
    name: 'DELETE by Landfall with half of them',
    method: 'DELETE',
    path: '/configmaps/a',
    headers: landfall,
    body: '{"preconditions":{"uid":"u"}}',
    expected: ['deleteWithoutPreconditions'],
  },
  {
    name: 'DELETE by Landfall with both',
    method: 'DELETE',
    path: '/configmaps/a',
    headers: landfall,
    body: JSON.stringify(options),
    expected: [],
  },
  {
    name: 'a collection by Landfall',
    method: 'DELETE',
    path: '/configmaps',
    headers: landfall,
    expected: ['deleteWithoutPreconditions'],
  },
  {
    name: 'a write by Landfall under no name',
    method: 'POST',
    path: '/configmaps',
    headers: landfall,
    body: '{"metadata":{"name":"b"}}',
    expected: ['writeWithoutFieldManager'],
  },
  {
    name: 'a write by Landfall under a name',
    method: 'POST',
    path: '/configmaps?fieldManager=landfall-a',
    headers: landfall,
    body: '{"metadata":{"name":"b"}}',
    expected: [],
  },
  { name: 'a read by Landfall', method: 'GET', path: '/configmaps', headers: landfall, expected: [] },
];
for (const { name, method, path, body, headers, expected } of traps) {
  test(`traps: ${name}`, async () => {
    const { sandbox, ask } = scene();
    await ask(method, `${core}${path}`, {
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers }),
    });
    deepEqual(
      sandbox.traps().map(({ kind }) => kind),
      expected,
    );
  });
}

test('requests: /metrics tells the same counts as kube-apiserver words them', async () => {
  const { ask, apply } = scene();
  await apply(`${core}/configmaps/a`, configMap('a', { x: '1' }));
  await apply(`${core}/configmaps/a`, configMap('a', { x: '2' }));
  await ask('GET', '/apis/apps/v1/namespaces/default/deployments/absent');
  const { text } = await ask('GET', '/metrics');
  deepEqual(
    text.split('\n').filter((line) => !line.startsWith('#')),
    [
      'apiserver_request_total{code="201",component="apiserver",dry_run="",group="",resource="configmaps",subresource="",verb="PATCH"} 1',
      'apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="configmaps",subresource="",verb="PATCH"} 1',
      'apiserver_request_total{code="404",component="apiserver",dry_run="",group="apps",resource="deployments",subresource="",verb="GET"} 1',
      '',
    ],
  );
});
