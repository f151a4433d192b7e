/** What controllers and nodes make of workloads: the status that health is read from, and what labels reach. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { at, isArray, isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, deployment, eventually, holds, itemsOf, nameOf, type Scope, type Theme } from './case.ts';

const labels = { 'landfall.dev/installation': 'mine', 'applyset.kubernetes.io/part-of': 'applyset-x-v1' };
const labelled = (object: JsonObject, annotations: JsonObject = {}): JsonObject => ({
  ...object,
  metadata: { name: 'web', labels, annotations },
});
const template = (object: JsonObject): Json => at(object, 'spec', 'template') ?? null;

const listAt = (value: Json | undefined, ...fields: readonly string[]): readonly JsonObject[] => {
  const list = at(value, ...fields);
  return isArray(list) ? list.filter(isObject) : [];
};
const conditionOf = (object: JsonObject, type: string): unknown =>
  listAt(object, 'status', 'conditions').find((each) => each.type === type)?.status;
const until = async ({ api }: Scope, path: string, isThere: (object: JsonObject) => boolean): Promise<JsonObject> =>
  (
    await eventually(
      () => api.get(path),
      ({ status, json }) => status === 200 && isThere(json),
      60_000,
    )
  ).json;
const listed = async ({ api }: Scope, path: string, count: number): Promise<readonly JsonObject[]> =>
  itemsOf(
    (
      await eventually(
        () => api.get(path),
        ({ json }) => itemsOf(json).length === count,
        60_000,
      )
    ).json,
  );

/** Every label and annotation of an object, and of the template in it. */
const marksOf = (object: JsonObject): readonly string[] =>
  [at(object, 'metadata', 'labels'), at(object, 'metadata', 'annotations')].flatMap((map) =>
    isObject(map) ? Object.keys(map) : [],
  );

