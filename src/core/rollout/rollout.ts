/** Which cells of one App may change now: a function of evidence, and of nothing else. */
import type { CellId } from '../model/id.ts';
import { unreachable } from '../model/invariant.ts';
import type { IntOrShare, Stage } from '../model/placement.ts';
import {
  type Evidence,
  failureOf,
  hasProved,
  hasSoaked,
  isCurrent,
  isHealthy,
  isMoving,
  isRequired,
  isReturn,
} from './evidence.ts';

/** A stage with its cells, wave by wave. */
export type StageCells = { readonly stage: Stage; readonly waves: readonly (readonly Evidence[])[] };

export type Decision =
  /** Change to the aim, or stay there. */
  | { readonly kind: 'go' }
  /** Keep what it holds. */
  | { readonly kind: 'wait'; readonly reason: string };

export type StageState = {
  readonly stage: string;
  readonly state: 'complete' | 'progressing' | 'waiting' | 'stopped';
  readonly reason: string | undefined;
};

export type Rollout = {
  readonly decisions: ReadonlyMap<CellId, Decision>;
  readonly stages: readonly StageState[];
  /** When time alone may change the answer; undefined when it cannot. */
  readonly wakeAtMs: number | undefined;
};

/**
 * Decides for all cells of one App in one placement.
 *
 * Shape: stages in order, waves inside a stage in order; the first cluster of all goes alone, so that no cause changes a
 *   second cluster before the first has given evidence, unless the stage wants all at once. A cell that returns to what was once good there goes at once.
 */
export function decideRollout(stages: readonly StageCells[], nowMs: number): Rollout {
  const filled = stages.filter(({ waves }) => waves.some((wave) => wave.length > 0));
  const decisions = new Map<CellId, Decision>();
  const states: StageState[] = [];
  const wakes: number[] = [];
  for (const [index, here] of filled.entries()) {
    const gate = gateOf(filled[index - 1], nowMs, wakes);
    const waves = index === 0 && here.stage.isAtOnce !== true ? leadFirst(here.waves) : here.waves;
    const state = decideStage({ ...here, waves }, gate, nowMs, decisions, wakes);
    states.push({ stage: here.stage.name, ...state });
  }
  const wakeAtMs = wakes.filter((at) => at > nowMs).toSorted((a, b) => a - b)[0];
  return { decisions, stages: states, wakeAtMs };
}

/** Why a cell may not move yet, as the stage before sees it; undefined when it may. */
type Gate = (cell: Evidence) => string | undefined;

const open: Gate = () => undefined;

function gateOf(earlier: StageCells | undefined, nowMs: number, wakes: number[]): Gate {
  if (earlier === undefined) return open;
  const { stage } = earlier;
  const required = earlier.waves.flat().filter(isRequired);
  const settled = unsettled(required, stage.soakMs, nowMs, wakes);
  if (required.length === 0) return () => `no cluster of stage ${stage.name} gives evidence`;
  return (cell) => {
    const intent = cell.aim?.intent;
    const unproved =
      intent === undefined ? [] : required.filter((each) => !hasProved(each, intent, stage.soakMs, nowMs));
    // A stage that has moved on to something newer still vouches for what it ran well before. But when the cell's own
    // intent stays and something else changed it, a label or a variable, the stage before must have taken that first.
    const isSameIntent = cell.held !== undefined && cell.held.intent === intent;
    const isSameAsEarlier = required.every((each) => each.aim?.intent === intent);
    if (unproved.length > 0 && !isSameAsEarlier)
      return `stage ${stage.name} has not shown this revision to be good on ${unproved.map(({ cluster }) => cluster).join(', ')}`;
    if ((isSameIntent || isSameAsEarlier) && settled !== undefined) return `waits for stage ${stage.name}: ${settled}`;
    return undefined;
  };
}

/** What keeps some cells from being done; undefined when all are current, healthy and soaked. */
function unsettled(cells: readonly Evidence[], soakMs: number, nowMs: number, wakes: number[]): string | undefined {
  const behind = cells.filter((cell) => !isCurrent(cell));
  if (behind.length > 0) return `${cells.length - behind.length} of ${cells.length} clusters changed`;
  const ill = cells.filter((cell) => !isHealthy(cell));
  if (ill.length > 0) return `${cells.length - ill.length} of ${cells.length} clusters healthy`;
  const soaking = cells.filter((cell) => !hasSoaked(cell, soakMs, nowMs));
  if (soaking.length === 0) return undefined;
  const doneAtMs = Math.max(...soaking.map(({ healthySinceMs }) => (healthySinceMs ?? nowMs) + soakMs));
  wakes.push(doneAtMs);
  return `soaking until ${new Date(doneAtMs).toISOString()}`;
}

