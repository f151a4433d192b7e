/** Freezes, cluster by cluster, as decisions and removals look at them. */
import type { Compiled } from '../core/compile/compile.ts';
import type { Cell } from '../core/model/cell.ts';
import { matches } from '../core/model/fleet.ts';
import type { Freeze } from '../core/model/gate.ts';
import type { ClusterId } from '../core/model/id.ts';
import type { Placement } from '../core/model/placement.ts';
import { describeFreeze, freezeFor } from '../core/rollout/freeze.ts';
import { lostAfterMs } from './member/member.ts';
import type { JudgedMembers } from './members.ts';

const none: readonly Freeze[] = [];

/** Those that select a cluster, whenever they hold. */
export function freezesOn(cluster: ClusterId, { freezes, fleet }: Compiled['gathered']): readonly Freeze[] {
  if (freezes.length === 0) return none;
  const here = fleet.get(cluster);
  return here === undefined ? none : freezes.filter(({ clusters }) => matches(clusters, here));
}

/** Why nothing is removed from a cluster; what is removed because a cluster is being emptied is failover. */
export function frozenRemoval(
  cluster: ClusterId,
  isFailover: boolean,
  gathered: Compiled['gathered'],
  nowMs: number,
): string | undefined {
  const freeze = freezeFor(freezesOn(cluster, gathered), { isReturn: false, isFailover }, undefined, nowMs);
  return freeze === undefined ? undefined : describeFreeze(freeze);
}

export type FailoverInput = { readonly compiled: Compiled; readonly members: JudgedMembers; readonly nowMs: number };

/** Does a cluster of the placement that is lost, or being emptied, leave to the cell what it is to hold? */
export function isFailover(cell: Cell, placement: Placement, { compiled, members, nowMs }: FailoverInput): boolean {
  if (cell.aim.kind !== 'hold') return false;
  const { intent } = cell.aim;
  const record = members.get(cell.cluster)?.records.of(cell.app)?.record;
  if (record !== undefined && record.intent !== intent) return false;
  return [...compiled.gathered.fleet.values()].some((cluster) => {
    if (cluster.id === cell.cluster || !placement.stages.some((stage) => matches(stage.clusters, cluster)))
      return false;
    const member = members.get(cluster.id);
    const isLost = member?.lostSinceMs !== undefined && nowMs - member.lostSinceMs >= lostAfterMs;
    if (cluster.lifecycle !== 'Draining' && !isLost) return false;
    return member?.records.of(cell.app)?.record?.intent === intent;
  });
}
