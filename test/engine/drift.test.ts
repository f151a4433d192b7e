/** Protects: what is ours is healed, what is others' is never touched, and a fight is given up. */
import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Json } from '../../src/core/json/value.ts';
import { autoscale } from '../../src/sandbox/autoscale.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, configMap, deployment, placement } from '../builder/manifest.ts';

const web = '/apis/apps/v1/namespaces/shop/deployments/web';
const map = '/api/v1/namespaces/shop/configmaps/web';
const merge = 'application/merge-patch+json';
const never = new AbortController().signal;

async function converged(more = ''): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['a'] });
  fleet.git.commit({
    ...clusterManifests(['a']),
    'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
    'apps/web/web.yaml': `${deployment('web', 'web:1', 2)}---\n${configMap('web', '1')}${more === '' ? '' : `---\n${more}`}`,
  });
  await fleet.run(30_000);
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
  return fleet;
}

const patch = (fleet: TestFleet, path: string, body: unknown, type = merge) =>
  fleet.request('a', 'PATCH', path, body, type);
const read = async (fleet: TestFleet, path: string, ...fields: readonly string[]): Promise<Json | undefined> =>
  at((await fleet.get('a', path)) ?? null, ...fields);

type Edit = {
  readonly name: string;
  readonly edit: (fleet: TestFleet) => Promise<unknown>;
  readonly path: string;
  readonly fields: readonly string[];
  readonly healed: Json | undefined;
};

const edits: readonly Edit[] = [
  {
    name: 'kubectl scale',
    edit: (fleet) => patch(fleet, `${web}/scale?fieldManager=kubectl`, { spec: { replicas: 5 } }),
    path: web,
    fields: ['spec', 'replicas'],
    healed: 2,
  },
  {
    name: 'kubectl edit',
    edit: (fleet) => patch(fleet, `${map}?fieldManager=kubectl-edit`, { data: { value: 'by hand' } }),
    path: map,
    fields: ['data', 'value'],
    healed: '1',
  },
  {
    name: 'a removed value',
    edit: (fleet) => patch(fleet, map, { data: { value: null } }),
    path: map,
    fields: ['data', 'value'],
    healed: '1',
  },
  {
    name: 'our label taken off',
    edit: (fleet) => patch(fleet, map, { metadata: { labels: { 'landfall.dev/installation': null } } }),
    path: map,
    fields: ['metadata', 'labels', 'landfall.dev/installation'],
    healed: 'test',
  },
  {
    name: 'kubectl delete',
    edit: (fleet) => fleet.request('a', 'DELETE', map),
    path: map,
    fields: ['data', 'value'],
    healed: '1',
  },
  {
    name: 'managedFields removed, with a change',
    edit: (fleet) => patch(fleet, map, { metadata: { managedFields: [{}] }, data: { value: '2' } }),
    path: map,
    fields: ['data', 'value'],
    healed: '1',
  },
  {
    name: 'a foreign manager with force',
    edit: (fleet) =>
      patch(
        fleet,
        `${map}?fieldManager=other&force=true`,
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { value: 'theirs' } },
        'application/apply-patch+yaml',
      ),
    path: map,
    fields: ['data', 'value'],
    healed: '1',
  },
];

for (const { name, edit, path, fields, healed } of edits) {
  test(`drift: ${name} is healed`, async () => {
    const fleet = await converged();
    await edit(fleet);
    await fleet.run(10_000);
    equal(await read(fleet, path, ...fields), healed);
    equal(fleet.cell('shop/web', 'a')?.state, 'Synced');
    deepEqual(fleet.sandbox.traps(), []);
    await fleet.close();
  });
}

test('drift: what others add is left alone', async () => {
  const fleet = await converged();
  await patch(fleet, map, {
    metadata: { labels: { theirs: 'yes' }, annotations: { note: 'x' } },
    data: { more: 'theirs' },
  });
  const version = await read(fleet, map, 'metadata', 'resourceVersion');
  await fleet.run(30_000);
  equal(await read(fleet, map, 'metadata', 'resourceVersion'), version, 'not one write');
  fleet.git.commit({ 'apps/web/web.yaml': `${deployment('web', 'web:1', 2)}---\n${configMap('web', '2')}` });
  await fleet.run(30_000);
  equal(await read(fleet, map, 'data', 'value'), '2');
  equal(await read(fleet, map, 'data', 'more'), 'theirs');
  equal(await read(fleet, map, 'metadata', 'labels', 'theirs'), 'yes');
  await fleet.close();
});

const scaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  minReplicas: 1
  maxReplicas: 9
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
`;

test('drift: an autoscaler that comes later takes the replicas over, without a dip', async () => {
  const fleet = await converged();
  const seen: unknown[] = [];
  const undo = fleet.sandbox.cluster('a').admit({
    name: 'watcher',
    review: ({ object }) => {
      if (object?.kind === 'Deployment') seen.push(at(object, 'spec', 'replicas'));
      return { kind: 'allow' };
    },
  });
  await fleet.request('a', 'POST', '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      minReplicas: 1,
      maxReplicas: 9,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    },
  });
  await fleet.run(20_000);
  undo();
  deepEqual(
    seen.filter((replicas) => replicas !== 2),
    [],
    'the count never moved while it changed hands',
  );
  await autoscale(
    fleet.sandbox.cluster('a').handle,
    { prefix: 'apis/apps/v1', resource: 'deployments', namespace: 'shop', name: 'web' },
    7,
    never,
  );
  await fleet.run(60_000);
  equal(await read(fleet, web, 'spec', 'replicas'), 7);
  fleet.git.commit({ 'apps/web/web.yaml': `${deployment('web', 'web:2', 2)}---\n${configMap('web', '1')}` });
  await fleet.run(60_000);
  equal(await read(fleet, web, 'spec', 'replicas'), 7, 'a new image keeps the autoscaled count');
  await fleet.close();
});

test('drift: an autoscaler in Git owns the replicas from the start', async () => {
  const fleet = await converged(scaler);
  await autoscale(
    fleet.sandbox.cluster('a').handle,
    { prefix: 'apis/apps/v1', resource: 'deployments', namespace: 'shop', name: 'web' },
    5,
    never,
  );
  await fleet.run(60_000);
  equal(await read(fleet, web, 'spec', 'replicas'), 5);
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced');
  await fleet.close();
});

test('drift: a fight is given up, named, and taken up again later', async () => {
  const fleet = await converged();
  for (let round = 0; round < 6; round++) {
    await patch(fleet, `${map}?fieldManager=stubborn`, { data: { value: `theirs ${round}` } });
    await fleet.run(5_000);
  }
  equal(fleet.cell('shop/web', 'a')?.state, 'Contested');
  match(fleet.cell('shop/web', 'a')?.message ?? '', /\.data\.value.*stubborn/);
  equal(await read(fleet, map, 'data', 'value'), 'theirs 5');
  await fleet.run(700_000);
  equal(await read(fleet, map, 'data', 'value'), '1', 'tried again when the fight is forgotten');
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced');
  await fleet.close();
});

test('drift: an object that is there and not ours is refused, and taken over when asked for', async () => {
  const fleet = testFleet({ clusters: ['a'] });
  await fleet.request('a', 'POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop' },
  });
  await fleet.request('a', 'POST', '/api/v1/namespaces/shop/configmaps?fieldManager=kubectl-create', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web' },
    data: { value: '1', old: 'x' },
  });
  fleet.git.commit({
    ...clusterManifests(['a']),
    'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
    'apps/web/web.yaml': configMap('web', '1'),
  });
  await fleet.run(20_000);
  equal(fleet.cell('shop/web', 'a')?.state, 'Blocked');
  match(fleet.cell('shop/web', 'a')?.message ?? '', /ConfigMap shop\/web .*kubectl-create.*adopt/);
  equal(await read(fleet, map, 'metadata', 'labels'), undefined, 'untouched');
  fleet.git.commit({
    'web.yaml': `${app('web', '  adopt: [kubectl]\n')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
  });
  await fleet.run(20_000);
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
  deepEqual(await read(fleet, map, 'data'), { value: '1' }, 'what is not in Git goes with its old manager');
  await fleet.close();
});

test('drift: an edit that leaves no trace in managedFields is found by the audit', async () => {
  const fleet = testFleet({
    clusters: ['a'],
    settings: {
      worker: {
        cellsMax: 4,
        writesMax: 8,
        cellTimeoutMs: 120_000,
        retryMinMs: 1_000,
        retryMaxMs: 300_000,
        auditMs: 60_000,
      },
    },
  });
  fleet.git.commit({
    ...clusterManifests(['a']),
    'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
    'apps/web/web.yaml': configMap('web', '1'),
  });
  await fleet.run(20_000);
  const entry = await read(fleet, map, 'metadata', 'managedFields');
  // A webhook that rewrites our value on somebody else's write: the entry stays as it was.
  const undo = fleet.sandbox.cluster('a').admit({
    name: 'meddler',
    review: ({ object }) =>
      object?.kind === 'ConfigMap' && object.metadata.name === 'web'
        ? { kind: 'allow', object: { ...object, data: { value: 'meddled' } } }
        : { kind: 'allow' },
  });
  await patch(fleet, map, { metadata: { labels: { touched: 'yes' } } });
  undo();
  equal(await read(fleet, map, 'data', 'value'), 'meddled');
  notEqual(entry, undefined);
  await fleet.run(180_000);
  equal(await read(fleet, map, 'data', 'value'), '1');
  await fleet.close();
});
