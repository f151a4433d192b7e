/** A pretend scheduler and kubelet: pods are placed, become ready after a while, or say why not, and leave when told. */
import { at, isObject, type JsonObject, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { withParts } from '../registry/objects.ts';
import { overwrite } from '../registry/update.ts';
import { timeOf } from '../registry/world.ts';
import type { SandboxSettings } from '../settings.ts';
import type { Entry } from '../store/entry.ts';
import { type Actor, isGoing } from './actor.ts';
import { conditionsWith } from './conditions.ts';
import { tell } from './events.ts';
import { type Controller, type Key, ownKey } from './loop.ts';
import { type Fate, fateOf, generationOf, listAt, specOf, statusOf } from './templates.ts';

const place = 'pods';
type Timing = Pick<SandboxSettings, 'podReadyMs' | 'podStopMs'>;

/** `kubelet` writes as the kubelet does; placing is nobody's field. */
export function podController(kubelet: Actor, timing: Timing): Controller {
  const { world } = kubelet;
  const due = new Map<string, number>();
  let placed = 0;

  const waitUntil = (key: string, durationMs: number): number => {
    const at = due.get(key) ?? world.clock.nowMs() + durationMs;
    due.set(key, at);
    return at - world.clock.nowMs();
  };
  const readyIn = (): number => {
    const { min, max } = timing.podReadyMs;
    return min + (max - min) * world.rng.next();
  };
  const start = (live: Entry, pod: KubeObject): number | undefined => {
    const fate = fateOf(specOf(pod));
    const phase = at(pod, 'status', 'phase');
    const isFirst = at(pod, 'status', 'startTime') === undefined;
    const started = isFirst ? kubelet.setStatus(place, live, startingStatus(kubelet, pod)) : live;
    if (phase === 'Succeeded' || phase === 'Failed') return undefined;
    const wait = waitUntil(live.uid, due.has(live.uid) ? 0 : readyIn());
    if (wait > 0) return wait;
    const before = kubelet.read(started);
    const next = kubelet.setStatus(place, started, settledStatus(kubelet, before, fate));
    if (next.revision !== started.revision) tellOf(kubelet, before, fate);
    return undefined;
  };
  const reconcile = (key: Key): number | undefined => {
    const live = kubelet.get(place, key);
    if (live === undefined) return undefined;
    const pod = kubelet.read(live);
    if (isGoing(pod)) {
      const wait = waitUntil(`${live.uid} stop`, timing.podStopMs);
      if (wait > 0) return wait;
      kubelet.remove(place, live, { uid: live.uid, gracePeriodSeconds: 0 });
      return undefined;
    }
    if ((textOf(at(pod, 'spec', 'nodeName')) ?? '') !== '') return start(live, pod);
    const nodes = world.store.list('nodes');
    const node = nodes[placed % Math.max(nodes.length, 1)];
    if (node === undefined) return undefined;
    placed += 1;
    overwrite(world, place, live, placedOn(kubelet, pod, node.name));
    return undefined;
  };
  const keysOf: Controller['keysOf'] = (change) => {
    if (change.current !== undefined) return ownKey(change);
    due.delete(change.last.uid);
    due.delete(`${change.last.uid} stop`);
    return [];
  };
  return { name: 'pods', places: [place], keysOf, reconcile };
}

function tellOf(kubelet: Actor, pod: KubeObject, fate: Fate): void {
  const image = textOf(listAt(pod, 'spec', 'containers')[0]?.image) ?? '';
  const said = {
    runs: { type: 'Normal', reason: 'Started', message: 'Started container' },
    cannotPull: { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": not found` },
    crashes: { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' },
  } as const;
  tell(kubelet, { about: pod, ...said[fate], component: 'kubelet' });
}

const nowOf = ({ world }: Actor): string => timeOf(world.clock.nowMs());

function placedOn(kubelet: Actor, pod: KubeObject, nodeName: string): KubeObject {
  const status = statusOf(pod);
  const scheduled = { type: 'PodScheduled', status: 'True', reason: '', message: '' } as const;
  const conditions = conditionsOf(kubelet, pod, [scheduled]);
  return withParts(pod, { spec: { ...specOf(pod), nodeName }, status: { ...status, conditions } });
}

/** Sets conditions as the kubelet writes them: no reason where all is well. */
function conditionsOf(
  kubelet: Actor,
  pod: KubeObject,
  wanted: readonly {
    readonly type: string;
    readonly status: 'True' | 'False';
    readonly reason: string;
    readonly message: string;
  }[],
): readonly JsonObject[] {
  const extra = { observedGeneration: generationOf(pod), lastProbeTime: null };
  const all = wanted.reduce(
    (conditions, condition) => conditionsWith(conditions, condition, nowOf(kubelet), extra),
    listAt(pod, 'status', 'conditions'),
  );
  return all.map(({ reason, message, ...rest }) => ({
    ...rest,
    ...(reason === '' || reason === undefined ? {} : { reason }),
    ...(message === '' || message === undefined ? {} : { message }),
  }));
}

const unready = (names: string) =>
  ({ status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: [${names}]` }) as const;
const well = { status: 'True', reason: '', message: '' } as const;

function namesOf(pod: KubeObject): string {
  return listAt(pod, 'spec', 'containers')
    .map(({ name }) => textOf(name) ?? '')
    .join(' ');
}

function startingStatus(kubelet: Actor, pod: KubeObject): JsonObject {
  const names = namesOf(pod);
  return {
    ...statusOf(pod),
    phase: 'Pending',
    observedGeneration: generationOf(pod),
    startTime: nowOf(kubelet),
    hostIP: '192.0.2.1',
    hostIPs: [{ ip: '192.0.2.1' }],
    qosClass: textOf(at(pod, 'status', 'qosClass')) ?? 'BestEffort',
    conditions: conditionsOf(kubelet, pod, [
      { type: 'PodReadyToStartContainers', ...well, status: 'False' },
      { type: 'Initialized', ...well },
      { type: 'Ready', ...unready(names) },
      { type: 'ContainersReady', ...unready(names) },
    ]),
    containerStatuses: containerStatuses(pod, { waiting: { reason: 'ContainerCreating' } }, 'starting'),
  };
}

/** What becomes of the pod once its containers were tried. */
function settledStatus(kubelet: Actor, pod: KubeObject, fate: Fate): JsonObject {
  const names = namesOf(pod);
  const now = nowOf(kubelet);
  const isTask = at(pod, 'spec', 'restartPolicy') !== 'Always';
  const ip = addressOf(kubelet, pod);
  const base = { ...statusOf(pod), podIP: ip, podIPs: [{ ip }], observedGeneration: generationOf(pod) };
  const conditions = (ready: typeof well | ReturnType<typeof unready>): readonly JsonObject[] =>
    conditionsOf(kubelet, pod, [
      { type: 'PodReadyToStartContainers', ...well },
      { type: 'Ready', ...ready },
      { type: 'ContainersReady', ...ready },
    ]);
  if (fate === 'cannotPull') {
    const image = textOf(listAt(pod, 'spec', 'containers')[0]?.image) ?? '';
    const waiting = { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` };
    return {
      ...base,
      conditions: conditions(unready(names)),
      containerStatuses: containerStatuses(pod, { waiting }, 'starting'),
    };
  }
  if (isTask) {
    const exitCode = fate === 'crashes' ? 1 : 0;
    const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: now, finishedAt: now };
    return {
      ...base,
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      conditions: conditions(unready(names)),
      containerStatuses: containerStatuses(pod, { terminated }, 'ended'),
    };
  }
  if (fate === 'crashes') {
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' };
    return {
      ...base,
      phase: 'Running',
      conditions: conditions(unready(names)),
      containerStatuses: containerStatuses(pod, { waiting }, 'crashed'),
    };
  }
  return {
    ...base,
    phase: 'Running',
    conditions: conditions(well),
    containerStatuses: containerStatuses(pod, { running: { startedAt: now } }, 'running'),
  };
}

function containerStatuses(
  pod: KubeObject,
  state: JsonObject,
  how: 'starting' | 'running' | 'crashed' | 'ended',
): readonly JsonObject[] {
  return listAt(pod, 'spec', 'containers').map((container) => ({
    name: container.name ?? '',
    image: container.image ?? '',
    imageID: how === 'starting' ? '' : `sandbox://${textOf(container.image) ?? ''}`,
    ready: how === 'running',
    started: how === 'running',
    restartCount: how === 'crashed' ? 3 : 0,
    state,
    lastState: {},
    ...(isObject(container.resources) ? { resources: container.resources } : {}),
  }));
}

/** A pod keeps its address. */
function addressOf(kubelet: Actor, pod: KubeObject): string {
  const there = textOf(at(pod, 'status', 'podIP'));
  if (there !== undefined) return there;
  const [a = 0, b = 0] = kubelet.world.rng.bytes(2);
  return `10.244.${a}.${b}`;
}
