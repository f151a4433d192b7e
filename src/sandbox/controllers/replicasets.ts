/** ReplicaSets: as many pods of one template as asked for. */
import { at, type JsonObject, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Entry } from '../store/entry.ts';
import { type Actor, isGoing } from './actor.ts';
import { conditionOf } from './conditions.ts';
import { type Controller, type Key, ownKey } from './loop.ts';
import { generationOf, listAt, numberAt, podFrom, replicasOf, templateOf } from './templates.ts';

const place = 'replicasets.apps';
/** No real controller makes more at a time, either. */
const burst = 500;

export function replicaSetController(actor: Actor): Controller {
  return {
    name: 'replicasets',
    places: [place, 'pods'],
    keysOf: keysOfOwners(actor, place),
    reconcile: (key) => reconcile(actor, key),
  };
}

/** For a controller of pods: its own objects, and the owners of pods that change. */
export const keysOfOwners =
  ({ world }: Actor, of: string, owned = 'pods'): Controller['keysOf'] =>
  (change) => {
    if (change.resource !== owned) return ownKey(change);
    const { last } = change;
    const references = listAt(world.store.read(change.current ?? last), 'metadata', 'ownerReferences');
    const kind = world.kinds.at(of)?.schema.kind;
    return references.flatMap((reference) =>
      reference.kind === kind ? [{ namespace: last.namespace, name: textOf(reference.name) ?? '' }] : [],
    );
  };

function reconcile(actor: Actor, key: Key): number | undefined {
  const live = actor.get(place, key);
  if (live === undefined) return undefined;
  const set = actor.read(live);
  const pods = activePods(actor, live.uid);
  if (!isGoing(set)) scale(actor, set, pods, replicasOf(set));
  return setStatus(actor, live, set);
}

export type Pod = { readonly entry: Entry; readonly pod: KubeObject };

/** Pods that count: not leaving, not over. */
export function activePods(actor: Actor, owner: string): readonly Pod[] {
  return actor.ownedBy(owner, 'pods').flatMap((entry) => {
    const pod = actor.read(entry);
    const phase = at(pod, 'status', 'phase');
    return isGoing(pod) || phase === 'Succeeded' || phase === 'Failed' ? [] : [{ entry, pod }];
  });
}

function scale(actor: Actor, set: KubeObject, pods: readonly Pod[], replicas: number): void {
  const missing = Math.min(replicas - pods.length, burst);
  for (let made = 0; made < missing; made += 1) {
    actor.create('pods', podFrom({ owner: set, template: templateOf(set) }));
  }
  const surplus = pods.toSorted(
    (a, b) => Number(isReady(a.pod)) - Number(isReady(b.pod)) || b.entry.revision - a.entry.revision,
  );
  for (const { entry } of surplus.slice(0, Math.max(0, -missing))) actor.remove('pods', entry, { uid: entry.uid });
}

export const isReady = (pod: KubeObject): boolean => readySince(pod) !== undefined;

/** When it became ready, in milliseconds; undefined while it is not. */
export function readySince(pod: KubeObject): number | undefined {
  const ready = conditionOf(listAt(pod, 'status', 'conditions'), 'Ready');
  return ready?.status === 'True' ? Date.parse(textOf(ready.lastTransitionTime) ?? '') : undefined;
}

export type Counts = {
  readonly total: number;
  readonly ready: number;
  readonly available: number /** Until the next one is. */;
  readonly nextMs: number | undefined;
};

/** Ready for `minReadySeconds` is available. */
export function countPods(actor: Actor, pods: readonly Pod[], minReadySeconds: number): Counts {
  const now = actor.world.clock.nowMs();
  const since = pods.flatMap(({ pod }) => readySince(pod) ?? []);
  const waits = since.map((ms) => ms + minReadySeconds * 1_000 - now).filter((ms) => minReadySeconds > 0 && ms > 0);
  return {
    total: pods.length,
    ready: since.length,
    available: since.length - waits.length,
    nextMs: waits.length === 0 ? undefined : Math.min(...waits),
  };
}

function setStatus(actor: Actor, seen: Entry, set: KubeObject): number | undefined {
  const live = actor.get(place, seen);
  if (live === undefined) return undefined;
  const counts = countPods(actor, activePods(actor, live.uid), numberAt(set, 'spec', 'minReadySeconds'));
  const { total, ready, available, nextMs } = counts;
  const status: JsonObject = {
    replicas: total,
    ...(total === 0 ? {} : { fullyLabeledReplicas: total }),
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(available === 0 ? {} : { availableReplicas: available }),
    observedGeneration: generationOf(set),
  };
  actor.setStatus(place, live, status);
  return nextMs;
}
