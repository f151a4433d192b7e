/** What `kubectl get` prints of an object. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import { builtinSchema, builtins } from '../../../src/sandbox/schema/builtin.ts';
import { columnsOf, rowOf } from '../../../src/sandbox/schema/columns.ts';
import { born, nowMs, rowFor } from './rows.ts';

const container = (name: string): Json => ({ name, image: `i:${name}` });
const two = { containers: [container('a'), container('b')] };
const template = { metadata: { labels: { a: 'b' } }, spec: { ...two, nodeSelector: { k: 'v' } } };
const selector = { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'z', operator: 'NotIn', values: ['y', 'x'] }] };
const rule = (host?: string): Json => (host === undefined ? { http: {} } : { host });
const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } };
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };

const rows: readonly (readonly [
  apiVersion: string,
  kind: string,
  object: JsonObject,
  cells: Readonly<Record<string, Json>>,
])[] = [
  [
    'apps/v1',
    'Deployment',
    {
      spec: { replicas: 3, selector, template },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 },
    },
    {
      Ready: '2/3',
      'Up-to-date': 3,
      Available: 1,
      Containers: 'a,b',
      Images: 'i:a,i:b',
      Selector: 'a=b,z notin (x,y)',
    },
  ],
  [
    'apps/v1',
    'ReplicaSet',
    { spec: { replicas: 3, template }, status: { replicas: 2 } },
    { Desired: 3, Current: 2, Ready: 0, Selector: '<none>' },
  ],
  [
    'apps/v1',
    'StatefulSet',
    { spec: { replicas: 3, template }, status: { readyReplicas: 1 } },
    { Ready: '1/3', Age: '60m' },
  ],
  [
    'apps/v1',
    'DaemonSet',
    { spec: { template }, status: { desiredNumberScheduled: 4, numberReady: 2 } },
    { Desired: 4, Current: 0, Ready: 2, 'Node Selector': 'k=v' },
  ],
  [
    'batch/v1',
    'Job',
    { spec: { completions: 3, template }, status: { succeeded: 1, startTime: '2026-01-01T00:58:30Z' } },
    { Status: 'Running', Completions: '1/3', Duration: '90s' },
  ],
  [
    'batch/v1',
    'Job',
    {
      spec: { parallelism: 2, template },
      status: {
        conditions: [{ type: 'Failed', status: 'True' }],
        startTime: born,
        completionTime: '2026-01-01T00:05:30Z',
      },
    },
    { Status: 'Failed', Completions: '0/1 of 2', Duration: '5m30s' },
  ],
  [
    'batch/v1',
    'CronJob',
    {
      spec: { schedule: '* * * * *', suspend: false, jobTemplate: { spec: { template } } },
      status: { active: [{}], lastScheduleTime: born },
    },
    { Schedule: '* * * * *', Timezone: '<none>', Suspend: 'False', Active: 1, 'Last Schedule': '60m' },
  ],
  [
    'v1',
    'Service',
    {
      spec: {
        type: 'NodePort',
        clusterIPs: ['10.0.0.1'],
        ports: [
          { port: 80, nodePort: 30_080, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
        selector: { a: 'b' },
      },
    },
    { 'Cluster-IP': '10.0.0.1', 'External-IP': '<none>', 'Port(s)': '80:30080/TCP,53/UDP', Selector: 'a=b' },
  ],
  [
    'v1',
    'Service',
    { spec: { type: 'LoadBalancer' } },
    { 'Cluster-IP': '<none>', 'External-IP': '<pending>', 'Port(s)': '<none>' },
  ],
  [
    'v1',
    'Service',
    { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip: '9.9.9.9' }, { hostname: 'b.c' }] } } },
    { 'External-IP': '9.9.9.9,b.c' },
  ],
  ['v1', 'Service', { spec: { type: 'ExternalName', externalName: 'x.y' } }, { 'External-IP': 'x.y' }],
  [
    'networking.k8s.io/v1',
    'Ingress',
    { spec: { rules: [rule('a'), rule('b'), rule('c'), rule('d')], tls: [{}] } },
    { Class: '<none>', Hosts: 'a,b,c + 1 more...', Ports: '80, 443' },
  ],
  [
    'networking.k8s.io/v1',
    'Ingress',
    { spec: { rules: [rule()] }, status: { loadBalancer: { ingress: [{ ip: '9.9.9.9' }] } } },
    { Hosts: '*', Address: '9.9.9.9', Ports: '80' },
  ],
  [
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    {
      spec: { scaleTargetRef: target, maxReplicas: 5, metrics: [cpu] },
      status: {
        currentReplicas: 2,
        currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 30 } } }],
      },
    },
    { Reference: 'Deployment/d', Targets: 'cpu: 30%/70%', MinPods: '<unset>', MaxPods: 5, Replicas: 2 },
  ],
  [
    'autoscaling/v1',
    'HorizontalPodAutoscaler',
    { spec: { scaleTargetRef: target, maxReplicas: 5, minReplicas: 1, targetCPUUtilizationPercentage: 50 } },
    { Targets: 'cpu: <unknown>/50%', MinPods: '1' },
  ],
  [
    'policy/v1',
    'PodDisruptionBudget',
    { spec: { maxUnavailable: '10%' }, status: { disruptionsAllowed: 2 } },
    { 'Min Available': 'N/A', 'Max Unavailable': '10%', 'Allowed Disruptions': 2 },
  ],
  [
    'v1',
    'PersistentVolumeClaim',
    {
      spec: { volumeName: 'v', storageClassName: 's', volumeMode: 'Block' },
      status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany', 'ReadWriteOnce'] },
    },
    {
      Status: 'Bound',
      Volume: 'v',
      Capacity: '1Gi',
      'Access Modes': 'RWO,RWX',
      StorageClass: 's',
      VolumeMode: 'Block',
    },
  ],
  [
    'v1',
    'PersistentVolumeClaim',
    { spec: {}, status: { phase: 'Pending' } },
    { Status: 'Pending', Volume: '', Capacity: '', VolumeMode: '<unset>' },
  ],
  [
    'v1',
    'PersistentVolume',
    { spec: { capacity: { storage: '1Gi' }, claimRef: { namespace: 'n', name: 'c' } }, status: { phase: 'Bound' } },
    { Capacity: '1Gi', Claim: 'n/c', Status: 'Bound' },
  ],
  [
    'v1',
    'Node',
    {
      metadata: { labels: { 'node-role.kubernetes.io/worker': '', 'kubernetes.io/role': 'edge' } },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: 'Ready', status: 'False' }],
        addresses: [{ type: 'InternalIP', address: '1.1.1.1' }],
        nodeInfo: { kubeletVersion: 'v1' },
      },
    },
    {
      Status: 'NotReady,SchedulingDisabled',
      Roles: 'edge,worker',
      Version: 'v1',
      'Internal-IP': '1.1.1.1',
      'External-IP': '<none>',
      'OS-Image': '<unknown>',
    },
  ],
  ['v1', 'Namespace', { status: { phase: 'Active' } }, { Status: 'Active', Age: '60m' }],
  ['v1', 'ConfigMap', { data: { a: '', b: '' }, binaryData: { c: '' } }, { Data: 3 }],
  ['v1', 'Secret', { type: 'Opaque', data: { a: '' } }, { Type: 'Opaque', Data: 1 }],
  ['v1', 'ServiceAccount', {}, { Name: 'it', Age: '60m' }],
  [
    'v1',
    'Event',
    {
      type: 'Normal',
      reason: 'R',
      message: ' hi\n',
      involvedObject: { kind: 'Pod', name: 'p' },
      firstTimestamp: born,
      lastTimestamp: '2026-01-01T00:59:00Z',
      count: 3,
      source: { component: 'c', host: 'h' },
    },
    { 'Last Seen': '60s', Object: 'pod/p', Message: 'hi', Source: 'c, h', 'First Seen': '60m', Count: 3 },
  ],
  [
    'events.k8s.io/v1',
    'Event',
    {
      type: 'Normal',
      reason: 'R',
      note: 'hi',
      regarding: { kind: 'Pod', name: 'p' },
      eventTime: born,
      reportingController: 'c',
    },
    { 'Last Seen': '60m', Object: 'pod/p', Message: 'hi', Source: 'c', Count: 1 },
  ],
  [
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    {
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'User', name: 'v' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    },
    { Role: 'Role/r', Users: 'u, v', Groups: '', ServiceAccounts: 'n/s' },
  ],
  ['rbac.authorization.k8s.io/v1', 'Role', {}, { 'Created At': born }],
  [
    'v1',
    'ResourceQuota',
    { status: { hard: { pods: '5', 'limits.cpu': '2' }, used: { pods: '1' } } },
    { Request: 'pods: 1/5', Limit: 'limits.cpu: 0/2' },
  ],
  [
    'discovery.k8s.io/v1',
    'EndpointSlice',
    {
      addressType: 'IPv4',
      ports: [{ port: 80 }],
      endpoints: [{ addresses: ['1'] }, { addresses: ['2'] }, { addresses: ['3'] }, { addresses: ['4'] }],
    },
    { Ports: '80', Endpoints: '1,2,3 + 1 more...' },
  ],
  [
    'storage.k8s.io/v1',
    'StorageClass',
    { metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }, provisioner: 'p' },
    { Name: 'it (default)', ReclaimPolicy: 'Delete', AllowVolumeExpansion: false },
  ],
];
for (const [apiVersion, kind, object, cells] of rows) {
  test(`rowOf: ${kind} of ${JSON.stringify(cells)}`, () => {
    const row = rowFor(apiVersion, kind, object);
    deepEqual(Object.fromEntries(Object.keys(cells).map((name) => [name, row[name]])), cells);
  });
}

test('columnsOf: a cell for each column of each kind, whatever an object lacks', () => {
  const listed = builtins.resources.filter(({ verbs }) => verbs.includes('list'));
  ok(listed.length > 60);
  for (const { group, version, kind } of listed) {
    const schema = builtinSchema(group === '' ? version : `${group}/${version}`, kind)!;
    const cells = rowOf(schema, { apiVersion: schema.apiVersion, kind, metadata: { name: 'it' } }, nowMs);
    equal(cells.length, columnsOf(schema).length, kind);
  }
});
