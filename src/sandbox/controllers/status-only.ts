/** Workloads that only say they run: the status a real cluster would end with, without ReplicaSets and pods. For large fleets. */
import { at, type JsonObject, numberOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { partOf } from '../registry/objects.ts';
import { timeOf } from '../registry/world.ts';
import type { SandboxSettings } from '../settings.ts';
import { type Actor, isGoing } from './actor.ts';
import { conditionsWith } from './conditions.ts';
import { progressLeftMs, statusFrom } from './deployment-status.ts';
import { isFinished } from './jobs.ts';
import type { Controller, Key } from './loop.ts';
import { fateOf, generationOf, listAt, replicasOf, statusOf, templateHash, templateOf } from './templates.ts';

type Stage = { readonly isReady: boolean; readonly nowMs: number };
type StatusOf = (object: KubeObject, stage: Stage) => JsonObject;

const count = (name: string, value: number): JsonObject => (value === 0 ? {} : { [name]: value });

const statuses: Readonly<Record<string, StatusOf>> = {
  'deployments.apps': (object, { isReady, nowMs }) => {
    const replicas = replicasOf(object);
    const ready = isReady ? replicas : 0;
    const name = `${object.metadata.name}-${templateHash(templateOf(object))}`;
    return statusFrom(nowMs, object, { replicas, updated: replicas, ready, available: ready }, name);
  },
  'replicasets.apps': (object, { isReady }) => ({
    replicas: replicasOf(object),
    ...count('fullyLabeledReplicas', replicasOf(object)),
    ...(isReady ? { readyReplicas: replicasOf(object), availableReplicas: replicasOf(object) } : {}),
    observedGeneration: generationOf(object),
  }),
  'statefulsets.apps': (object, { isReady }) => {
    const replicas = replicasOf(object);
    const revision = `${object.metadata.name}-${templateHash(templateOf(object))}`;
    return {
      observedGeneration: generationOf(object),
      replicas,
      ...(isReady ? { readyReplicas: replicas, currentReplicas: replicas } : {}),
      availableReplicas: isReady ? replicas : 0,
      ...count('updatedReplicas', replicas),
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
    };
  },
  'daemonsets.apps': (object, { isReady }) => ({
    currentNumberScheduled: 1,
    numberMisscheduled: 0,
    desiredNumberScheduled: 1,
    numberReady: isReady ? 1 : 0,
    observedGeneration: generationOf(object),
    updatedNumberScheduled: 1,
    ...(isReady ? { numberAvailable: 1 } : { numberUnavailable: 1 }),
  }),
  'jobs.batch': (object, { isReady, nowMs }) => {
    const completions = numberOf(at(object, 'spec', 'completions')) ?? 1;
    if (at(object, 'spec', 'suspend') === true) return statusOf(object);
    const startTime = at(object, 'status', 'startTime') ?? timeOf(nowMs);
    if (!isReady) return { startTime, active: 1, terminating: 0, uncountedTerminatedPods: {}, ready: 0 };
    const done = { type: 'Complete', status: 'True', reason: 'CompletionsReached', message: '' } as const;
    const conditions = conditionsWith(listAt(object, 'status', 'conditions'), done, timeOf(nowMs));
    return { startTime, completionTime: timeOf(nowMs), succeeded: completions, conditions };
  },
};

/** An image that cannot be pulled never gets ready; a Deployment then fails at its deadline, as with pods. */
export function statusController(actor: Actor, { podReadyMs }: Pick<SandboxSettings, 'podReadyMs'>): Controller {
  const { clock, rng } = actor.world;
  const due = new Map<string, { readonly generation: number; readonly atMs: number }>();
  const places = Object.keys(statuses);

  const dueOf = (uid: string, generation: number): number => {
    const there = due.get(uid);
    if (there?.generation === generation) return there.atMs;
    const atMs = clock.nowMs() + podReadyMs.min + (podReadyMs.max - podReadyMs.min) * rng.next();
    due.set(uid, { generation, atMs });
    return atMs;
  };
  // Keys of several kinds share one controller, so the kind goes into the name.
  const keysOf: Controller['keysOf'] = ({ resource, current, last }) => {
    if (current === undefined) due.delete(last.uid);
    return current === undefined ? [] : [{ namespace: last.namespace, name: `${resource}/${last.name}` }];
  };
  const reconcile = (key: Key): number | undefined => {
    const slash = key.name.indexOf('/');
    const place = key.name.slice(0, slash);
    const live = actor.get(place, { namespace: key.namespace, name: key.name.slice(slash + 1) });
    const make = statuses[place];
    if (live === undefined || make === undefined) return undefined;
    const object = actor.read(live);
    if (isGoing(object) || (place === 'jobs.batch' && isFinished(object))) return undefined;
    const left = dueOf(live.uid, generationOf(object)) - clock.nowMs();
    const canRun = fateOf(partOf(templateOf(object), 'spec')) === 'runs';
    const next = actor.setStatus(place, live, make(object, { isReady: left <= 0 && canRun, nowMs: clock.nowMs() }));
    if (left > 0) return left;
    return place === 'deployments.apps' ? progressLeftMs(clock.nowMs(), actor.read(next)) : undefined;
  };
  return { name: 'status', places, keysOf, reconcile };
}
