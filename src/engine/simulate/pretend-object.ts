/** An object on a cluster that is only imagined: what it counts, and how well it is. */
import { digestOf } from '../../core/json/digest.ts';
import { at, isObject, numberOf, textOf, withFields } from '../../core/json/value.ts';
import { type Health, healthy } from '../../core/model/health.ts';
import { type Digest, digest, groupKindOf } from '../../core/model/id.ts';
import type { LiveObject } from '../../core/model/live.ts';
import { isKept, type KubeObject, textMapOf } from '../../core/model/object.ts';
import type { Manifest } from '../../core/model/plan.ts';
import { partOfLabel } from '../../core/plan/manifest.ts';

export type PretendObject = {
  readonly live: LiveObject;
  readonly body: KubeObject;
  /** Something runs because of it. */
  readonly isRunning: boolean;
  /** Undefined: it counts none. */
  readonly replicas: number | undefined;
  /** Ready while it is not well: what a rolling update leaves running. */
  readonly readyMeanwhile: number;
  /** When it becomes well; undefined when it is, or never will. */
  readonly wellAtMs: number | undefined;
  /** Nothing but its count was changed when it was last applied. */
  readonly isScaled: boolean;
};

export type Arrival = {
  readonly manifest: Manifest;
  readonly before: PretendObject | undefined;
  readonly uid: string;
  readonly nowMs: number;
  readonly readyAfterMs: number;
  /** It will not become healthy. */
  readonly isBroken: boolean;
};

/** All else is well as soon as somebody has seen that it is there. */
const seenAfterMs = 1_000;

/** What has to start before it is well. */
const starting: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  '/Pod',
  '/ReplicationController',
]);

/** One that was applied just now. */
export function arrived({ manifest, before, uid, nowMs, readyAfterMs, isBroken }: Arrival): PretendObject {
  const { body, desired } = manifest;
  const replicas = numberOf(at(body, 'spec', 'replicas')) ?? (takesCount(body) ? 1 : undefined);
  const isRunning = starting.has(groupKindOf(desired.key));
  const isStarting = isRunning && !(before !== undefined && isWell(before) && isSame(before.body, body));
  const base = {
    key: desired.key,
    uid,
    resourceVersion: '1',
    fingerprint: 'pretend',
    partOf: textMapOf(body, 'labels')[partOfLabel],
    isControlled: false,
    isDeleting: false,
    isKept: isKept(body),
  };
  const isScaled = before !== undefined && before.replicas !== replicas && contentOf(before.body) === contentOf(body);
  const held = { body, replicas, isScaled, isRunning };
  if (!isStarting) {
    const health: Health = { status: 'Progressing', message: 'not seen yet' };
    return { ...held, live: { ...base, health }, readyMeanwhile: replicas ?? 0, wellAtMs: nowMs + seenAfterMs };
  }
  const fails = isBroken && !isScaled;
  const health: Health = fails
    ? { status: 'Degraded', message: 'the simulation breaks it here' }
    : { status: 'Progressing', message: 'starting' };
  return {
    ...held,
    live: { ...base, health },
    readyMeanwhile: meanwhile(before, replicas ?? 0, body, isScaled),
    wellAtMs: fails ? undefined : nowMs + readyAfterMs,
  };
}

export const grownWell = (object: PretendObject): PretendObject => ({
  ...object,
  live: { ...object.live, health: healthy },
  wellAtMs: undefined,
});

export const isWell = ({ live }: PretendObject): boolean => live.health.status === 'Healthy';

/** Ready replicas. */
export const readyOf = (object: PretendObject): number =>
  isWell(object) ? (object.replicas ?? 0) : object.readyMeanwhile;

const takesCount = ({ kind }: KubeObject): boolean => kind === 'Deployment' || kind === 'StatefulSet';

/** Source: Deployments' rolling update, 25 % of which may be unavailable if nothing else is said; a StatefulSet's is one by one. */
function meanwhile(before: PretendObject | undefined, replicas: number, body: KubeObject, isScaled: boolean): number {
  if (before === undefined) return 0;
  const kept = Math.min(readyOf(before), replicas);
  if (isScaled) return kept;
  if (body.kind === 'StatefulSet') return Math.max(0, kept - 1);
  if (body.kind !== 'Deployment' || textOf(at(body, 'spec', 'strategy', 'type')) === 'Recreate') return 0;
  const limit = at(body, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable');
  const percent = /^([0-9]+)%$/.exec(textOf(limit) ?? '25%')?.[1];
  const unavailable = numberOf(limit) ?? Math.floor((replicas * Number(percent ?? 25)) / 100);
  return Math.max(0, kept - unavailable);
}

/** Of all that starts something anew when it changes: not the count, nor what labels and annotations say of the whole. */
function contentOf(body: KubeObject): Digest {
  const spec = isObject(body.spec) ? withFields(body.spec, { replicas: undefined }) : null;
  const { simulated } = textMapOf(body, 'annotations');
  return digest(digestOf([body.apiVersion, spec, simulated ?? '']));
}

const isSame = (a: KubeObject, b: KubeObject): boolean =>
  contentOf(a) === contentOf(b) && at(a, 'spec', 'replicas') === at(b, 'spec', 'replicas');
