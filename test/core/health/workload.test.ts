import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { healthOf } from '../../../src/core/health/health.ts';
import { condition, describe, type HealthCase, objectOf } from './table.ts';

const seen = { observedGeneration: 2 };
const quota = condition('ReplicaFailure', 'True', 'FailedCreate', 'exceeded quota');

const deployments: readonly HealthCase[] = [
  { name: 'paused', spec: { paused: true, replicas: 3 }, is: 'Suspended: paused' },
  { name: 'new', spec: { replicas: 3 }, is: 'Progressing: not observed by its controller yet' },
  {
    name: 'changed',
    status: { observedGeneration: 1 },
    is: 'Progressing: generation 2 not observed by its controller yet',
  },
  {
    name: 'past its deadline',
    spec: { replicas: 3 },
    status: {
      ...seen,
      replicas: 3,
      updatedReplicas: 3,
      availableReplicas: 1,
      conditions: [
        condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'ReplicaSet "web-1" has timed out progressing.'),
      ],
    },
    is: 'Degraded: 1 of 3 replicas available: ProgressDeadlineExceeded: ReplicaSet "web-1" has timed out progressing.',
  },
  {
    name: 'no progress for another reason',
    spec: { replicas: 1 },
    status: {
      ...seen,
      replicas: 1,
      updatedReplicas: 1,
      conditions: [condition('Progressing', 'False', 'ReplicaSetCreateError')],
    },
    is: 'Progressing: 0 of 1 replicas available',
  },
  {
    name: 'updating',
    spec: { replicas: 3 },
    status: { ...seen, replicas: 4, updatedReplicas: 2, availableReplicas: 3 },
    is: 'Progressing: 2 of 3 replicas updated',
  },
  {
    name: 'refused by a quota',
    spec: { replicas: 2 },
    status: { ...seen, conditions: [quota] },
    is: 'Progressing: 0 of 2 replicas updated: FailedCreate: exceeded quota',
  },
  {
    name: 'one old Pod',
    spec: { replicas: 3 },
    status: { ...seen, replicas: 4, updatedReplicas: 3, availableReplicas: 3 },
    is: 'Progressing: 1 old replica still there',
  },
  {
    name: 'old Pods',
    spec: { replicas: 3 },
    status: { ...seen, replicas: 5, updatedReplicas: 3, availableReplicas: 3 },
    is: 'Progressing: 2 old replicas still there',
  },
  {
    name: 'scaling down',
    spec: { replicas: 1 },
    status: { ...seen, replicas: 3, updatedReplicas: 3, availableReplicas: 1 },
    is: 'Progressing: 2 more than 1 replicas still there',
  },
  {
    name: 'not available',
    spec: { replicas: 3 },
    status: { ...seen, replicas: 3, updatedReplicas: 3, availableReplicas: 2 },
    is: 'Progressing: 2 of 3 replicas available',
  },
  {
    name: 'complete',
    spec: { replicas: 3 },
    status: { ...seen, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 },
    is: 'Healthy',
  },
  {
    name: 'complete, one by default',
    spec: {},
    status: { ...seen, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
    is: 'Healthy',
  },
  { name: 'of zero', spec: { replicas: 0 }, status: seen, is: 'Healthy' },
  { name: 'observed beyond its generation', spec: { replicas: 0 }, status: { observedGeneration: 3 }, is: 'Healthy' },
];
for (const row of deployments) {
  test(`deploymentHealth: ${row.name}`, () =>
    equal(describe(healthOf(objectOf('apps/v1', 'Deployment', row))), row.is));
}

const replicaSets: readonly HealthCase[] = [
  { name: 'new', is: 'Progressing: not observed by its controller yet' },
  {
    name: 'starting',
    spec: { replicas: 2 },
    status: { ...seen, replicas: 2, availableReplicas: 1 },
    is: 'Progressing: 1 of 2 replicas available',
  },
  {
    name: 'refused',
    spec: { replicas: 2 },
    status: { ...seen, conditions: [quota] },
    is: 'Progressing: 0 of 2 replicas available: FailedCreate: exceeded quota',
  },
  {
    name: 'scaling down',
    spec: { replicas: 1 },
    status: { ...seen, replicas: 2, availableReplicas: 2 },
    is: 'Progressing: 1 more than 1 replicas still there',
  },
  { name: 'complete', spec: { replicas: 1 }, status: { ...seen, replicas: 1, availableReplicas: 1 }, is: 'Healthy' },
];
for (const row of replicaSets) {
  test(`replicaSetHealth: ${row.name}`, () =>
    equal(describe(healthOf(objectOf('apps/v1', 'ReplicaSet', row))), row.is));
  test(`replicaSetHealth: ReplicationController ${row.name}`, () =>
    equal(describe(healthOf(objectOf('v1', 'ReplicationController', row))), row.is));
}

