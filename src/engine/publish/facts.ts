/** What the engine knows of a cell, as statuses look at it. */
import type { Cell, Vanished } from '../../core/model/cell.ts';
import type { ClusterId } from '../../core/model/id.ts';
import type { Stage } from '../../core/model/placement.ts';
import type { CellFacts, Contact } from '../../core/report/standing.ts';
import { type Evidence, failureOf, isCurrent, isHealthy } from '../../core/rollout/evidence.ts';
import type { Engine } from '../engine.ts';
import type { CellStatus } from '../ledger.ts';
import type { Member } from '../member/member.ts';
import { evidenceOf } from '../steer.ts';

/** Of a stage that is no more, and of what is to be removed. */
const graceMs = 600_000;

export type EngineView = Pick<Engine, 'fleet' | 'judgement' | 'ledger' | 'revision' | 'steering'>;

export function factsOfCell(cell: Cell, stage: Stage | undefined, engine: EngineView, nowMs: number): CellFacts {
  const { fleet, ledger, judgement, steering } = engine;
  const status = ledger.of(cell.id);
  const evidence = evidenceOf(cell, { members: fleet.members, ledger });
  const decision = steering.decisionOf(cell.id);
  const isAtAim = evidence.aim !== undefined && evidence.held?.digest === evidence.aim.digest;
  // What was said of another commit's wish says nothing about this one's.
  const current = status !== undefined && (isAtAim || status.commit === cell.commit) ? status : undefined;
  const deadlineMs = stage?.progressDeadlineMs ?? graceMs;
  return {
    cluster: cell.cluster,
    contact: contactOf(fleet.worker(cell.cluster)?.member),
    graceMs: deadlineMs,
    isSuspended: cell.isSuspended,
    unknown: cell.aim.kind === 'hold' ? undefined : cell.aim.reason,
    isSeen: isSeen(status),
    isAtAim,
    // The record is written after the run that saw it well; until then the ledger may tell of what was there before.
    isWell: isCurrent(evidence) && isHealthy(evidence) && evidence.healthySinceMs !== undefined,
    failure: evidence.failure ?? (current?.state === 'Failed' ? current.message : undefined),
    lapse: isAtAim ? lapseOf(evidence, current, deadlineMs, nowMs) : undefined,
    lapsesAtMs: isAtAim && evidence.appliedAtMs !== undefined ? evidence.appliedAtMs + deadlineMs + 1 : undefined,
    deletes: judgement.waiting.get(cell.id)?.deletes,
    waits: decision?.kind === 'wait' ? decision.reason : undefined,
    message: current?.message,
  };
}

/** A cell that is to hold nothing any more, and still does. */
export function factsOfVanished({ record }: Vanished, { fleet, ledger, judgement }: EngineView): CellFacts {
  const status = ledger.of(record.cell);
  return {
    cluster: record.cluster,
    contact: contactOf(fleet.worker(record.cluster)?.member),
    graceMs,
    isSuspended: false,
    unknown: undefined,
    isSeen: true,
    isAtAim: false,
    isWell: false,
    failure: status?.state === 'Failed' ? status.message : undefined,
    lapse: undefined,
    lapsesAtMs: undefined,
    deletes: judgement.waiting.get(record.cell)?.deletes,
    waits: undefined,
    message: status?.message ?? 'to be removed',
  };
}

function contactOf(member: Member | undefined): Contact {
  if (member === undefined) return { kind: 'none' };
  switch (member.state.kind) {
    case 'connecting':
      return { kind: 'none' };
    case 'ready':
      return { kind: 'answers' };
    default:
      return member.state;
  }
}

/** Has a run looked at it since it can be reached? A status of a cell that nobody worked on names no objects. */
const isSeen = (status: CellStatus | undefined): boolean =>
  status !== undefined &&
  status.state !== 'Unreachable' &&
  status.health !== 'Unknown' &&
  (status.isApplied || status.objects.desired > 0);

function lapseOf(
  evidence: Evidence,
  status: CellStatus | undefined,
  deadlineMs: number,
  nowMs: number,
): string | undefined {
  if (status?.state === 'Contested') return status.message ?? 'contested';
  return failureOf({ ...evidence, failure: undefined }, deadlineMs, nowMs);
}

/** Clusters that have not been read since the start: what they hold is not known. */
export const unreadClusters = ({ revision }: EngineView): ReadonlySet<ClusterId> =>
  revision?.world.observed.unread ?? new Set();
