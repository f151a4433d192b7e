/** What a Deployment says of itself. Source: kubernetes/pkg/controller/deployment/progress.go and sync.go. */
import { at, type JsonObject, numberOf, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { timeOf } from '../registry/world.ts';
import { type Condition, conditionOf, conditionsWith } from './conditions.ts';
import { boundsOf } from './rollout.ts';
import { generationOf, listAt, numberAt, replicasOf, statusOf } from './templates.ts';

type Numbers = {
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
};

export function deploymentStatus(
  nowMs: number,
  deployment: KubeObject,
  newest: { readonly object: KubeObject } | undefined,
  older: readonly { readonly object: KubeObject }[],
): JsonObject {
  const all = [...older, ...(newest === undefined ? [] : [newest])].map(({ object }) => object);
  const sum = (field: string): number => all.reduce((total, object) => total + numberAt(object, 'status', field), 0);
  const numbers: Numbers = {
    replicas: sum('replicas'),
    updated: newest === undefined ? 0 : numberAt(newest.object, 'status', 'replicas'),
    ready: sum('readyReplicas'),
    available: sum('availableReplicas'),
  };
  return statusFrom(nowMs, deployment, numbers, newest?.object.metadata.name ?? '');
}

/** The status that goes with these numbers of pods. */
export function statusFrom(nowMs: number, deployment: KubeObject, numbers: Numbers, newestName: string): JsonObject {
  const { replicas, updated, ready, available } = numbers;
  const wanted = replicasOf(deployment);
  const missing = Math.max(0, wanted - available);
  const time = timeOf(nowMs);
  const before = listAt(deployment, 'status', 'conditions');
  const isEnough = available >= wanted - boundsOf(deployment).unavailable;
  const withAvailable = withUpdate(before, availability(isEnough), time);
  const progress = progressOf(nowMs, deployment, numbers, newestName);
  const conditions =
    progress === undefined ? withAvailable : withUpdate(withAvailable, progress.condition, time, progress.isMove);
  const count = (name: string, value: number): JsonObject => (value === 0 ? {} : { [name]: value });
  const collisions = numberOf(at(deployment, 'status', 'collisionCount'));
  return {
    observedGeneration: generationOf(deployment),
    ...count('replicas', replicas),
    ...count('updatedReplicas', updated),
    ...count('readyReplicas', ready),
    ...count('availableReplicas', available),
    ...count('unavailableReplicas', Math.max(missing, replicas - available)),
    ...(collisions === undefined ? {} : { collisionCount: collisions }),
    conditions,
  };
}

const availability = (isEnough: boolean): Condition => ({
  type: 'Available',
  status: isEnough ? 'True' : 'False',
  reason: isEnough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
  message: isEnough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
});

/** `lastUpdateTime` moves when the condition says something new, or `isMove` says that something moved. */
function withUpdate(
  all: readonly JsonObject[],
  condition: Condition,
  time: string,
  isMove = false,
): readonly JsonObject[] {
  const there = conditionOf(all, condition.type);
  const isSame = there?.status === condition.status && there?.reason === condition.reason && !isMove;
  return conditionsWith(all, condition, time, { lastUpdateTime: isSame ? (there.lastUpdateTime ?? time) : time });
}

type Progress = { readonly condition: Condition; readonly isMove: boolean };

function progressOf(nowMs: number, deployment: KubeObject, numbers: Numbers, newestName: string): Progress | undefined {
  if (deadlineMsOf(deployment) === undefined) return undefined;
  const there = conditionOf(listAt(deployment, 'status', 'conditions'), 'Progressing');
  const say = (status: Condition['status'], reason: string, message: string, isMove: boolean): Progress => ({
    condition: { type: 'Progressing', status, reason, message },
    isMove,
  });
  const set = `ReplicaSet "${newestName}"`;
  const wanted = replicasOf(deployment);
  const { replicas, updated, available } = numbers;
  if (at(deployment, 'spec', 'paused') === true)
    return say('Unknown', 'DeploymentPaused', 'Deployment is paused', false);
  if (updated === wanted && replicas === wanted && available === wanted && newestName !== '') {
    return say('True', 'NewReplicaSetAvailable', `${set} has successfully progressed.`, false);
  }
  const isNew = numberAt(deployment, 'status', 'observedGeneration') !== generationOf(deployment);
  if (
    isMoving(statusOf(deployment), numbers) ||
    isNew ||
    there === undefined ||
    there.reason === 'NewReplicaSetAvailable'
  ) {
    return say('True', 'ReplicaSetUpdated', `${set} is progressing.`, true);
  }
  const isLate = progressLeftMs(nowMs, deployment) === 0 || there.reason === 'ProgressDeadlineExceeded';
  if (isLate) return say('False', 'ProgressDeadlineExceeded', `${set} has timed out progressing.`, false);
  return say('True', textOf(there.reason) ?? 'ReplicaSetUpdated', textOf(there.message) ?? '', false);
}

const isMoving = (before: JsonObject, { replicas, updated, ready, available }: Numbers): boolean => {
  const older = numberAt(before, 'replicas') - numberAt(before, 'updatedReplicas');
  return (
    updated > numberAt(before, 'updatedReplicas') ||
    replicas - updated < older ||
    ready > numberAt(before, 'readyReplicas') ||
    available > numberAt(before, 'availableReplicas')
  );
};

/** Until the deadline, which runs from the last move; 0 when it has passed, undefined when none runs. */
export function progressLeftMs(nowMs: number, deployment: KubeObject): number | undefined {
  const deadlineMs = deadlineMsOf(deployment);
  const there = conditionOf(listAt(deployment, 'status', 'conditions'), 'Progressing');
  if (deadlineMs === undefined || there === undefined || there.status !== 'True') return undefined;
  if (there.reason === 'NewReplicaSetAvailable') return undefined;
  const since = Date.parse(textOf(there.lastUpdateTime) ?? '');
  return Math.max(0, since + deadlineMs - nowMs);
}

// The largest int32 means that there is none.
function deadlineMsOf(deployment: KubeObject): number | undefined {
  const seconds = numberOf(at(deployment, 'spec', 'progressDeadlineSeconds')) ?? 600;
  return seconds >= 2_147_483_647 ? undefined : seconds * 1_000;
}