const up = { ...seen, replicas: 3, readyReplicas: 3, availableReplicas: 3, currentRevision: 'a', updateRevision: 'a' };
const rolling = { ...up, updateRevision: 'b' };
const partition = (first: number) => ({ type: 'RollingUpdate', rollingUpdate: { partition: first } });
const statefulSets: readonly HealthCase[] = [
  { name: 'new', spec: { replicas: 3 }, is: 'Progressing: not observed by its controller yet' },
  {
    name: 'starting',
    spec: { replicas: 3 },
    status: { ...up, readyReplicas: 1 },
    is: 'Progressing: 1 of 3 replicas ready',
  },
  {
    name: 'starting in parallel',
    spec: { replicas: 3, podManagementPolicy: 'Parallel' },
    status: { ...up, readyReplicas: 1 },
    is: 'Progressing: 1 of 3 replicas ready',
  },
  {
    name: 'ready, not yet for long enough',
    spec: { replicas: 3, minReadySeconds: 30 },
    status: { ...up, availableReplicas: 2 },
    is: 'Progressing: 2 of 3 replicas available',
  },
  {
    name: 'of a server that does not count available ones',
    spec: { replicas: 3 },
    status: { ...seen, replicas: 3, readyReplicas: 3 },
    is: 'Healthy',
  },
  { name: 'scaling down', spec: { replicas: 2 }, status: up, is: 'Progressing: 1 more than 2 replicas still there' },
  { name: 'complete', spec: { replicas: 3 }, status: up, is: 'Healthy' },
  {
    name: 'rolling',
    spec: { replicas: 3 },
    status: { ...rolling, updatedReplicas: 1 },
    is: 'Progressing: 1 of 3 replicas updated',
  },
  {
    name: 'rolled, revision to follow',
    spec: { replicas: 3 },
    status: { ...rolling, updatedReplicas: 3 },
    is: 'Progressing: 3 of 3 replicas updated',
  },
  {
    name: 'rolling to a partition',
    spec: { replicas: 3, updateStrategy: partition(1) },
    status: { ...rolling, updatedReplicas: 1 },
    is: 'Progressing: 1 of 2 replicas updated',
  },
  {
    name: 'rolled to a partition',
    spec: { replicas: 3, updateStrategy: partition(2) },
    status: { ...rolling, updatedReplicas: 1 },
    is: 'Healthy: 1 of 3 replicas updated, up to partition 2',
  },
  {
    name: 'partition beyond the last',
    spec: { replicas: 3, updateStrategy: partition(9) },
    status: rolling,
    is: 'Healthy: 0 of 3 replicas updated, up to partition 9',
  },
  {
    name: 'OnDelete',
    spec: { replicas: 3, updateStrategy: { type: 'OnDelete' } },
    status: { ...rolling, updatedReplicas: 1 },
    is: 'Healthy: 1 of 3 Pods updated; OnDelete leaves the others until they are deleted',
  },
  {
    name: 'OnDelete, a Pod down',
    spec: { replicas: 3, updateStrategy: { type: 'OnDelete' } },
    status: { ...rolling, readyReplicas: 2 },
    is: 'Progressing: 2 of 3 replicas ready',
  },
];
for (const row of statefulSets) {
  test(`statefulSetHealth: ${row.name}`, () =>
    equal(describe(healthOf(objectOf('apps/v1', 'StatefulSet', row))), row.is));
}

const daemonSets: readonly HealthCase[] = [
  { name: 'new', is: 'Progressing: not observed by its controller yet' },
  {
    name: 'rolling',
    status: { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 1, numberAvailable: 3 },
    is: 'Progressing: 1 of 3 Pods updated',
  },
  {
    name: 'not available',
    status: { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 },
    is: 'Progressing: 2 of 3 Pods available',
  },
  {
    name: 'complete',
    status: { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 },
    is: 'Healthy',
  },
  { name: 'without nodes', status: seen, is: 'Healthy' },
  {
    name: 'OnDelete',
    spec: { updateStrategy: { type: 'OnDelete' } },
    status: { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 1, numberAvailable: 3 },
    is: 'Healthy: 1 of 3 Pods updated; OnDelete leaves the others until they are deleted',
  },
];
for (const row of daemonSets) {
  test(`daemonSetHealth: ${row.name}`, () => equal(describe(healthOf(objectOf('apps/v1', 'DaemonSet', row))), row.is));
}
