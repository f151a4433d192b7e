/** How much of a workload runs on a cluster, and how much of it there is no room for. */
import { at, isArray, isObject, type Json, numberOf, textOf } from '../json/value.ts';
import type { ClusterId } from '../model/id.ts';
import type { CopyRef } from '../model/intent.ts';
import type { KubeObject } from '../model/object.ts';
import { type LiveRead, type Observed, readKey } from '../model/observed.ts';
import type { PreferredDivision } from '../model/placement.ts';

/** A pod that finds no node for so long shows that there is no room. */
export const unschedulableMs = 60_000;

export type Count =
  | { readonly kind: 'known'; readonly running: number | undefined; readonly capacity: number | undefined }
  | { readonly kind: 'unknown'; readonly reason: string };

type Read = Omit<LiveRead, 'app'>;

/** The workload, then its pods. */
export function runningReads({ running, origin }: PreferredDivision, cluster: ClusterId): readonly Read[] {
  const { resource, group, namespace, name, pods } = running;
  const workload: CopyRef = { origin, cluster, resource, group, namespace, which: { kind: 'name', name } };
  const read = (copy: CopyRef, view: Read['view']): Read => ({ key: readKey(copy, view), view, copy });
  if (pods === undefined) return [read(workload, 'workload')];
  const which = { kind: 'selector', selector: pods } as const;
  return [read(workload, 'workload'), read({ origin, cluster, resource: 'pods', group: '', namespace, which }, 'pod')];
}

/**
 * Shape: nothing runs where nothing is there, or where nobody could be asked, as when no cluster is at hand; what could not be
 *   read is unknown. Source: KubeFed's scheduling of replicas.
 */
export function countOn(division: PreferredDivision, cluster: ClusterId, { reads, nowMs }: Observed): Count {
  const [workloadRead, podRead] = runningReads(division, cluster);
  const found = workloadRead === undefined ? undefined : reads.get(workloadRead.key);
  if (found?.kind === 'unreadable') return { kind: 'unknown', reason: `${cluster}: ${found.reason}` };
  const [workload] = found?.kind === 'found' ? found.objects : [];
  if (workload === undefined) return { kind: 'known', running: undefined, capacity: undefined };
  const wanted = numberOf(at(workload, 'spec', 'replicas')) ?? 0;
  const ready = numberOf(at(workload, 'status', 'readyReplicas')) ?? 0;
  if (wanted === ready || podRead === undefined) return { kind: 'known', running: ready, capacity: undefined };
  const pods = reads.get(podRead.key);
  if (pods?.kind === 'unreadable') return { kind: 'unknown', reason: `${cluster}: ${pods.reason}` };
  const all = pods?.kind === 'found' ? pods.objects : [];
  const homeless = all.filter((pod) => isUnschedulable(pod, nowMs)).length;
  return {
    kind: 'known',
    running: all.filter(isReady).length,
    capacity: homeless === 0 ? undefined : Math.max(0, wanted - homeless),
  };
}

const conditionOf = (pod: KubeObject, type: string): Json | undefined => {
  const conditions = at(pod, 'status', 'conditions');
  return (isArray(conditions) ? conditions : []).find((each) => isObject(each) && each.type === type);
};

const isRunning = (pod: KubeObject): boolean => at(pod, 'status', 'phase') === 'Running';

const isReady = (pod: KubeObject): boolean => isRunning(pod) && at(conditionOf(pod, 'Ready'), 'status') === 'True';

/** Since when no node takes it; undefined where one does, or may. */
export function unschedulableSinceMs(pod: KubeObject): number | undefined {
  const condition = conditionOf(pod, 'PodScheduled');
  const isHomeless =
    !isRunning(pod) && at(condition, 'status') === 'False' && at(condition, 'reason') === 'Unschedulable';
  const sinceMs = Date.parse(textOf(at(condition, 'lastTransitionTime')) ?? '');
  return isHomeless && !Number.isNaN(sinceMs) ? sinceMs : undefined;
}

function isUnschedulable(pod: KubeObject, nowMs: number): boolean {
  const sinceMs = unschedulableSinceMs(pod);
  return sinceMs !== undefined && nowMs - sinceMs > unschedulableMs;
}
