/** What `kubectl get pods` prints: the story that the containers tell. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import { born, rowFor } from './rows.ts';

const container = (name: string): Json => ({ name, image: `i:${name}` });
const status = (name: string, more: JsonObject): Json => ({ name, ready: false, restartCount: 0, ...more });
const running = { running: {} };
const ended = (exitCode: number, more: JsonObject = {}): JsonObject => ({ terminated: { exitCode, ...more } });
const two = { containers: [container('a'), container('b')] };
const started = (more: JsonObject = {}): Json => status('a', { ready: true, state: running, ...more });

const pods: readonly (readonly [
  name: string,
  spec: JsonObject,
  status: JsonObject,
  ready: string,
  shown: string,
  restarts: string,
  metadata?: JsonObject,
])[] = [
  ['nothing known', two, {}, '0/2', '', '0'],
  ['runs', two, { phase: 'Running', containerStatuses: [started(), started()] }, '2/2', 'Running', '0'],
  [
    'ran into errors',
    two,
    {
      phase: 'Running',
      containerStatuses: [
        started({ restartCount: 2, lastState: ended(1, { finishedAt: '2026-01-01T00:57:00Z' }) }),
        status('b', { state: { waiting: { reason: 'CrashLoopBackOff' } }, restartCount: 5 }),
      ],
    },
    '1/2',
    'CrashLoopBackOff',
    '7 (3m ago)',
  ],
  [
    'ended well',
    two,
    { phase: 'Succeeded', containerStatuses: [status('a', { state: ended(0, { reason: 'Completed' }) })] },
    '0/2',
    'Completed',
    '0',
  ],
  [
    'ended in part',
    two,
    { phase: 'Running', containerStatuses: [status('a', { state: ended(0, { reason: 'Completed' }) }), started()] },
    '1/2',
    'NotReady',
    '0',
  ],
  [
    'ended in part, and is ready',
    two,
    {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [status('a', { state: ended(0, { reason: 'Completed' }) }), started()],
    },
    '1/2',
    'Running',
    '0',
  ],
  [
    'was killed',
    two,
    { phase: 'Failed', containerStatuses: [status('a', { state: ended(137, { signal: 9 }) })] },
    '0/2',
    'Signal:9',
    '0',
  ],
  ['failed', two, { phase: 'Failed', containerStatuses: [status('a', { state: ended(2) })] }, '0/2', 'ExitCode:2', '0'],
  ['was evicted', two, { phase: 'Failed', reason: 'Evicted' }, '0/2', 'Evicted', '0'],
  [
    'is held back',
    two,
    { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
    '0/2',
    'SchedulingGated',
    '0',
  ],
  [
    'begins',
    { ...two, initContainers: [container('x'), container('y')] },
    {
      phase: 'Pending',
      initContainerStatuses: [
        status('x', { state: ended(0) }),
        status('y', { state: { waiting: { reason: 'PodInitializing' } } }),
      ],
    },
    '0/2',
    'Init:1/2',
    '0',
  ],
  [
    'cannot begin',
    { ...two, initContainers: [container('x')] },
    { phase: 'Pending', initContainerStatuses: [status('x', { state: ended(3), restartCount: 4 })] },
    '0/2',
    'Init:ExitCode:3',
    '4',
  ],
  [
    'has a sidecar',
    { ...two, initContainers: [{ name: 'x', image: 'i', restartPolicy: 'Always' }] },
    {
      phase: 'Running',
      initContainerStatuses: [status('x', { state: running, started: true, ready: true, restartCount: 1 })],
      containerStatuses: [started()],
    },
    '2/3',
    'Running',
    '1',
  ],
  [
    'is on its way out',
    two,
    { phase: 'Running', containerStatuses: [started()] },
    '1/2',
    'Terminating',
    '0',
    { deletionTimestamp: born },
  ],
  ['is lost', two, { phase: 'Running', reason: 'NodeLost' }, '0/2', 'Unknown', '0', { deletionTimestamp: born }],
];
for (const [name, spec, reported, ready, shown, restarts, metadata = {}] of pods) {
  test(`rowOf: a pod that ${name}`, () => {
    const row = rowFor('v1', 'Pod', { spec, status: reported, metadata });
    deepEqual([row.Name, row.Ready, row.Status, row.Restarts, row.Age], ['it', ready, shown, restarts, '60m']);
  });
}
