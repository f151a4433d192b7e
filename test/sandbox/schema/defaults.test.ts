/** What the server fills in, and the form it gives to what it reads. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { at, isArray, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import { decodeValue } from '../../../src/sandbox/schema/decode.ts';
import { bodyOf, schemaOf } from './kinds.ts';

function read(kind: string, more: JsonObject): JsonObject {
  const result = decodeValue(schemaOf(kind), bodyOf(kind, more), 'Strict');
  if (result.kind === 'refused') throw new Error(result.refusal.message);
  return result.value;
}

const container = (more: JsonObject = {}): JsonObject => ({ name: 'c', image: 'i:1', ...more });
const pod = (more: JsonObject = {}): JsonObject => ({ containers: [container()], ...more });
const template = { metadata: { labels: { a: 'b' } }, spec: pod() };
const selector = { matchLabels: { a: 'b' } };

const defaults: readonly (readonly [
  name: string,
  kind: string,
  given: JsonObject,
  path: readonly string[],
  value: Json | undefined,
])[] = [
  ['replicas', 'Deployment', { spec: { selector, template } }, ['spec', 'replicas'], 1],
  ['replicas that are 0 stay', 'Deployment', { spec: { replicas: 0, selector, template } }, ['spec', 'replicas'], 0],
  [
    'strategy',
    'Deployment',
    { spec: { selector, template } },
    ['spec', 'strategy'],
    { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
  ],
  [
    'a strategy that recreates',
    'Deployment',
    { spec: { strategy: { type: 'Recreate' }, selector, template } },
    ['spec', 'strategy'],
    { type: 'Recreate' },
  ],
  ['deadline', 'Deployment', { spec: { selector, template } }, ['spec', 'progressDeadlineSeconds'], 600],
  ['history', 'Deployment', { spec: { selector, template } }, ['spec', 'revisionHistoryLimit'], 10],
  ['management', 'StatefulSet', { spec: { selector, template } }, ['spec', 'podManagementPolicy'], 'OrderedReady'],
  [
    'updates',
    'StatefulSet',
    { spec: { selector, template } },
    ['spec', 'updateStrategy'],
    { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  ],
  [
    'updates',
    'DaemonSet',
    { spec: { selector, template } },
    ['spec', 'updateStrategy'],
    { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  ],
  ['backoff', 'Job', { spec: { template } }, ['spec', 'backoffLimit'], 6],
  ['one completion', 'Job', { spec: { template } }, ['spec', 'completions'], 1],
  [
    'no completions beside a parallelism',
    'Job',
    { spec: { parallelism: 3, template } },
    ['spec', 'completions'],
    undefined,
  ],
  [
    'history',
    'CronJob',
    { spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } },
    ['spec', 'successfulJobsHistoryLimit'],
    3,
  ],
  [
    'concurrency',
    'CronJob',
    { spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } },
    ['spec', 'concurrencyPolicy'],
    'Allow',
  ],
  ['restarts', 'Pod', { spec: pod() }, ['spec', 'restartPolicy'], 'Always'],
  ['grace', 'Pod', { spec: pod() }, ['spec', 'terminationGracePeriodSeconds'], 30],
  ['DNS', 'Pod', { spec: pod() }, ['spec', 'dnsPolicy'], 'ClusterFirst'],
  ['scheduler', 'Pod', { spec: pod() }, ['spec', 'schedulerName'], 'default-scheduler'],
  [
    'pull policy of a tag',
    'Pod',
    { spec: pod() },
    ['spec', 'containers'],
    [
      {
        name: 'c',
        image: 'i:1',
        resources: {},
        imagePullPolicy: 'IfNotPresent',
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
      },
    ],
  ],
  ['type', 'Service', { spec: { ports: [{ port: 1 }] } }, ['spec', 'type'], 'ClusterIP'],
  ['affinity', 'Service', { spec: { ports: [{ port: 1 }] } }, ['spec', 'sessionAffinity'], 'None'],
  [
    'ports',
    'Service',
    { spec: { ports: [{ port: 80 }] } },
    ['spec', 'ports'],
    [{ port: 80, protocol: 'TCP', targetPort: 80 }],
  ],
  [
    'ports that have names',
    'Service',
    { spec: { ports: [{ port: 80, targetPort: 'http' }] } },
    ['spec', 'ports'],
    [{ port: 80, protocol: 'TCP', targetPort: 'http' }],
  ],
  ['traffic inside', 'Service', { spec: { ports: [{ port: 1 }] } }, ['spec', 'internalTrafficPolicy'], 'Cluster'],
  [
    'traffic from outside',
    'Service',
    { spec: { type: 'NodePort', ports: [{ port: 1 }] } },
    ['spec', 'externalTrafficPolicy'],
    'Cluster',
  ],
  ['type', 'Secret', {}, ['type'], 'Opaque'],
  [
    'text becomes data',
    'Secret',
    { stringData: { a: 'x' }, data: { a: 'eQ==', b: 'eg==' } },
    ['data'],
    { a: 'eA==', b: 'eg==' },
  ],
  ['text is gone', 'Secret', { stringData: { a: 'x' } }, ['stringData'], undefined],
  ['mode of volumes', 'PersistentVolumeClaim', { spec: {} }, ['spec', 'volumeMode'], 'Filesystem'],
  [
    'at least one',
    'HorizontalPodAutoscaler',
    { spec: { maxReplicas: 3, scaleTargetRef: { kind: 'D', name: 'd' } } },
    ['spec', 'minReplicas'],
    1,
  ],
  [
    'by CPU',
    'HorizontalPodAutoscaler',
    { spec: { maxReplicas: 3, scaleTargetRef: { kind: 'D', name: 'd' } } },
    ['spec', 'metrics'],
    [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
  ],
  [
    'group of the role',
    'RoleBinding',
    { roleRef: { kind: 'Role', name: 'r' } },
    ['roleRef', 'apiGroup'],
    'rbac.authorization.k8s.io',
  ],
  [
    'group of a person',
    'RoleBinding',
    { roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'User', name: 'u' }] },
    ['subjects'],
    [{ kind: 'User', name: 'u', apiGroup: 'rbac.authorization.k8s.io' }],
  ],
];
for (const [name, kind, given, path, value] of defaults) {
  test(`decodeValue: default of a ${kind}: ${name}`, () => deepEqual(at(read(kind, given), ...path), value));
}

function firstContainer(pod: Json): Json | undefined {
  const containers = at(pod, 'spec', 'containers');
  return isArray(containers) ? containers[0] : undefined;
}

for (const [image, policy] of [
  ['nginx', 'Always'],
  ['nginx:latest', 'Always'],
  ['nginx:1.27', 'IfNotPresent'],
  ['r.io:5000/nginx', 'Always'],
  ['r.io:5000/nginx:1', 'IfNotPresent'],
  ['nginx@sha256:0', 'IfNotPresent'],
] as const) {
  test(`decodeValue: ${image} is pulled ${policy}`, () => {
    const spec = read('Pod', { spec: { containers: [container({ image })] } });
    equal(at(firstContainer(spec), 'imagePullPolicy'), policy);
  });
}

test('decodeValue: probes have their periods', () => {
  const spec = read('Pod', { spec: { containers: [container({ livenessProbe: { httpGet: { port: 80 } } })] } });
  deepEqual(at(firstContainer(spec), 'livenessProbe'), {
    httpGet: { path: '/', port: 80, scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
});

for (const [given, canonical] of [
  ['1000m', '1'],
  ['0.1', '100m'],
  [2, '2'],
  [0.5, '500m'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['1e3', '1e3'],
  ['1000', '1k'],
  ['0', '0'],
  ['0.0001', '1m'],
] as const) {
  test(`decodeValue: the quantity ${given} is ${canonical}`, () => {
    const spec = read('Pod', { spec: { containers: [container({ resources: { limits: { cpu: given } } })] } });
    equal(at(firstContainer(spec), 'resources', 'limits', 'cpu'), canonical);
  });
}

test('decodeValue: empty things are left out, as the server writes them, and what it always writes is there', () => {
  const { spec, status } = read('Deployment', {
    metadata: { name: 'x', labels: {}, finalizers: [] },
    spec: {
      paused: false,
      minReadySeconds: 0,
      selector,
      template: { ...template, spec: pod({ volumes: [], nodeSelector: {} }) },
    },
  });
  deepEqual(
    [at(spec, 'paused'), at(spec, 'minReadySeconds'), at(spec, 'template', 'spec', 'volumes'), status],
    [undefined, undefined, undefined, {}],
  );
  deepEqual(at(spec, 'template', 'metadata'), { labels: { a: 'b' } });
});

test('decodeValue: times in the form of the server', () => {
  equal(
    at(
      read('ConfigMap', { metadata: { name: 'x', creationTimestamp: '2026-01-01T02:00:00.5+01:00' } }),
      'metadata',
      'creationTimestamp',
    ),
    '2026-01-01T01:00:00Z',
  );
});
