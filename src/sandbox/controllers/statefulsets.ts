/** StatefulSets: pods with ordinals and claims of their own, made one after the other and renewed from the last. */
import { at, numberOf, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { partOf } from '../registry/objects.ts';
import { type Actor, controllerReference, isGoing } from './actor.ts';
import type { Controller, Key } from './loop.ts';
import { countPods, isReady, keysOfOwners, type Pod } from './replicasets.ts';
import { revisionOf } from './revisions.ts';
import { generationOf, listAt, numberAt, podFrom, replicasOf, specOf, templateOf } from './templates.ts';

const place = 'statefulsets.apps';
const revisionLabel = 'controller-revision-hash';

export function statefulSetController(actor: Actor): Controller {
  return {
    name: 'statefulsets',
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
  const update = revisionOf(actor, set);
  step(actor, set, update);

  const pods = podsOf(actor, live.uid);
  const counts = countPods(actor, pods, numberAt(set, 'spec', 'minReadySeconds'));
  const updated = pods.filter(({ entry }) => entry.labels?.[revisionLabel] === update).length;
  const before = textOf(at(set, 'status', 'currentRevision')) ?? update;
  const isRolledOut = updated === replicasOf(set) && counts.ready === updated && counts.total === updated;
  const current = isRolledOut ? update : before;
  const currentCount = pods.filter(({ entry }) => entry.labels?.[revisionLabel] === current).length;
  const now = actor.get(place, key);
  if (now === undefined) return undefined;
  actor.setStatus(place, now, {
    observedGeneration: generationOf(set),
    replicas: counts.total,
    ...(counts.ready === 0 ? {} : { readyReplicas: counts.ready }),
    availableReplicas: counts.available,
    ...(currentCount === 0 ? {} : { currentReplicas: currentCount }),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    currentRevision: current,
    updateRevision: update,
    collisionCount: 0,
  });
  return counts.nextMs;
}

const podsOf = (actor: Actor, uid: string): readonly Pod[] =>
  actor.ownedBy(uid, 'pods').map((entry) => ({ entry, pod: actor.read(entry) }));

/** Does what may be done now; what follows is done when the pods have come so far. */
function step(actor: Actor, set: KubeObject, revision: string): void {
  const isParallel = at(set, 'spec', 'podManagementPolicy') === 'Parallel';
  const first = numberAt(set, 'spec', 'ordinals', 'start');
  const wanted = Array.from({ length: replicasOf(set) }, (_, index) => `${set.metadata.name}-${first + index}`);
  const there = new Map(podsOf(actor, String(set.metadata.uid)).map((pod) => [pod.entry.name, pod]));

  for (const [index, name] of wanted.entries()) {
    const pod = there.get(name);
    if (pod === undefined) makePod(actor, set, name, first + index, revision);
    if (!isParallel && (pod === undefined || isGoing(pod.pod) || !isReady(pod.pod))) return;
  }
  const surplus = [...there.values()].filter(({ entry }) => !wanted.includes(entry.name));
  const leaving = surplus.toSorted((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const { entry, pod } of leaving) {
    if (!isGoing(pod)) actor.remove('pods', entry, { uid: entry.uid });
    if (!isParallel) return;
  }
  if (leaving.length > 0 || at(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return;
  const partition = numberOf(at(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition')) ?? 0;
  for (const name of wanted.slice(partition).toReversed()) {
    const pod = there.get(name);
    if (pod === undefined || isGoing(pod.pod)) return;
    if (pod.entry.labels?.[revisionLabel] !== revision) {
      actor.remove('pods', pod.entry, { uid: pod.entry.uid });
      return;
    }
    if (!isReady(pod.pod)) return;
  }
}

const ordinalOf = ({ entry }: Pod): number => Number(entry.name.slice(entry.name.lastIndexOf('-') + 1));

function makePod(actor: Actor, set: KubeObject, name: string, ordinal: number, revision: string): void {
  const template = templateOf(set);
  const claims = listAt(set, 'spec', 'volumeClaimTemplates');
  for (const claim of claims) makeClaim(actor, set, claim, name);
  const volumes = claims.map((claim) => {
    const claimName = `${textOf(at(claim, 'metadata', 'name')) ?? ''}-${name}`;
    return { name: textOf(at(claim, 'metadata', 'name')) ?? '', persistentVolumeClaim: { claimName } };
  });
  const own = listAt(template, 'spec', 'volumes').filter(
    (each) => !volumes.some((volume) => volume.name === each.name),
  );
  const labels = {
    [revisionLabel]: revision,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
  };
  const service = textOf(specOf(set).serviceName) ?? '';
  const spec = { hostname: name, ...(service === '' ? {} : { subdomain: service }), volumes: [...own, ...volumes] };
  actor.create('pods', podFrom({ owner: set, template, labels, name, spec }));
}

/** Claims outlive their pods: they have no owner unless the set says otherwise. */
function makeClaim(actor: Actor, set: KubeObject, claim: ReturnType<typeof listAt>[number], pod: string): void {
  const namespace = set.metadata.namespace ?? '';
  const name = `${textOf(at(claim, 'metadata', 'name')) ?? ''}-${pod}`;
  if (actor.get('persistentvolumeclaims', { namespace, name }) !== undefined) return;
  const isOwned = at(set, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenDeleted') === 'Delete';
  actor.create('persistentvolumeclaims', {
    metadata: {
      name,
      namespace,
      labels: {
        ...partOf(partOf(claim, 'metadata'), 'labels'),
        ...partOf(partOf(specOf(set), 'selector'), 'matchLabels'),
      },
      ...(isOwned ? { ownerReferences: [controllerReference(set)] } : {}),
    },
    spec: partOf(claim, 'spec'),
  });
}
