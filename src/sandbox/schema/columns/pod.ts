/** The row of a pod: its status is a story told by its containers. */
import { at, type Json, type JsonObject } from '../../../core/json/value.ts';
import { ageOf, type Cells, conditionOf, listAt, nameOf, none, numberAt, sinceText, textAt } from './cell-text.ts';

/** What the containers have told so far. */
type Story = {
  readonly reason: string;
  readonly ready: number;
  readonly restarts: number;
  /** RFC 3339, empty: none has restarted. */
  readonly restartedAt: string;
  readonly isInitializing: boolean;
};

export const podCells: Cells = (pod, nowMs) => {
  const inits = listAt(pod, 'spec', 'initContainers');
  const story = told(pod);
  const total = listAt(pod, 'spec', 'containers').length + inits.filter(isSidecar).length;
  const since = story.restarts > 0 && story.restartedAt !== '' ? ` (${sinceText(story.restartedAt, nowMs)} ago)` : '';
  return [
    nameOf(pod),
    `${story.ready}/${total}`,
    reasonOf(pod, story),
    `${story.restarts}${since}`,
    ageOf(pod, nowMs),
    textAt(listAt(pod, 'status', 'podIPs')[0], 'ip') || none,
    textAt(pod, 'spec', 'nodeName') || none,
    textAt(pod, 'status', 'nominatedNodeName') || none,
    gatesOf(pod),
  ];
};

// A sidecar is an init container that keeps running.
const isSidecar = (container: Json | undefined): boolean => textAt(container, 'restartPolicy') === 'Always';

function reasonOf(pod: JsonObject, { reason }: Story): string {
  if (at(pod, 'metadata', 'deletionTimestamp') === undefined) return reason;
  if (textAt(pod, 'status', 'reason') === 'NodeLost') return 'Unknown';
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase')) ? reason : 'Terminating';
}

function told(pod: JsonObject): Story {
  const isGated = textAt(conditionOf(pod, 'PodScheduled'), 'reason') === 'SchedulingGated';
  const phase = textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase');
  const start = {
    reason: isGated ? 'SchedulingGated' : phase,
    ready: 0,
    restarts: 0,
    restartedAt: '',
    isInitializing: false,
  };
  const initial = toldByInits(pod, start);
  const isInitialized = textAt(conditionOf(pod, 'Initialized'), 'status') === 'True';
  return initial.isInitializing && !isInitialized ? initial : toldByContainers(pod, initial);
}

function toldByInits(pod: JsonObject, start: Story): Story {
  const specs = listAt(pod, 'spec', 'initContainers');
  const specOf = (status: Json): Json | undefined =>
    specs.find((spec) => textAt(spec, 'name') === textAt(status, 'name'));
  let story = start;
  for (const [index, status] of listAt(pod, 'status', 'initContainerStatuses').entries()) {
    story = restarted(story, status);
    const ended = at(status, 'state', 'terminated');
    if (ended !== undefined && numberAt(ended, 'exitCode') === 0) continue;
    if (isSidecar(specOf(status)) && at(status, 'started') === true) {
      story = { ...story, ready: story.ready + (at(status, 'ready') === true ? 1 : 0) };
      continue;
    }
    const waiting = textAt(status, 'state', 'waiting', 'reason');
    const why =
      ended !== undefined
        ? endText(ended)
        : waiting !== '' && waiting !== 'PodInitializing'
          ? waiting
          : `${index}/${specs.length}`;
    return { ...story, reason: `Init:${why}`, isInitializing: true };
  }
  return story;
}

function toldByContainers(pod: JsonObject, initial: Story): Story {
  const sidecars = new Set(
    listAt(pod, 'spec', 'initContainers')
      .filter(isSidecar)
      .map((container) => textAt(container, 'name')),
  );
  const running = listAt(pod, 'status', 'initContainerStatuses').filter((one) => sidecars.has(textAt(one, 'name')));
  // Once a pod runs, only the restarts of what keeps running count.
  let story = running.reduce<Story>(restarted, { ...initial, restarts: 0, restartedAt: '' });
  let hasRunning = false;
  let failure = '';
  for (const status of listAt(pod, 'status', 'containerStatuses').toReversed()) {
    story = restarted(story, status);
    const waiting = textAt(status, 'state', 'waiting', 'reason');
    const ended = at(status, 'state', 'terminated');
    if (waiting !== '') story = { ...story, reason: waiting };
    else if (ended !== undefined) {
      story = { ...story, reason: endText(ended) };
      if (numberAt(ended, 'exitCode') !== 0) failure = story.reason;
    } else if (at(status, 'ready') === true && at(status, 'state', 'running') !== undefined) {
      hasRunning = true;
      story = { ...story, ready: story.ready + 1 };
    }
  }
  if (story.reason !== 'Completed') return story;
  const isReady = textAt(conditionOf(pod, 'Ready'), 'status') === 'True';
  if (hasRunning && isReady) return { ...story, reason: 'Running' };
  if (failure !== '') return { ...story, reason: failure };
  return hasRunning ? { ...story, reason: 'NotReady' } : story;
}

function endText(ended: Json): string {
  const signal = numberAt(ended, 'signal');
  const code = signal === 0 ? `ExitCode:${numberAt(ended, 'exitCode')}` : `Signal:${signal}`;
  return textAt(ended, 'reason') || code;
}

function restarted(story: Story, status: Json): Story {
  const endedAt = textAt(status, 'lastState', 'terminated', 'finishedAt');
  return {
    ...story,
    restarts: story.restarts + numberAt(status, 'restartCount'),
    restartedAt: endedAt > story.restartedAt ? endedAt : story.restartedAt,
  };
}

function gatesOf(pod: JsonObject): string {
  const gates = listAt(pod, 'spec', 'readinessGates');
  if (gates.length === 0) return none;
  const open = gates.filter((gate) => textAt(conditionOf(pod, textAt(gate, 'conditionType')), 'status') === 'True');
  return `${open.length}/${gates.length}`;
}
