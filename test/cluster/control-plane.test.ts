/** The harness itself: servers that can be lost, hang and come back, users with little to say, requests that are counted. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import { answered, configMap, eventually } from '../conform/case.ts';
import { connect } from '../conform/client.ts';
import { landfall, stranger } from './api-server.ts';
import { isObjectRequest, isWrite } from './audit-log.ts';
import { sharedFleet } from './fleet.ts';

const fleet = await sharedFleet();
const server = fleet?.servers[2];

if (server === undefined) test('apiServer', { skip: 'no Kubernetes to run' });
else {
  const configMaps = '/api/v1/namespaces/default/configmaps';

  test('requestsSince: names who asked what, and nothing is missed', async () => {
    using api = server.api();
    using watcher = await api.watch(configMaps, { labelSelector: 'none=such' });
    equal(watcher.status, 200);
    const mark = server.mark();
    answered(200, await api.get('/version'));
    answered(201, await api.apply(`${configMaps}/audited`, configMap('audited', {})));
    using watch = await api.watch(configMaps, { resourceVersion: '0' });
    equal(watch.status, 200);
    answered(200, await api.mergePatch(`${configMaps}/audited`, { data: { x: '1' } }));
    answered(200, await api.request('DELETE', `${configMaps}/audited`, { headers: { 'user-agent': 'sweeper/1' } }));
    const mine = server.requestsSince(mark).filter(({ user }) => user === 'admin');
    deepEqual(
      mine.map(({ verb, resource, name, status }) => [verb, resource, name, status]),
      [
        ['get', undefined, '', 200],
        ['patch', 'configmaps', 'audited', 201],
        ['watch', 'configmaps', '', 200],
        ['patch', 'configmaps', 'audited', 200],
        ['delete', 'configmaps', 'audited', 200],
      ],
    );
    equal(mine.filter(isObjectRequest).length, 4);
    equal(mine.filter(isWrite).length, 3);
    equal(mine.at(-1)?.userAgent, 'sweeper/1');
  });

  test('requestsSince: a lease is no object request', async () => {
    using api = server.api();
    const mark = server.mark();
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
    answered(201, await api.create(leases, { metadata: { name: 'audited' }, spec: {} }));
    answered(200, await api.remove(`${leases}/audited`));
    const mine = server.requestsSince(mark).filter(({ user }) => user === 'admin');
    deepEqual([mine.length, mine.filter(isObjectRequest).length], [2, 0]);
  });

  test('tokenFor: each user is who the token says, and RBAC is on', async () => {
    const as = (user: typeof landfall) =>
      connect({ name: server.name, origin: server.origin, ca: server.ca(), token: server.tokenFor(user) });
    using nobody = as(stranger);
    equal((await nobody.get(configMaps)).status, 403);
    equal((await nobody.get('/version')).status, 200);
    using us = as(landfall);
    const review = answered(201, await us.create('/apis/authentication.k8s.io/v1/selfsubjectreviews', {}));
    equal(at(review, 'status', 'userInfo', 'username'), 'landfall');
  });

  test('kubeconfig: kubectl needs nothing else', async () => {
    const mine = await server.kubectl(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}']);
    deepEqual([mine.code, mine.stdout], [0, 'admin']);
    const theirs = await server.kubectl(['get', 'pods', '--kubeconfig', server.kubeconfig(stranger)]);
    equal(theirs.code, 1);
  });

  test('pause: connections open and nothing answers; resume: it goes on', async () => {
    using api = server.api();
    answered(200, await api.get('/version'));
    server.pause();
    let isAnswered = false;
    const waiting = api.get('/version').then((answer) => {
      isAnswered = true;
      return answer.status;
    });
    // A neighbour answers many times meanwhile, so that waiting is no matter of speed.
    using neighbour = fleet!.servers[0]!.api();
    for (let round = 0; round < 20; round += 1) answered(200, await neighbour.get('/version'));
    ok(!isAnswered);
    server.resume();
    equal(await waiting, 200);
  });

  test('stop: refused; start: the same cluster is back, with what it held', async () => {
    using api = server.api();
    answered(201, await api.create(configMaps, configMap('kept', { x: '1' })));
    await server.stop();
    await rejects(api.get('/version'));
    await server.start();
    using again = server.api();
    deepEqual(answered(200, await again.get(`${configMaps}/kept`)).data, { x: '1' });
    answered(200, await again.remove(`${configMaps}/kept`));
  });

  test('start: controllers and kubelet find their server again by themselves', {
    skip: fleet?.hasControllers === true ? false : 'no kube-controller-manager in KUBEBUILDER_ASSETS',
  }, async () => {
    using api = server.api();
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    const spec = {
      selector: { matchLabels: { app: 'back' } },
      template: {
        metadata: { labels: { app: 'back' } },
        spec: { containers: [{ name: 'main', image: 'registry.example/main:1' }] },
      },
    };
    answered(201, await api.create(deployments, { metadata: { name: 'back' }, spec }));
    await eventually(
      () => api.get(`${deployments}/back`),
      ({ json }) => at(json, 'status', 'availableReplicas') === 1,
      60_000,
    );
    answered(200, await api.remove(`${deployments}/back`));
  });
}
