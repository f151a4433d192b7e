/** Deployments: a ReplicaSet for each template, and pods moved from the older ones to the newest within bounds. */
import { at, isObject, numberOf, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { partOf, withMetadata, withParts } from '../registry/objects.ts';
import type { Entry } from '../store/entry.ts';
import type { Change } from '../store/event-log.ts';
import { type Actor, controllerReference, isGoing } from './actor.ts';
import { deploymentStatus, progressLeftMs } from './deployment-status.ts';
import { tell } from './events.ts';
import type { Controller, Key } from './loop.ts';
import { keysOfOwners } from './replicasets.ts';
import { boundsOf, type Generation, sizeOfNewest, sizesOfOlder } from './rollout.ts';
import { listAt, numberAt, replicasOf, specOf, templateHash, templateOf } from './templates.ts';

const place = 'deployments.apps';
const sets = 'replicasets.apps';
const revisionAnnotation = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';

export type ReplicaSet = { readonly entry: Entry; readonly object: KubeObject };

export function deploymentController(actor: Actor): Controller {
  const ownersOfSets = keysOfOwners(actor, place, sets);
  const ownersOfPods = keysOfOwners(actor, sets);
  // A Deployment that recreates waits for the last pod to be gone, which its sets no longer count.
  const keysOf = (change: Change): readonly Key[] => {
    if (change.resource !== 'pods') return ownersOfSets(change);
    if (change.current !== undefined) return [];
    return ownersOfPods(change).flatMap((key) => {
      const set = actor.get(sets, key);
      const owner =
        set && listAt(actor.read(set), 'metadata', 'ownerReferences').find(({ controller }) => controller === true);
      return owner === undefined ? [] : [{ namespace: key.namespace, name: textOf(owner.name) ?? '' }];
    });
  };
  return { name: 'deployments', places: [place, sets, 'pods'], keysOf, reconcile: (key) => reconcile(actor, key) };
}

function reconcile(actor: Actor, key: Key): number | undefined {
  const live = actor.get(place, key);
  if (live === undefined) return undefined;
  const deployment = actor.read(live);
  if (!isGoing(deployment)) {
    const isPaused = at(deployment, 'spec', 'paused') === true;
    const newest = newestOf(actor, deployment) ?? (isPaused ? undefined : makeNewest(actor, deployment));
    if (newest !== undefined) numberRevisions(actor, live, newest);
    const older = olderThan(actor, live.uid, newest);
    if (isPaused) keepSize(actor, deployment, newest, older);
    else roll(actor, deployment, newest, older);
    if (newest !== undefined && !isPaused) forgetOldest(actor, deployment, older);
  }
  const now = actor.get(place, key);
  if (now === undefined) return undefined;
  const object = actor.read(now);
  const newest = newestOf(actor, object);
  const status = deploymentStatus(actor.world.clock.nowMs(), object, newest, olderThan(actor, now.uid, newest));
  actor.setStatus(place, now, status);
  return progressLeftMs(actor.world.clock.nowMs(), withParts(object, { status }));
}

/** Those of this Deployment, oldest first. */
function setsOf(actor: Actor, uid: string): readonly ReplicaSet[] {
  return actor
    .ownedBy(uid, sets)
    .map((entry) => ({ entry, object: actor.read(entry) }))
    .toSorted((a, b) => revisionOf(a.object) - revisionOf(b.object) || (a.entry.name < b.entry.name ? -1 : 1));
}

function newestOf(actor: Actor, deployment: KubeObject): ReplicaSet | undefined {
  const hash = templateHash(templateOf(deployment));
  const uid = textOf(deployment.metadata.uid) ?? '';
  return setsOf(actor, uid).find(({ entry }) => entry.labels?.[hashLabel] === hash);
}

const olderThan = (actor: Actor, uid: string, newest: ReplicaSet | undefined): readonly ReplicaSet[] =>
  setsOf(actor, uid).filter(({ entry }) => entry.uid !== newest?.entry.uid);

const revisionOf = (object: KubeObject): number =>
  Number(at(object, 'metadata', 'annotations', revisionAnnotation) ?? 0);

function makeNewest(actor: Actor, deployment: KubeObject): ReplicaSet {
  const template = templateOf(deployment);
  const hash = templateHash(template);
  const uid = textOf(deployment.metadata.uid) ?? '';
  const revision = Math.max(0, ...setsOf(actor, uid).map(({ object }) => revisionOf(object))) + 1;
  const metadata = partOf(template, 'metadata');
  const labels = { ...partOf(metadata, 'labels'), [hashLabel]: hash };
  const { annotations } = deployment.metadata;
  const { [lastApplied]: _, ...inherited } = isObject(annotations) ? annotations : {};
  const selector = partOf(specOf(deployment), 'selector');
  const entry = actor.create(sets, {
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace ?? '',
      labels,
      annotations: {
        ...inherited,
        'deployment.kubernetes.io/desired-replicas': String(replicasOf(deployment)),
        'deployment.kubernetes.io/max-replicas': String(replicasOf(deployment) + boundsOf(deployment).surge),
        [revisionAnnotation]: String(revision),
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: 0,
      minReadySeconds: numberAt(deployment, 'spec', 'minReadySeconds'),
      selector: { ...selector, matchLabels: { ...partOf(selector, 'matchLabels'), [hashLabel]: hash } },
      template: { ...template, metadata: { ...metadata, labels } },
    },
  });
  return { entry, object: actor.read(entry) };
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The newest set has the highest number, also when an old template comes back; the Deployment says which. */
function numberRevisions(actor: Actor, live: Entry, newest: ReplicaSet): void {
  const others = olderThan(actor, live.uid, newest).map(({ object }) => revisionOf(object));
  const wanted = Math.max(revisionOf(newest.object), Math.max(0, ...others) + 1);
  const annotate = (object: KubeObject): KubeObject => {
    const { annotations } = object.metadata;
    return withMetadata(object, {
      annotations: { ...(isObject(annotations) ? annotations : {}), [revisionAnnotation]: String(wanted) },
    });
  };
  if (revisionOf(newest.object) !== wanted) actor.replace(sets, newest.entry, annotate(newest.object));
  const deployment = actor.read(live);
  // Through the status, where annotations do not count as a change of what is wanted.
  if (revisionOf(deployment) !== wanted) actor.replace(place, live, annotate(deployment), 'status');
}

function roll(
  actor: Actor,
  deployment: KubeObject,
  newest: ReplicaSet | undefined,
  older: readonly ReplicaSet[],
): void {
  if (newest === undefined) return;
  const replicas = replicasOf(deployment);
  if (at(deployment, 'spec', 'strategy', 'type') === 'Recreate') {
    for (const set of older) resize(actor, deployment, set, 0);
    const isEmpty = older.every(({ entry }) => actor.ownedBy(entry.uid, 'pods').length === 0);
    if (isEmpty) resize(actor, deployment, newest, replicas);
    return;
  }
  const bounds = boundsOf(deployment);
  const before = older.map(generationOf);
  const size = sizeOfNewest(replicas, generationOf(newest), before, bounds);
  resize(actor, deployment, newest, size);
  const sizes = sizesOfOlder(replicas, { ...generationOf(newest), size }, before, bounds);
  for (const [index, set] of older.entries()) resize(actor, deployment, set, sizes[index] ?? 0);
}

const generationOf = ({ object }: ReplicaSet): Generation => ({
  size: replicasOf(object),
  available: numberAt(object, 'status', 'availableReplicas'),
});

/** While paused nothing rolls, but the number of pods still follows. */
function keepSize(
  actor: Actor,
  deployment: KubeObject,
  newest: ReplicaSet | undefined,
  older: readonly ReplicaSet[],
): void {
  const active = [...older, ...(newest === undefined ? [] : [newest])].filter(({ object }) => replicasOf(object) > 0);
  const [only] = active;
  if (active.length === 1 && only !== undefined) resize(actor, deployment, only, replicasOf(deployment));
}

function resize(actor: Actor, deployment: KubeObject, { entry }: ReplicaSet, replicas: number): void {
  const live = actor.get(sets, entry);
  if (live === undefined) return;
  const object = actor.read(live);
  const before = replicasOf(object);
  if (before === replicas) return;
  actor.replace(sets, live, withParts(object, { spec: { ...specOf(object), replicas } }));
  const direction = replicas > before ? 'up' : 'down';
  tell(actor, {
    about: deployment,
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: `Scaled ${direction} replica set ${live.name} from ${before} to ${replicas}`,
    component: 'deployment-controller',
  });
}

function forgetOldest(actor: Actor, deployment: KubeObject, older: readonly ReplicaSet[]): void {
  const limit = numberOf(at(deployment, 'spec', 'revisionHistoryLimit')) ?? 10;
  const idle = older.filter(({ object }) => replicasOf(object) === 0 && numberAt(object, 'status', 'replicas') === 0);
  for (const { entry } of idle.slice(0, Math.max(0, idle.length - limit))) {
    const live = actor.get(sets, entry);
    if (live !== undefined) actor.remove(sets, live);
  }
}
