/** The health of workloads: have all Pods been replaced by new ones, and are they up? */
import { at, numberOf } from '../json/value.ts';
import { type Health, healthy } from '../model/health.ts';
import type { KubeObject } from '../model/object.ts';
import { conditionsOf, conditionWith, countOf, describeCondition, health, unobserved } from './condition.ts';

/**
 * A paused one is Suspended; one past its progress deadline is Degraded; otherwise the counts decide.
 *
 * A Deployment that was complete and lost Pods is Progressing, not Degraded: scaling up looks the same.
 */
export function deploymentHealth(object: KubeObject): Health {
  if (at(object, 'spec', 'paused') === true) return health('Suspended', 'paused');
  const waiting = unobserved(object, true);
  if (waiting !== undefined) return health('Progressing', waiting);
  const wanted = wantedReplicas(object);
  const updated = countOf(object, 'updatedReplicas');
  const available = countOf(object, 'availableReplicas');
  const progressing = conditionWith(conditionsOf(object), 'Progressing', 'False');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return health('Degraded', `${available} of ${wanted} replicas available: ${describeCondition(progressing)}`);
  }
  const old = countOf(object, 'replicas') - updated;
  const extra = updated - wanted;
  if (extra < 0) return progress(object, `${updated} of ${wanted} replicas updated`);
  if (old > 0) return progress(object, `${old} old ${old === 1 ? 'replica' : 'replicas'} still there`);
  if (extra > 0) return progress(object, `${extra} more than ${wanted} replicas still there`);
  if (available < wanted) return progress(object, `${available} of ${wanted} replicas available`);
  return healthy;
}

export function replicaSetHealth(object: KubeObject): Health {
  const waiting = unobserved(object, true);
  if (waiting !== undefined) return health('Progressing', waiting);
  const wanted = wantedReplicas(object);
  const available = countOf(object, 'availableReplicas');
  const extra = countOf(object, 'replicas') - wanted;
  if (available < wanted) return progress(object, `${available} of ${wanted} replicas available`);
  if (extra > 0) return progress(object, `${extra} more than ${wanted} replicas still there`);
  return healthy;
}

/** `podManagementPolicy` changes the order of things, not when they are done. */
export function statefulSetHealth(object: KubeObject): Health {
  const waiting = unobserved(object, true);
  if (waiting !== undefined) return health('Progressing', waiting);
  const wanted = wantedReplicas(object);
  const ready = countOf(object, 'readyReplicas');
  const available = numberOf(at(object, 'status', 'availableReplicas')) ?? ready;
  const extra = countOf(object, 'replicas') - wanted;
  if (ready < wanted) return progress(object, `${ready} of ${wanted} replicas ready`);
  if (available < wanted) return progress(object, `${available} of ${wanted} replicas available`);
  if (extra > 0) return progress(object, `${extra} more than ${wanted} replicas still there`);
  return statefulSetUpdate(object, wanted);
}

function statefulSetUpdate(object: KubeObject, wanted: number): Health {
  if (at(object, 'status', 'currentRevision') === at(object, 'status', 'updateRevision')) return healthy;
  const updated = countOf(object, 'updatedReplicas');
  if (isOnDelete(object)) return waitsForDeletion(updated, wanted);
  const partition = numberOf(at(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition')) ?? 0;
  const due = Math.max(0, wanted - partition);
  if (updated < due || partition === 0) return progress(object, `${updated} of ${due} replicas updated`);
  return health('Healthy', `${updated} of ${wanted} replicas updated, up to partition ${partition}`);
}

export function daemonSetHealth(object: KubeObject): Health {
  const waiting = unobserved(object, true);
  if (waiting !== undefined) return health('Progressing', waiting);
  const wanted = countOf(object, 'desiredNumberScheduled');
  const updated = countOf(object, 'updatedNumberScheduled');
  const available = countOf(object, 'numberAvailable');
  if (updated < wanted && !isOnDelete(object)) return progress(object, `${updated} of ${wanted} Pods updated`);
  if (available < wanted) return progress(object, `${available} of ${wanted} Pods available`);
  return updated < wanted ? waitsForDeletion(updated, wanted) : healthy;
}

// With OnDelete it is a person who decides when a Pod is replaced, so the rollout has nothing left to do.
function waitsForDeletion(updated: number, wanted: number): Health {
  return health('Healthy', `${updated} of ${wanted} Pods updated; OnDelete leaves the others until they are deleted`);
}

function isOnDelete(object: KubeObject): boolean {
  return at(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
}

/** The API server's default is 1. */
function wantedReplicas(object: KubeObject): number {
  return numberOf(at(object, 'spec', 'replicas')) ?? 1;
}

/** Under way; why no Pod can be made (a quota, an admission webhook) is worth more than the bare count. */
function progress(object: KubeObject, message: string): Health {
  const failure = conditionWith(conditionsOf(object), 'ReplicaFailure', 'True');
  return health('Progressing', failure === undefined ? message : `${message}: ${describeCondition(failure)}`);
}
