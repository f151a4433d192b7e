/** Pretend workloads, moment by moment. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at, isArray, isObject, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import { autoscale } from '../../../src/sandbox/autoscale.ts';
import { apps, core, deployment, type Scene, scene } from '../scene.ts';

const steady = { podReadyMs: { min: 1_000, max: 1_000 }, podStopMs: 500 };
const web = ({ cluster }: Scene): KubeObject => cluster.read('apps/v1', 'Deployment', 'default', 'web')!;
const pods = ({ cluster }: Scene): readonly KubeObject[] => cluster.list('v1', 'Pod', 'default');
const imageOf = (pod: KubeObject): Json | undefined =>
  at((at(pod, 'spec', 'containers') as readonly Json[])[0], 'image');
const conditions = (object: Json): Readonly<Record<string, Json>> => {
  const list = at(object, 'status', 'conditions');
  return Object.fromEntries(
    (isArray(list) ? list : [])
      .filter(isObject)
      .map(({ type, status, reason }) => [String(type), `${String(status)} ${String(reason)}`]),
  );
};
const counts = (object: Json): Json =>
  ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas'].map(
    (field) => at(object, 'status', field) ?? 0,
  );

test('Deployment: is not available before its pods are ready', async () => {
  const here = scene(steady);
  await here.apply(`${apps}/deployments/web`, deployment('web', 2));
  await here.clock.advance(10);
  deepEqual(counts(web(here)), [2, 2, 0, 0, 2]);
  deepEqual(conditions(web(here)), {
    Available: 'False MinimumReplicasUnavailable',
    Progressing: 'True ReplicaSetUpdated',
  });
  await here.clock.advance(1_100);
  deepEqual(counts(web(here)), [2, 2, 2, 2, 0]);
  deepEqual(conditions(web(here)), {
    Available: 'True MinimumReplicasAvailable',
    Progressing: 'True NewReplicaSetAvailable',
  });
  equal(at(web(here), 'status', 'observedGeneration'), 1);
  deepEqual(here.sandbox.traps(), []);
});

test('Deployment: a rolling update keeps within its bounds at every moment', async () => {
  const here = scene(steady);
  const strategy = { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } };
  await here.apply(`${apps}/deployments/web`, deployment('web', 4, 'web:1', { strategy }));
  await here.clock.advance(2_000);
  await here.apply(`${apps}/deployments/web`, deployment('web', 4, 'web:2', { strategy }));
  let isOver = false;
  for (let moment = 0; moment < 200 && !isOver; moment += 1) {
    await here.clock.advance(100);
    const [replicas = 0, updated = 0, , available = 0] = counts(web(here)) as readonly number[];
    ok(replicas <= 5 && available >= 3, `${replicas} pods, ${available} available`);
    isOver = replicas === 4 && updated === 4 && available === 4;
  }
  ok(isOver);
  await here.clock.advance(1_000);
  deepEqual(pods(here).map(imageOf), ['web:2', 'web:2', 'web:2', 'web:2']);
});

test('Deployment: an image that cannot be pulled ends in ProgressDeadlineExceeded, and a good one recovers', async () => {
  const here = scene(steady);
  await here.apply(`${apps}/deployments/web`, deployment('web', 1));
  await here.clock.advance(3_000);
  await here.apply(`${apps}/deployments/web`, deployment('web', 1, 'web:2-broken', { progressDeadlineSeconds: 60 }));
  await here.clock.advance(30_000);
  equal(conditions(web(here)).Progressing, 'True ReplicaSetUpdated');
  // The old pod stays up meanwhile.
  equal(at(web(here), 'status', 'availableReplicas'), 1);
  await here.clock.advance(60_000);
  equal(conditions(web(here)).Progressing, 'False ProgressDeadlineExceeded');
  await here.apply(`${apps}/deployments/web`, deployment('web', 1, 'web:3', { progressDeadlineSeconds: 60 }));
  await here.clock.advance(10_000);
  equal(conditions(web(here)).Progressing, 'True NewReplicaSetAvailable');
});

test('Deployment: paused, it scales and does not roll', async () => {
  const here = scene(steady);
  await here.apply(`${apps}/deployments/web`, deployment('web', 2));
  await here.clock.advance(3_000);
  await here.apply(`${apps}/deployments/web`, deployment('web', 3, 'web:2', { paused: true }));
  await here.clock.advance(3_000);
  deepEqual(counts(web(here)), [3, 0, 3, 3, 0]);
  equal(here.cluster.list('apps/v1', 'ReplicaSet', 'default').length, 1);
});

test('Deployment: recreated, it stops before it starts', async () => {
  const here = scene(steady);
  const strategy = { type: 'Recreate' };
  await here.apply(`${apps}/deployments/web`, deployment('web', 3, 'web:1', { strategy }));
  await here.clock.advance(3_000);
  await here.apply(`${apps}/deployments/web`, deployment('web', 3, 'web:2', { strategy }));
  await here.clock.advance(100);
  ok(pods(here).every((pod) => imageOf(pod) === 'web:1' && at(pod, 'metadata', 'deletionTimestamp') !== undefined));
  await here.clock.advance(5_000);
  deepEqual(counts(web(here)), [3, 3, 3, 3, 0]);
  deepEqual(pods(here).map(imageOf), ['web:2', 'web:2', 'web:2']);
});

test('StatefulSet: pods come in order and are renewed from the last', async () => {
  const here = scene(steady);
  const set = (image: string): JsonObject => ({
    ...deployment('web', 3, image, { serviceName: 'web' }),
    kind: 'StatefulSet',
  });
  await here.apply(`${apps}/statefulsets/web`, set('web:1'));
  await here.clock.advance(1_200);
  deepEqual(
    pods(here).map(({ metadata }) => metadata.name),
    ['web-0', 'web-1'],
  );
  await here.clock.advance(5_000);
  deepEqual(
    pods(here).map(({ metadata }) => metadata.name),
    ['web-0', 'web-1', 'web-2'],
  );
  const before = new Map(pods(here).map(({ metadata }) => [metadata.name, metadata.uid]));
  await here.apply(`${apps}/statefulsets/web`, set('web:2'));
  await here.clock.advance(600);
  ok(pods(here).some(({ metadata }) => metadata.name === 'web-0' && metadata.uid === before.get('web-0')));
  await here.clock.advance(20_000);
  const live = here.cluster.read('apps/v1', 'StatefulSet', 'default', 'web')!;
  deepEqual([at(live, 'status', 'updatedReplicas'), at(live, 'status', 'readyReplicas')], [3, 3]);
  equal(at(live, 'status', 'currentRevision'), at(live, 'status', 'updateRevision'));
});

test('pods: deleted, they are asked to leave first and gone a moment later; their set makes others', async () => {
  const here = scene(steady);
  await here.apply(`${apps}/deployments/web`, deployment('web', 1));
  await here.clock.advance(3_000);
  const name = pods(here)[0]!.metadata.name;
  const { status, json } = await here.ask('DELETE', `${core}/pods/${name}`);
  deepEqual([status, json.kind, at(json, 'metadata', 'deletionGracePeriodSeconds')], [200, 'Pod', 30]);
  await here.clock.advance(100);
  equal(pods(here).length, 2);
  await here.clock.advance(3_000);
  deepEqual(
    pods(here).map(({ metadata }) => metadata.name === name),
    [false],
  );
});

test('autoscale: scales through the subresource, under the real autoscaler’s name', async () => {
  const here = scene(steady);
  await here.apply(`${apps}/deployments/web`, deployment('web', 1));
  const target = { prefix: 'apis/apps/v1', resource: 'deployments', namespace: 'default', name: 'web' };
  await autoscale(here.cluster.handle, target, 4, new AbortController().signal);
  const entries = web(here).metadata.managedFields as readonly JsonObject[];
  const scaler = entries.find(({ subresource }) => subresource === 'scale');
  deepEqual(
    [scaler?.manager, scaler?.operation, scaler?.fieldsV1],
    ['kube-controller-manager', 'Update', { 'f:spec': { 'f:replicas': {} } }],
  );
  await here.clock.advance(3_000);
  equal(at(web(here), 'status', 'availableReplicas'), 4);
});

test('workloads status: the same end without ReplicaSets and pods', async () => {
  const here = scene({ ...steady, workloads: 'status' });
  await here.apply(`${apps}/deployments/web`, deployment('web', 3));
  await here.apply(`${apps}/deployments/bad`, deployment('bad', 1, 'web:1-broken', { progressDeadlineSeconds: 20 }));
  await here.clock.advance(500);
  equal(conditions(web(here)).Available, 'False MinimumReplicasUnavailable');
  await here.clock.advance(30_000);
  deepEqual(counts(web(here)), [3, 3, 3, 3, 0]);
  equal(conditions(web(here)).Progressing, 'True NewReplicaSetAvailable');
  equal(
    conditions(here.cluster.read('apps/v1', 'Deployment', 'default', 'bad')!).Progressing,
    'False ProgressDeadlineExceeded',
  );
  deepEqual([here.cluster.list('apps/v1', 'ReplicaSet').length, here.cluster.list('v1', 'Pod').length], [0, 0]);
});

test('workloads none: nobody looks', async () => {
  const here = scene({ workloads: 'none' });
  await here.apply(`${apps}/deployments/web`, deployment('web', 3));
  await here.clock.advance(60_000);
  deepEqual(counts(web(here)), [0, 0, 0, 0, 0]);
});
