/** Pods, Jobs and CronJobs. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { healthOf } from '../../../src/core/health/health.ts';
import { condition, describe, type HealthCase, objectOf } from './table.ts';

const waiting = (reason: string, more: object = {}) => ({
  name: 'web',
  ready: false,
  state: { waiting: { reason, message: 'why' } },
  ...more,
});
const ended = (exitCode: number, reason?: string) => ({
  terminated: { exitCode, ...(reason === undefined ? {} : { reason }) },
});
const ready = condition('Ready', 'True');

const pods: readonly HealthCase[] = [
  { name: 'new', is: 'Progressing: not observed by its node yet' },
  { name: 'succeeded', status: { phase: 'Succeeded' }, is: 'Healthy' },
  {
    name: 'evicted',
    status: { phase: 'Failed', reason: 'Evicted', message: 'low on memory' },
    is: 'Degraded: Evicted: low on memory',
  },
  {
    name: 'failed, with a code',
    status: {
      phase: 'Failed',
      containerStatuses: [
        { name: 'web', state: ended(0) },
        { name: 'side', state: ended(3, 'Error') },
      ],
    },
    is: 'Degraded: side: exit code 3',
  },
  {
    name: 'failed, killed',
    status: { phase: 'Failed', initContainerStatuses: [{ name: 'init', state: ended(137, 'OOMKilled') }] },
    is: 'Degraded: init: OOMKilled, exit code 137',
  },
  { name: 'failed, for a bare reason', status: { phase: 'Failed', reason: 'NodeLost' }, is: 'Degraded: NodeLost' },
  { name: 'failed, silently', status: { phase: 'Failed' }, is: 'Degraded: failed' },
  {
    name: 'ready',
    status: { phase: 'Running', conditions: [ready], containerStatuses: [{ name: 'web', ready: true }] },
    is: 'Healthy',
  },
  {
    name: 'not ready',
    status: {
      phase: 'Running',
      conditions: [condition('Ready', 'False')],
      containerStatuses: [
        { name: 'web', ready: false },
        { name: 'side', ready: true },
      ],
    },
    is: 'Progressing: not ready: web',
  },
  {
    name: 'not ready, all containers are',
    status: { phase: 'Running', conditions: [condition('Ready', 'False')] },
    is: 'Progressing: not ready',
  },
  {
    name: 'crash loop',
    status: { phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff', { lastState: ended(1, 'Error') })] },
    is: 'Degraded: web: CrashLoopBackOff: exit code 1',
  },
  {
    name: 'crash loop, out of memory',
    status: {
      phase: 'Running',
      containerStatuses: [waiting('CrashLoopBackOff', { lastState: ended(137, 'OOMKilled') })],
    },
    is: 'Degraded: web: CrashLoopBackOff: OOMKilled, exit code 137',
  },
  {
    name: 'crash loop of an init container',
    status: {
      phase: 'Pending',
      initContainerStatuses: [waiting('CrashLoopBackOff')],
      containerStatuses: [waiting('PodInitializing')],
    },
    is: 'Degraded: web: CrashLoopBackOff: why',
  },
  {
    name: 'image pull back-off',
    status: { phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff')] },
    is: 'Degraded: web: ImagePullBackOff: why',
  },
  {
    name: 'image not pulled',
    status: { phase: 'Pending', containerStatuses: [waiting('ErrImagePull')] },
    is: 'Degraded: web: ErrImagePull: why',
  },
  {
    name: 'wrong image name',
    status: { phase: 'Pending', containerStatuses: [waiting('InvalidImageName')] },
    is: 'Degraded: web: InvalidImageName: why',
  },
  {
    name: 'missing ConfigMap',
    status: { phase: 'Pending', containerStatuses: [waiting('CreateContainerConfigError')] },
    is: 'Degraded: web: CreateContainerConfigError: why',
  },
  {
    name: 'starting',
    status: { phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] },
    is: 'Progressing: starting',
  },
  {
    name: 'unschedulable',
    status: {
      phase: 'Pending',
      conditions: [condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes are available')],
    },
    is: 'Progressing: Unschedulable: 0/3 nodes are available',
  },
  {
    name: 'gated',
    status: { phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'SchedulingGated')] },
    is: 'Progressing: SchedulingGated',
  },
  { name: 'node lost', status: { phase: 'Unknown' }, is: 'Unknown: its node does not answer' },
];
for (const row of pods)
  test(`podHealth: ${row.name}`, () => equal(describe(healthOf(objectOf('v1', 'Pod', row))), row.is));

const failed = condition('Failed', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
const jobs: readonly HealthCase[] = [
  { name: 'new', is: 'Progressing: not started yet' },
  {
    name: 'failed',
    status: { conditions: [failed] },
    is: 'Degraded: BackoffLimitExceeded: Job has reached the specified backoff limit',
  },
  {
    name: 'failing',
    status: { conditions: [condition('FailureTarget', 'True', 'DeadlineExceeded')] },
    is: 'Degraded: DeadlineExceeded',
  },
  { name: 'complete', status: { conditions: [condition('Complete', 'True')], succeeded: 1 }, is: 'Healthy' },
  { name: 'suspended', status: { conditions: [condition('Suspended', 'True')] }, is: 'Suspended: suspended' },
  { name: 'suspended, not seen yet', spec: { suspend: true }, is: 'Suspended: suspended' },
  {
    name: 'resumed',
    spec: { suspend: false },
    status: { startTime: 't', active: 1, conditions: [condition('Suspended', 'False')] },
    is: 'Progressing: 0 of 1 completed, 1 active',
  },
  {
    name: 'running',
    spec: { completions: 5, parallelism: 2 },
    status: { startTime: 't', active: 2, succeeded: 1, failed: 3 },
    is: 'Progressing: 1 of 5 completed, 2 active, 3 failed',
  },
  {
    name: 'running without completions',
    spec: { parallelism: 2 },
    status: { startTime: 't', active: 2 },
    is: 'Progressing: 0 of 2 completed, 2 active',
  },
];
for (const row of jobs)
  test(`jobHealth: ${row.name}`, () => equal(describe(healthOf(objectOf('batch/v1', 'Job', row))), row.is));

const scheduled = '2026-11-20T14:00:00Z';
const cronJobs: readonly HealthCase[] = [
  { name: 'new', is: 'Healthy' },
  { name: 'suspended', spec: { suspend: true }, is: 'Suspended: suspended' },
  { name: 'running', status: { lastScheduleTime: scheduled, active: [{ name: 'web-1' }] }, is: 'Healthy' },
  {
    name: 'succeeded',
    status: { lastScheduleTime: scheduled, lastSuccessfulTime: '2026-11-20T14:00:09Z' },
    is: 'Healthy',
  },
  {
    name: 'failed',
    status: { lastScheduleTime: scheduled, active: [], lastSuccessfulTime: '2026-11-20T13:00:09Z' },
    is: `Healthy: the run of ${scheduled} did not succeed`,
  },
  {
    name: 'failed the first time',
    status: { lastScheduleTime: scheduled },
    is: `Healthy: the run of ${scheduled} did not succeed`,
  },
];
for (const row of cronJobs) {
  test(`cronJobHealth: ${row.name}`, () => equal(describe(healthOf(objectOf('batch/v1', 'CronJob', row))), row.is));
}
