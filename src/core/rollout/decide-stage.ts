/** Which cells of one stage may change now. */
import type { Bypass } from '../model/gate.ts';
import type { CellId } from '../model/id.ts';
import { unreachable } from '../model/invariant.ts';
import type { IntOrShare } from '../model/placement.ts';
import { unsettled } from './before.ts';
import { bypassAt, describeBypass } from './bypass.ts';
import { type Entrance, type EntranceInput, entranceOf } from './entrance.ts';
import { type Evidence, failureOf, isCurrent, isHealthy, isMoving, isRequired, isReturn } from './evidence.ts';
import { describeFreeze, freezeFor, freezeTimes, isFrozen, stillFor } from './freeze.ts';
import type { GateAsk, GateState } from './gate-state.ts';
import type { Leads } from './leads.ts';
import type { Decision, StageCells, StageState } from './stage.ts';

export type StageInput = {
  readonly here: StageCells;
  /** Why nothing of it may go before the first cluster of all; undefined when it may. */
  readonly leadReason: string | undefined;
  readonly leads: Leads;
  readonly entrance: EntranceInput;
};

export type DecidedStage = {
  readonly decisions: ReadonlyMap<CellId, Decision>;
  readonly state: StageState;
  readonly asks: readonly GateAsk[];
};

export function decideStage(input: StageInput): DecidedStage {
  const { here, leadReason, leads, entrance } = input;
  const { stage, waves } = here;
  const { nowMs, wakes } = entrance;
  const cells = waves.flat();
  const stop = stopOf(here, nowMs);
  wakes.push(
    ...cells
      .filter((cell) => !isHealthy(cell))
      .flatMap(({ appliedAtMs }) => (appliedAtMs === undefined ? [] : [appliedAtMs + stage.progressDeadlineMs + 1])),
    ...cells.flatMap(({ freezes }) => freezeTimes(freezes, nowMs)),
  );
  const entrances = entrancesOf(here, entrance);
  const bypass = bypassAt(entrance.beside.pinOf(stage.name)?.bypass, nowMs);
  const isFree = stage.isAtOnce === true || bypass?.gates.includes('Evidence') === true;
  const decisions = new Map<CellId, Decision>();
  let budget =
    limitOf(stage.maxUnavailable, cells.length) - cells.filter((cell) => isRequired(cell) && !isAvailable(cell)).length;
  let before: string | undefined;
  for (const wave of waves) {
    for (const cell of wave) {
      const decision = isUnderWay(cell)
        ? go
        : decide(cell, {
            barred: barred(cell, input),
            shut: entrances(cell)?.reason,
            turn: leadReason ?? stop ?? before ?? (isFree ? undefined : leads.hindranceOf(cell)),
            budget,
          });
      if (decision.kind === 'go') leads.begin(cell);
      decisions.set(cell.cell, still(cell, decision, nowMs));
      if (decision.kind === 'go' && isRequired(cell) && isAvailable(cell) && !isUnderWay(cell)) budget -= 1;
    }
    before ??= unfinished(wave, waves.length > 1 ? (stage.waves?.soakMs ?? 0) : 0, nowMs, wakes);
  }
  const waiting = cells.filter((cell) => decisions.get(cell.cell)?.kind === 'wait' && !isCurrent(cell));
  return {
    decisions,
    state: { ...progressOf(cells, decisions, stop, input), ...gatesOf(waiting, input, entrances) },
    asks: cells
      .filter((cell) => waiting.includes(cell) || isAboutToEnter(cell))
      .filter((cell) => barred(cell, input) === undefined)
      .flatMap((cell) => entrances(cell)?.asks ?? []),
  };
}

type Entrances = (cell: Evidence) => Entrance | undefined;

/** Cells that hold the same and are to hold the same pass the same gates. */
function entrancesOf(here: StageCells, input: EntranceInput): Entrances {
  const known = new Map<string, Entrance>();
  return ({ aim, held, revision }) => {
    if (aim === undefined) return undefined;
    const key = `${revision} ${aim.intent} ${held?.intent}`;
    const entrance = known.get(key) ?? entranceOf(here, { revision, intent: aim.intent }, held?.intent, input);
    known.set(key, entrance);
    return entrance;
  };
}

function stopOf({ stage, waves }: StageCells, nowMs: number): string | undefined {
  const cells = waves.flat();
  const failures = cells.flatMap((cell) => failureOf(cell, stage.progressDeadlineMs, nowMs) ?? []);
  if (failures.length <= stage.maxFailures) return undefined;
  return `${failures.length} of ${cells.length} clusters failed: ${failures[0]}`;
}

/** What nothing but an operator or a person lifts, whatever a revision has shown; also of a return. */
function barred(cell: Evidence, { here, entrance: { beside, nowMs } }: StageInput): string | undefined {
  const move = { isReturn: isReturn(cell), isFailover: cell.isFailover };
  const freeze = freezeFor(cell.freezes, move, beside.pinOf(here.stage.name)?.bypass, nowMs);
  if (freeze !== undefined) return describeFreeze(freeze);
  if (cell.aim === undefined || cell.held?.intent === cell.aim.intent) return undefined;
  const { revisions, intents } = beside.quarantine;
  const revision = cell.revision.slice(0, 12);
  if (revisions.has(cell.revision)) return `revision ${revision} is quarantined`;
  if (!intents.has(cell.aim.intent)) return undefined;
  // A commit may break one App and leave another as it was: what all of the stage runs is not what was meant.
  const holding = here.waves.flat().filter(({ held }) => held !== undefined);
  if (holding.length > 0 && holding.every(({ held }) => held?.intent === cell.aim?.intent)) return undefined;
  return `revision ${revision} holds what is quarantined`;
}

