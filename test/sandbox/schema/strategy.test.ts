/** What the registry does to objects before they are stored: fields that no client decides. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import { decodeValue } from '../../../src/sandbox/schema/decode.ts';
import { type Allocator, prepareCreate, prepareUpdate } from '../../../src/sandbox/schema/strategy.ts';
import { bodyOf, schemaOf } from './kinds.ts';

function allocator(): Allocator {
  const addresses = ['10.0.0.1', '10.0.0.2'];
  const nodePorts = [30_001, 30_002];
  return { clusterIP: () => addresses.shift() ?? '', nodePort: () => nodePorts.shift() ?? 0 };
}

function read(kind: string, more: JsonObject): KubeObject {
  const result = decodeValue(schemaOf(kind), bodyOf(kind, more), 'Strict');
  if (result.kind === 'refused') throw new Error(result.refusal.message);
  return result.value;
}
const created = (kind: string, more: JsonObject): KubeObject =>
  prepareCreate(schemaOf(kind), read(kind, more), allocator());
function updated(live: KubeObject, more: JsonObject, subresource = ''): KubeObject {
  const next = read(live.kind, { ...live, ...more });
  return prepareUpdate(schemaOf(live.kind), live, next, subresource, allocator());
}

const ports = (...list: readonly Json[]): JsonObject => ({ ports: list });
const services: readonly (readonly [
  name: string,
  spec: JsonObject,
  wanted: Readonly<Record<string, Json | undefined>>,
])[] = [
  [
    'an address',
    ports({ port: 80 }),
    { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
  ],
  ['no address', { clusterIP: 'None', ...ports({ port: 80 }) }, { clusterIP: 'None', clusterIPs: ['None'] }],
  [
    'an address of its own',
    { clusterIP: '10.0.0.99', ...ports({ port: 80 }) },
    { clusterIP: '10.0.0.99', clusterIPs: ['10.0.0.99'] },
  ],
  [
    'ports of the nodes',
    { type: 'NodePort', ...ports({ name: 'a', port: 80 }, { name: 'b', port: 81, nodePort: 31_000 }) },
    {
      ports: [
        { name: 'a', port: 80, protocol: 'TCP', targetPort: 80, nodePort: 30_001 },
        { name: 'b', port: 81, protocol: 'TCP', targetPort: 81, nodePort: 31_000 },
      ],
    },
  ],
  ['a name elsewhere', { type: 'ExternalName', externalName: 'x.y' }, { clusterIP: undefined, clusterIPs: undefined }],
];
for (const [name, spec, wanted] of services) {
  test(`prepareCreate: a Service with ${name}`, () => {
    const made = created('Service', { spec });
    deepEqual(Object.fromEntries(Object.keys(wanted).map((field) => [field, at(made, 'spec', field)])), wanted);
  });
}

test('prepareUpdate: a Service keeps its address and its ports', () => {
  const live = created('Service', { spec: { type: 'NodePort', ...ports({ port: 80 }) } });
  const after = updated(live, {
    spec: { type: 'NodePort', ...ports({ port: 80, protocol: 'TCP', targetPort: 8080 }) },
  });
  deepEqual(
    [at(after, 'spec', 'clusterIP'), at(after, 'spec', 'ports')],
    ['10.0.0.1', [{ port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30_001 }]],
  );
});

test('prepareUpdate: a Service that nodes no longer serve gives its ports back', () => {
  const live = created('Service', { spec: { type: 'NodePort', ...ports({ port: 80 }) } });
  const after = updated(live, {
    spec: { ...(live.spec as JsonObject), type: 'ClusterIP', externalTrafficPolicy: undefined as unknown as Json },
  });
  deepEqual(at(after, 'spec', 'ports'), [{ port: 80, protocol: 'TCP', targetPort: 80 }]);
});

const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i:1' }] } };
const deployment = { spec: { selector: { matchLabels: { a: 'b' } }, template } };

test('prepareCreate: a Deployment begins with no status and its first generation', () => {
  const made = created('Deployment', {
    ...deployment,
    status: { replicas: 5 },
    metadata: { name: 'x', generation: 7 },
  });
  deepEqual([made.status, made.metadata.generation], [{}, 1]);
});

test('prepareUpdate: the generation of a Deployment counts wishes, not labels or statuses', () => {
  const live = created('Deployment', deployment);
  equal(updated(live, { metadata: { ...live.metadata, labels: { a: 'b' } } }).metadata.generation, 1);
  equal(updated(live, { spec: { ...(live.spec as JsonObject), replicas: 3 } }).metadata.generation, 2);
  const status = updated(
    live,
    { spec: { ...(live.spec as JsonObject), replicas: 3 }, status: { replicas: 1 } },
    'status',
  );
  deepEqual([status.metadata.generation, at(status, 'spec', 'replicas'), status.status], [1, 1, { replicas: 1 }]);
});

test('prepareCreate: a Job chooses its pods by its uid', () => {
  const made = created('Job', {
    metadata: { name: 'x', uid: 'u-1' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i:1' }] } } },
  });
  deepEqual(at(made, 'spec', 'selector'), { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u-1' } });
  deepEqual(at(made, 'spec', 'template', 'metadata', 'labels'), {
    'job-name': 'x',
    'batch.kubernetes.io/job-name': 'x',
    'controller-uid': 'u-1',
    'batch.kubernetes.io/controller-uid': 'u-1',
  });
});

test('prepareCreate: a Namespace is active, and held until it is empty', () => {
  const made = created('Namespace', {});
  deepEqual([made.status, at(made, 'spec', 'finalizers')], [{ phase: 'Active' }, ['kubernetes']]);
});

test('prepareCreate: a claim is pending, and held while a pod uses it', () => {
  const made = created('PersistentVolumeClaim', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  deepEqual([made.status, made.metadata.finalizers], [{ phase: 'Pending' }, ['kubernetes.io/pvc-protection']]);
});

test('prepareUpdate: who an object is stays', () => {
  const live = {
    ...created('ConfigMap', { data: { a: '1' } }),
    metadata: { name: 'x', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' },
  };
  const after = updated(live, { metadata: { name: 'x', creationTimestamp: '2027-01-01T00:00:00Z' } });
  deepEqual([after.metadata.uid, after.metadata.creationTimestamp], ['u', '2026-01-01T00:00:00Z']);
});
