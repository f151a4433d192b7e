/** DaemonSets: one pod on every node that the template's node selector takes. */
import { at, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { selectorOf } from '../api/label-selector.ts';
import { partOf } from '../registry/objects.ts';
import { type Actor, isGoing } from './actor.ts';
import type { Controller, Key } from './loop.ts';
import { activePods, countPods, isReady, keysOfOwners, type Pod } from './replicasets.ts';
import { revisionOf } from './revisions.ts';
import { countOf } from './rollout.ts';
import { generationOf, numberAt, podFrom, templateHash, templateOf } from './templates.ts';

const place = 'daemonsets.apps';
const hashLabel = 'controller-revision-hash';

export function daemonSetController(actor: Actor): Controller {
  return {
    name: 'daemonsets',
    places: [place, 'pods'],
    keysOf: keysOfOwners(actor, place),
    reconcile: (key) => reconcile(actor, key),
  };
}

function reconcile(actor: Actor, key: Key): number | undefined {
  const live = actor.get(place, key);
  if (live === undefined) return undefined;
  const set = actor.read(live);
  if (isGoing(set)) return undefined;
  revisionOf(actor, set);
  const hash = templateHash(templateOf(set));
  const nodes = nodesFor(actor, set);
  placePods(actor, set, nodes, hash);
  renew(actor, set, hash, nodes.length);

  const pods = activePods(actor, live.uid).filter(({ pod }) => nodes.includes(nodeOf(pod)));
  const { ready, available, nextMs } = countPods(actor, pods, numberAt(set, 'spec', 'minReadySeconds'));
  const updated = pods.filter(({ entry }) => entry.labels?.[hashLabel] === hash).length;
  const missing = nodes.length - available;
  const now = actor.get(place, key);
  if (now === undefined) return undefined;
  actor.setStatus(place, now, {
    currentNumberScheduled: pods.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: nodes.length,
    numberReady: ready,
    observedGeneration: generationOf(set),
    ...(updated === 0 ? {} : { updatedNumberScheduled: updated }),
    ...(available === 0 ? {} : { numberAvailable: available }),
    ...(missing === 0 ? {} : { numberUnavailable: missing }),
  });
  return nextMs;
}

function nodesFor(actor: Actor, set: KubeObject): readonly string[] {
  const selector = selectorOf(partOf(partOf(templateOf(set), 'spec'), 'nodeSelector'));
  return actor.world.store.list('nodes').flatMap((node) => (selector(node.labels) ? [node.name] : []));
}

const nodeOf = (pod: KubeObject): string => textOf(at(pod, 'spec', 'nodeName')) ?? '';

/** The real controller leaves placing to the scheduler; here a pod is born in its place. */
function placePods(actor: Actor, set: KubeObject, nodes: readonly string[], hash: string): void {
  const there = actor.ownedBy(String(set.metadata.uid), 'pods').map((entry) => nodeOf(actor.read(entry)));
  const template = templateOf(set);
  for (const nodeName of nodes) {
    if (there.includes(nodeName)) continue;
    actor.create('pods', podFrom({ owner: set, template, labels: { [hashLabel]: hash }, spec: { nodeName } }));
  }
  for (const { entry, pod } of activePods(actor, String(set.metadata.uid))) {
    if (!nodes.includes(nodeOf(pod))) actor.remove('pods', entry, { uid: entry.uid });
  }
}

function renew(actor: Actor, set: KubeObject, hash: string, wanted: number): void {
  if (at(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return;
  const value = at(set, 'spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable');
  const bound = Math.max(1, countOf(value, wanted, true));
  const pods = activePods(actor, String(set.metadata.uid));
  const isOld = ({ entry }: Pod): boolean => entry.labels?.[hashLabel] !== hash;
  let room = bound - (wanted - pods.filter(({ pod }) => isReady(pod)).length);
  for (const each of pods.filter(isOld).toSorted((a, b) => Number(isReady(a.pod)) - Number(isReady(b.pod)))) {
    // A pod that is not ready costs nothing to lose.
    if (isReady(each.pod)) {
      if (room <= 0) return;
      room -= 1;
    }
    actor.remove('pods', each.entry, { uid: each.entry.uid });
  }
}