const cases: readonly Case[] = [
  {
    name: 'a Deployment becomes ready: observedGeneration, replicas and conditions',
    run: async (scope) => {
      const path = `${scope.apps}/deployments/web`;
      answered(201, await scope.api.apply(path, deployment('web', { replicas: 2 })));
      const ready = await until(scope, path, (object) => at(object, 'status', 'availableReplicas') === 2);
      holds(ready, {
        status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
      });
      deepEqual(
        ['Available', 'Progressing'].map((type) => conditionOf(ready, type)),
        ['True', 'True'],
      );
      equal(at(ready, 'metadata', 'annotations', 'deployment.kubernetes.io/revision'), '1');
      answered(200, await scope.api.apply(path, deployment('web', { replicas: 1 })));
      await until(
        scope,
        path,
        (object) => at(object, 'status', 'observedGeneration') === 2 && at(object, 'status', 'availableReplicas') === 1,
      );
    },
  },
  {
    name: 'a Deployment whose image cannot be pulled is never available, and says so in its pods',
    run: async (scope) => {
      const path = `${scope.apps}/deployments/web`;
      const object = deployment(
        'web',
        { replicas: 1, progressDeadlineSeconds: 1 },
        { image: 'registry.example/main:1-broken' },
      );
      answered(201, await scope.api.apply(path, object));
      const stuck = await until(scope, path, (live) => conditionOf(live, 'Progressing') === 'False');
      equal(
        listAt(stuck, 'status', 'conditions').find(({ type }) => type === 'Progressing')?.reason,
        'ProgressDeadlineExceeded',
      );
      deepEqual([conditionOf(stuck, 'Available'), at(stuck, 'status', 'unavailableReplicas')], ['False', 1]);
      const [pod] = await listed(scope, `${scope.core}/pods`, 1);
      await until(scope, `${scope.core}/pods/${nameOf(pod ?? {})}`, (live) => {
        const [container] = listAt(live, 'status', 'containerStatuses');
        return at(container, 'state', 'waiting', 'reason') === 'ImagePullBackOff';
      });
    },
  },
  {
    name: 'a new template rolls out: a second ReplicaSet, the first one emptied',
    run: async (scope) => {
      const path = `${scope.apps}/deployments/web`;
      answered(201, await scope.api.apply(path, deployment('web', { replicas: 1 })));
      await until(scope, path, (object) => at(object, 'status', 'availableReplicas') === 1);
      answered(
        200,
        await scope.api.apply(path, deployment('web', { replicas: 1 }, { image: 'registry.example/main:2' })),
      );
      await until(
        scope,
        path,
        (object) =>
          at(object, 'status', 'observedGeneration') === 2 &&
          at(object, 'status', 'updatedReplicas') === 1 &&
          at(object, 'status', 'replicas') === 1,
      );
      const sets = await listed(scope, `${scope.apps}/replicasets`, 2);
      deepEqual(sets.map((set) => at(set, 'spec', 'replicas')).toSorted(), [0, 1]);
    },
  },
  {
    name: 'deleting a Deployment takes its ReplicaSets and pods with it',
    run: async (scope) => {
      const path = `${scope.apps}/deployments/web`;
      answered(201, await scope.api.apply(path, deployment('web', { replicas: 1 })));
      await until(scope, path, (object) => at(object, 'status', 'availableReplicas') === 1);
      answered(200, await scope.api.remove(path));
      await listed(scope, `${scope.apps}/replicasets`, 0);
      await listed(scope, `${scope.core}/pods`, 0);
    },
  },
  {
    name: 'StatefulSet and DaemonSet become ready, on every node there is',
    run: async (scope) => {
      const selector = { matchLabels: { app: 'web' } };
      const spec = { selector, template: template(deployment('web')) };
      answered(
        201,
        await scope.api.create(`${scope.apps}/statefulsets`, {
          metadata: { name: 'web' },
          spec: { ...spec, replicas: 2, serviceName: 'web' },
        }),
      );
      answered(201, await scope.api.create(`${scope.apps}/daemonsets`, { metadata: { name: 'web' }, spec }));
      const set = await until(
        scope,
        `${scope.apps}/statefulsets/web`,
        (object) => at(object, 'status', 'readyReplicas') === 2,
      );
      holds(set, { status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 } });
      equal(at(set, 'status', 'currentRevision'), at(set, 'status', 'updateRevision'));
      const nodes = itemsOf(answered(200, await scope.api.get('/api/v1/nodes'))).length;
      const daemons = await until(
        scope,
        `${scope.apps}/daemonsets/web`,
        (object) => at(object, 'status', 'numberAvailable') === nodes,
      );
      holds(daemons, {
        status: {
          observedGeneration: 1,
          desiredNumberScheduled: nodes,
          numberReady: nodes,
          updatedNumberScheduled: nodes,
        },
      });
    },
  },
  {
    name: 'a Job completes, and one that fails says so',
    run: async (scope) => {
      const job = (name: string, image: string): JsonObject => ({
        metadata: { name },
        spec: {
          backoffLimit: 0,
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } },
        },
      });
      const path = `${scope.group('batch/v1')}/jobs`;
      answered(201, await scope.api.create(path, job('good', 'registry.example/main:1')));
      answered(201, await scope.api.create(path, job('bad', 'registry.example/main:1-failing')));
      const good = await until(scope, `${path}/good`, (object) => conditionOf(object, 'Complete') === 'True');
      equal(at(good, 'status', 'succeeded'), 1);
      const bad = await until(scope, `${path}/bad`, (object) => conditionOf(object, 'Failed') === 'True');
      equal(listAt(bad, 'status', 'conditions').find(({ type }) => type === 'Failed')?.reason, 'BackoffLimitExceeded');
    },
  },
  {
    name: 'labels of a Deployment reach neither ReplicaSets nor pods; its annotations reach ReplicaSets',
    run: async (scope) => {
      const path = `${scope.apps}/deployments/web`;
      answered(
        201,
        await scope.api.apply(path, labelled(deployment('web', { replicas: 1 }), { 'example.com/note': '1' })),
      );
      await until(scope, path, (object) => at(object, 'status', 'availableReplicas') === 1);
      const [set] = await listed(scope, `${scope.apps}/replicasets`, 1);
      const [pod] = await listed(scope, `${scope.core}/pods`, 1);
      for (const name of Object.keys(labels)) ok(![...marksOf(set ?? {}), ...marksOf(pod ?? {})].includes(name), name);
      deepEqual(
        [marksOf(set ?? {}).includes('example.com/note'), marksOf(pod ?? {}).includes('example.com/note')],
        [true, false],
      );
      equal(listAt(set, 'metadata', 'ownerReferences')[0]?.controller, true);
    },
  },
  {
    name: 'annotations of StatefulSets and DaemonSets reach their ControllerRevisions',
    run: async (scope) => {
      const spec = { selector: { matchLabels: { app: 'web' } }, template: template(deployment('web')) };
      const metadata = { name: 'web', labels, annotations: { 'example.com/note': '1' } };
      answered(201, await scope.api.create(`${scope.apps}/daemonsets`, { metadata, spec }));
      const [revision] = await listed(scope, `${scope.apps}/controllerrevisions`, 1);
      const marks = marksOf(revision ?? {});
      deepEqual([marks.includes('example.com/note'), marks.includes('landfall.dev/installation')], [true, false]);
    },
  },
  {
    name: 'labels of a Service reach its EndpointSlices, owned, and its Endpoints, owned by nobody',
    run: async (scope) => {
      const spec = { selector: { app: 'web' }, ports: [{ port: 80 }] };
      answered(
        201,
        await scope.api.apply(`${scope.core}/services/web`, {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web', labels },
          spec,
        }),
      );
      const endpoints = await until(scope, `${scope.core}/endpoints/web`, () => true);
      holds(endpoints, { metadata: { labels } });
      equal(at(endpoints, 'metadata', 'ownerReferences'), undefined);
      const [slice] = await listed(scope, `${scope.group('discovery.k8s.io/v1')}/endpointslices`, 1);
      holds(slice, { metadata: { labels: { ...labels, 'kubernetes.io/service-name': 'web' } } });
      equal(listAt(slice, 'metadata', 'ownerReferences')[0]?.kind, 'Service');
    },
  },
  {
    name: 'labels of a StatefulSet reach no claim, those of a CronJob no Job',
    run: async (scope) => {
      const claim = {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      };
      const spec = {
        replicas: 1,
        serviceName: 'web',
        selector: { matchLabels: { app: 'web' } },
        template: template(deployment('web')),
        volumeClaimTemplates: [claim],
      };
      answered(201, await scope.api.create(`${scope.apps}/statefulsets`, { metadata: { name: 'web', labels }, spec }));
      const [made] = await listed(scope, `${scope.core}/persistentvolumeclaims`, 1);
      equal(at(made, 'metadata', 'name'), 'data-web-0');
      deepEqual(at(made, 'metadata', 'labels'), { app: 'web' });
    },
  },
];

export const workloads: Theme = { name: 'workloads', cases };