const go: Decision = { kind: 'go' };

/** It is there, or on its way: half of a change is worse than either end. */
const isUnderWay = (cell: Evidence): boolean => isCurrent(cell) || isMoving(cell);

/** What let it in must still be known when it is looked at again, or it would have to wait anew before it has begun. */
const isAboutToEnter = (cell: Evidence): boolean => !isUnderWay(cell) && !isReturn(cell);

const isAvailable = (cell: Evidence): boolean => cell.held !== undefined && isHealthy(cell) && !isMoving(cell);

/** In a freeze in which nothing is repaired, what is there already is left alone as well. */
function still(cell: Evidence, decision: Decision, nowMs: number): Decision {
  const freeze = stillFor(cell.freezes, nowMs);
  if (freeze === undefined || (decision.kind === 'go' && !isCurrent(cell))) return decision;
  const reason = decision.kind === 'wait' ? decision.reason : describeFreeze(freeze);
  return { kind: 'wait', reason, isStill: true };
}

type Hindrances = {
  readonly barred: string | undefined;
  readonly shut: string | undefined;
  readonly turn: string | undefined;
  readonly budget: number;
};

function decide(cell: Evidence, { barred: bar, shut, turn, budget }: Hindrances): Decision {
  if (bar !== undefined) return { kind: 'wait', reason: bar };
  if (isReturn(cell)) return withinBudget(cell, budget);
  if (shut !== undefined) return { kind: 'wait', reason: shut };
  // Also after a failure: trying again is how anybody finds out that it was mended.
  if (cell.failure !== undefined) return go;
  return turn === undefined ? withinBudget(cell, budget) : { kind: 'wait', reason: turn };
}

/** What is unavailable already loses nothing by being changed, and may be mended by it. */
function withinBudget(cell: Evidence, budget: number): Decision {
  if (isRequired(cell) && isAvailable(cell) && budget <= 0)
    return { kind: 'wait', reason: 'as many clusters as allowed are unavailable' };
  return go;
}

function unfinished(wave: readonly Evidence[], soakMs: number, nowMs: number, wakes: number[]): string | undefined {
  const open = unsettled(wave.filter(isRequired), soakMs, nowMs, wakes);
  return open === undefined ? undefined : `waits for ${namesOf(wave)}: ${open.text}`;
}

const namesOf = (wave: readonly Evidence[]): string => {
  const names = wave.map(({ cluster }) => cluster);
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
};

function progressOf(
  cells: readonly Evidence[],
  decisions: ReadonlyMap<CellId, Decision>,
  stop: string | undefined,
  { here: { stage }, entrance: { nowMs } }: StageInput,
): Pick<StageState, 'stage' | 'state' | 'reason'> {
  const { name } = stage;
  if (stop !== undefined) return { stage: name, state: 'stopped', reason: stop };
  const reason = unsettled(cells.filter(isRequired), stage.soakMs, nowMs, [])?.text;
  if (reason === undefined) return { stage: name, state: 'complete', reason: undefined };
  const all = cells.map((cell) => decisions.get(cell.cell));
  const waiting = all.find((decision) => decision?.kind === 'wait');
  const isAnyGoing = cells.some((cell) => !isCurrent(cell) && decisions.get(cell.cell)?.kind === 'go');
  if (isAnyGoing || waiting?.kind !== 'wait') return { stage: name, state: 'progressing', reason };
  return { stage: name, state: 'waiting', reason: waiting.reason };
}

function gatesOf(
  waiting: readonly Evidence[],
  { here, entrance: { beside, nowMs } }: StageInput,
  entrances: Entrances,
): Pick<StageState, 'bypassed' | 'gates' | 'revision'> {
  const { stage, waves } = here;
  const next = waiting[0] ?? waves.flat().find(({ aim }) => aim !== undefined);
  const gates = next === undefined ? [] : (entrances(next)?.gates ?? []);
  // Of what nobody waits for nobody asks: that it is not known is no news.
  const told = waiting.length > 0 ? gates : gates.filter(({ text }) => text !== 'not asked yet');
  const bypass = bypassAt(beside.pinOf(stage.name)?.bypass, nowMs);
  return {
    gates: [...told, ...freezeState(next, here, bypass, nowMs)],
    revision: next?.revision,
    bypassed: bypass === undefined ? undefined : describeBypass(bypass),
  };
}

/** Shape: none while no freeze is in force on the stage. */
function freezeState(
  next: Evidence | undefined,
  { waves }: StageCells,
  bypass: Bypass | undefined,
  nowMs: number,
): readonly GateState[] {
  const freezes = waves.flat().flatMap((cell) => cell.freezes.filter((each) => isFrozen(each, nowMs)));
  const [first] = freezes;
  if (first === undefined) return [];
  const move = { isReturn: next !== undefined && isReturn(next), isFailover: next?.isFailover === true };
  const hold = next === undefined ? undefined : freezeFor(next.freezes, move, undefined, nowMs);
  const isBypassed = hold !== undefined && freezeFor([hold], move, bypass, nowMs) === undefined;
  const result = hold === undefined ? 'pass' : 'pending';
  return [{ gate: 'Freeze', kind: 'freeze', result, text: describeFreeze(hold ?? first), atMs: undefined, isBypassed }];
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