/** The first cluster that can give evidence goes before all others. */
function leadFirst(waves: StageCells['waves']): StageCells['waves'] {
  const lead = waves.flat().find(isRequired);
  if (lead === undefined) return waves;
  return [[lead], ...waves.map((wave) => wave.filter((cell) => cell !== lead))];
}

function decideStage(
  { stage, waves }: StageCells,
  gate: Gate,
  nowMs: number,
  decisions: Map<CellId, Decision>,
  wakes: number[],
): Omit<StageState, 'stage'> {
  const cells = waves.flat();
  const failures = cells.flatMap((cell) => failureOf(cell, stage.progressDeadlineMs, nowMs) ?? []);
  const stop =
    failures.length > stage.maxFailures
      ? `${failures.length} of ${cells.length} clusters failed: ${failures[0]}`
      : undefined;
  wakes.push(
    ...cells
      .filter((cell) => !isHealthy(cell))
      .flatMap(({ appliedAtMs }) => (appliedAtMs === undefined ? [] : [appliedAtMs + stage.progressDeadlineMs + 1])),
  );
  let budget =
    limitOf(stage.maxUnavailable, cells.length) - cells.filter((cell) => isRequired(cell) && !isAvailable(cell)).length;
  let before: string | undefined;
  for (const wave of waves) {
    for (const cell of wave) {
      const reason = isReturn(cell) ? undefined : (gate(cell) ?? stop ?? before);
      const decision = decide(cell, reason, budget);
      decisions.set(cell.cell, decision);
      if (decision.kind === 'go' && isRequired(cell) && isAvailable(cell) && !isCurrent(cell) && !isMoving(cell))
        budget -= 1;
    }
    before ??= unfinished(wave, waves.length > 1 ? (stage.waves?.soakMs ?? 0) : 0, nowMs, wakes);
  }
  return stateOf(cells, decisions, stop, stage, nowMs);
}

const isAvailable = (cell: Evidence): boolean => cell.held !== undefined && isHealthy(cell) && !isMoving(cell);

function decide(cell: Evidence, reason: string | undefined, budget: number): Decision {
  // What was begun goes on, also after a failure: trying again is how anybody finds out that it was mended.
  if (isCurrent(cell) || isMoving(cell) || cell.failure !== undefined) return { kind: 'go' };
  if (reason !== undefined) return { kind: 'wait', reason };
  // What is unavailable already loses nothing by being changed, and may be mended by it.
  if (isRequired(cell) && isAvailable(cell) && budget <= 0)
    return { kind: 'wait', reason: 'as many clusters as allowed are unavailable' };
  return { kind: 'go' };
}

function unfinished(wave: readonly Evidence[], soakMs: number, nowMs: number, wakes: number[]): string | undefined {
  const reason = unsettled(wave.filter(isRequired), soakMs, nowMs, wakes);
  return reason === undefined ? undefined : `waits for ${namesOf(wave)}: ${reason}`;
}

const namesOf = (wave: readonly Evidence[]): string => {
  const names = wave.map(({ cluster }) => cluster);
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
};

function stateOf(
  cells: readonly Evidence[],
  decisions: ReadonlyMap<CellId, Decision>,
  stop: string | undefined,
  stage: Stage,
  nowMs: number,
): Omit<StageState, 'stage'> {
  if (stop !== undefined) return { state: 'stopped', reason: stop };
  const reason = unsettled(cells.filter(isRequired), stage.soakMs, nowMs, []);
  if (reason === undefined) return { state: 'complete', reason: undefined };
  const all = cells.map((cell) => decisions.get(cell.cell));
  const waiting = all.find((decision) => decision?.kind === 'wait');
  const isAnyGoing = cells.some((cell) => !isCurrent(cell) && decisions.get(cell.cell)?.kind === 'go');
  if (isAnyGoing || waiting?.kind !== 'wait') return { state: 'progressing', reason };
  return { state: 'waiting', reason: waiting.reason };
}

function limitOf(limit: IntOrShare, count: number): number {
  switch (limit.kind) {
    case 'count':
      return Math.max(1, limit.count);
    case 'share':
      return Math.max(1, Math.floor((count * limit.percent) / 100));
    default:
      return unreachable(limit);
  }
}
