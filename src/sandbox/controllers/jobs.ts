/** Jobs: pods until enough of them have succeeded, or too many have failed. */
import { at, type JsonObject, numberOf, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { timeOf } from '../registry/world.ts';
import { type Actor, isGoing } from './actor.ts';
import { conditionOf, conditionsWith } from './conditions.ts';
import type { Controller, Key } from './loop.ts';
import { isReady, keysOfOwners } from './replicasets.ts';
import { listAt, podFrom, statusOf, templateOf } from './templates.ts';

const place = 'jobs.batch';

export function jobController(actor: Actor): Controller {
  return {
    name: 'jobs',
    places: [place, 'pods'],
    keysOf: keysOfOwners(actor, place),
    reconcile: (key) => reconcile(actor, key),
  };
}

export const isFinished = (job: KubeObject): boolean =>
  ['Complete', 'Failed'].some((type) => conditionOf(listAt(job, 'status', 'conditions'), type)?.status === 'True');

function reconcile(actor: Actor, key: Key): number | undefined {
  const live = actor.get(place, key);
  if (live === undefined) return undefined;
  const job = actor.read(live);
  if (isGoing(job)) return undefined;
  if (isFinished(job)) return expire(actor, live.uid, key, job);
  const pods = actor.ownedBy(live.uid, 'pods').map((entry) => ({ entry, pod: actor.read(entry) }));
  const inPhase = (phase: string): number => pods.filter(({ pod }) => at(pod, 'status', 'phase') === phase).length;
  const running = pods.filter(
    ({ pod }) => !isGoing(pod) && !['Succeeded', 'Failed'].includes(String(at(pod, 'status', 'phase'))),
  );
  const [succeeded, failed] = [inPhase('Succeeded'), inPhase('Failed')];

  const completions = numberOf(at(job, 'spec', 'completions'));
  const parallelism = numberOf(at(job, 'spec', 'parallelism')) ?? 1;
  const isSuspended = at(job, 'spec', 'suspend') === true;
  const limit = numberOf(at(job, 'spec', 'backoffLimit')) ?? 6;
  const isFailed = failed > limit;
  const isComplete = completions === undefined ? succeeded > 0 && running.length === 0 : succeeded >= completions;
  const left =
    completions === undefined ? (succeeded > 0 ? 0 : parallelism) : Math.min(parallelism, completions - succeeded);
  const wanted = isFailed || isComplete || isSuspended ? 0 : Math.max(0, left);
  let active = running.length;
  for (; active < wanted; active += 1) actor.create('pods', podFrom({ owner: job, template: templateOf(job) }));
  for (const { entry } of running.slice(wanted)) {
    actor.remove('pods', entry, { uid: entry.uid });
    active -= 1;
  }
  const now = actor.get(place, key);
  if (now === undefined) return undefined;
  const ready = running.filter(({ pod }) => isReady(pod)).length;
  const outcome = isFailed ? 'Failed' : isComplete ? 'Complete' : isSuspended ? 'Suspended' : undefined;
  actor.setStatus(place, now, jobStatus(actor, job, { active, ready, succeeded, failed }, outcome));
  return undefined;
}

type Numbers = { readonly active: number; readonly ready: number; readonly succeeded: number; readonly failed: number };

const reasons = {
  Complete: ['CompletionsReached', 'Reached expected number of succeeded pods'],
  Failed: ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'],
  Suspended: ['JobSuspended', 'Job suspended'],
} as const;
/** Said before the end itself, since Kubernetes 1.31. */
const forerunners = { Complete: 'SuccessCriteriaMet', Failed: 'FailureTarget' } as const;

function jobStatus(
  actor: Actor,
  job: KubeObject,
  numbers: Numbers,
  outcome: keyof typeof reasons | undefined,
): JsonObject {
  const time = timeOf(actor.world.clock.nowMs());
  const { active, ready, succeeded, failed } = numbers;
  let conditions = listAt(job, 'status', 'conditions');
  const say = (type: string, reason: string, message: string, status: 'True' | 'False' = 'True'): void => {
    conditions = conditionsWith(conditions, { type, status, reason, message }, time, { lastProbeTime: time });
  };
  if (outcome !== undefined) {
    const [reason, message] = reasons[outcome];
    if (outcome !== 'Suspended') say(forerunners[outcome], reason, message);
    say(outcome, reason, message);
  } else if (conditionOf(conditions, 'Suspended') !== undefined) {
    say('Suspended', 'JobResumed', 'Job resumed', 'False');
  }
  const before = statusOf(job);
  const startTime = textOf(before.startTime) ?? time;
  return {
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(outcome === 'Suspended' ? {} : { startTime }),
    ...(outcome === 'Complete' ? { completionTime: time } : {}),
    ...(active === 0 ? {} : { active }),
    ...(succeeded === 0 ? {} : { succeeded }),
    ...(failed === 0 ? {} : { failed }),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready: outcome === undefined ? ready : 0,
  };
}

function expire(actor: Actor, uid: string, key: Key, job: KubeObject): number | undefined {
  const seconds = numberOf(at(job, 'spec', 'ttlSecondsAfterFinished'));
  if (seconds === undefined) return undefined;
  const ends = listAt(job, 'status', 'conditions').map((each) => Date.parse(textOf(each.lastTransitionTime) ?? ''));
  const left = Math.max(...ends) + seconds * 1_000 - actor.world.clock.nowMs();
  if (left > 0) return left;
  const live = actor.get(place, key);
  if (live?.uid === uid) actor.remove(place, live);
  return undefined;
}
