/** Which gates, windows and freezes a pull request would have to pass once it is merged, and how they stand. */
import type { Compiled } from '../../core/compile/compile.ts';
import type { Gate } from '../../core/model/gate.ts';
import type { AppId } from '../../core/model/id.ts';
import type { Placement } from '../../core/model/placement.ts';
import type { AppTurns, PlannedGate, StageGates, StageTurn } from '../../core/preview/preview.ts';
import { bypassAt } from '../../core/rollout/bypass.ts';
import { describeFreeze, freezeFor } from '../../core/rollout/freeze.ts';
import { askKey, type GateState, type Subject } from '../../core/rollout/gate-state.ts';
import { isAsked } from '../../core/rollout/judge-gate.ts';
import type { Clock } from '../../seam/clock.ts';
import { freezesOn } from '../freezes.ts';
import { type Answer, pending } from '../gates/answer.ts';
import type { Checks } from '../gates/checks.ts';
import type { PlacedAsk } from '../gates/gate-view.ts';
import { type LookedGates, lookedGates } from '../gates/looked.ts';
import { Ledger } from '../ledger.ts';
import { appCells, besideOf, entranceFor, type SteerInput } from '../steer.ts';
import type { Seen } from './seen.ts';

/** Gates that are asked for one plan; nobody reads more of them. */
const asksMax = 30;

const laterTexts = {
  job: 'is run when the change is there',
  unmerged: 'is asked once this is merged',
  more: 'is asked when the change is there',
} as const;

const isLater = (text: string): boolean => Object.values<string>(laterTexts).includes(text);

/** Gates as a plan looks at them. Shape: no Job is run, and nobody is asked what only a pull request wants to know. */
export function gatesOfPlans(checks: Checks, before: Compiled, clock: Clock): LookedGates {
  let asked = 0;
  const look = async (each: PlacedAsk, signal: AbortSignal): Promise<Answer> => {
    if (each.ask.gate.check.kind === 'job') return pending(laterTexts.job);
    if (each.ask.gate.check.kind === 'approval') return pending(laterTexts.unmerged);
    if (!isKnown(each, before)) return pending(laterTexts.unmerged);
    asked += 1;
    return asked > asksMax ? pending(laterTexts.more) : checks.look(each, signal);
  };
  return lookedGates({ ...checks, look }, clock);
}

/** Whoever may propose may not yet say where a question goes. */
function isKnown({ placement, ask }: PlacedAsk, { gathered }: Compiled): boolean {
  const own = gathered.placements.find(
    ({ id, repository }) => id === placement.id && repository === placement.repository,
  );
  const stage = own?.stages.find(({ name }) => name === ask.stage);
  return stage?.gates?.some((gate) => askKey({ ...ask, gate }) === askKey(ask)) === true;
}

/** Shape: a stage that asks for nothing is left out. Errors: the signal's reason. */
export async function gatesOnTheWay(
  turns: readonly AppTurns[],
  seen: Seen,
  signal: AbortSignal,
): Promise<readonly StageGates[]> {
  const stages = turns.flatMap(({ app, stages: all }) =>
    all.flatMap((turn) => (turn.isPinned || turn.clusters.length > 0 ? (stageOf(app, turn, seen) ?? []) : [])),
  );
  const asks = stages.flatMap(({ app, placement, name, gates, subject }) =>
    gates.map((gate) => ({ app, placement, ask: { stage: name, gate, subject } })),
  );
  await seen.survey.gates.look(
    asks.filter(({ ask }) => isAsked(ask)),
    signal,
  );
  const input = inputOf(seen);
  return stages.flatMap((stage): readonly StageGates[] => {
    const gates = [...ownGates(stage, seen, input), ...freezeGates(stage, input)];
    return gates.length === 0 ? [] : [{ app: stage.app, stage: stage.name, gates }];
  });
}

type OnTheWay = {
  readonly app: AppId;
  readonly name: string;
  readonly turn: StageTurn;
  readonly placement: Placement;
  readonly gates: readonly Gate[];
  readonly subject: Subject;
};

function stageOf(app: AppId, turn: StageTurn, { survey, plan }: Seen): OnTheWay | undefined {
  const { compiled } = survey.revision;
  const placement = appCells(app, compiled)?.placement;
  const stage = placement?.stages.find(({ name }) => name === turn.stage);
  const intent = compiled.gathered.intents.get(app)?.digest;
  if (placement === undefined || stage === undefined || intent === undefined) return undefined;
  const subject = { revision: plan.commit, intent };
  return { app, name: stage.name, turn, placement, gates: stage.gates ?? [], subject };
}

function inputOf({ survey, outlook }: Seen): SteerInput {
  const ledger = new Ledger();
  for (const status of outlook.statuses.values()) ledger.set(status);
  const { revision, members, gates, nowMs } = survey;
  return { compiled: revision.compiled, members, ledger, gates, nowMs };
}

function ownGates({ app, name, subject, turn }: OnTheWay, seen: Seen, input: SteerInput): readonly PlannedGate[] {
  const all = entranceFor(app, name, subject, input)?.gates ?? [];
  const own = all.filter(({ kind }) => kind !== 'evidence' && kind !== 'soak');
  // What was good there once may return through all of them.
  if (turn.clusters.length > 0 && isFree(app, turn, seen) && own.some(({ result }) => result !== 'pass')) return [];
  return own.map(plannedGate);
}

/** Does any of them go, whatever the gates say? */
function isFree(app: AppId, { clusters }: StageTurn, { plan, outlook }: Seen): boolean {
  const here = plan.cells.filter((cell) => cell.app === app && clusters.includes(cell.cluster));
  return here.some(({ cell }) => outlook.decisions.get(cell)?.kind === 'go');
}

const words = { pass: 'passes', fail: 'fails', pending: 'waits', unknown: 'unknown' } as const;

function plannedGate({ gate, kind, result, text, isBypassed }: GateState): PlannedGate {
  if (isBypassed) return { name: gate, state: 'bypassed', text };
  // A person says yes to what is on the branch, and that is not there yet.
  if (kind === 'approval') return { name: gate, state: 'later', text: 'somebody approves the merged commit' };
  return { name: gate, state: isLater(text) ? 'later' : words[result], text };
}

/** Shape: the first freeze that would hold it up. */
function freezeGates({ app, name, turn }: OnTheWay, input: SteerInput): readonly PlannedGate[] {
  const { compiled, nowMs } = input;
  const group = appCells(app, compiled);
  const pin = group === undefined ? undefined : besideOf(group, input).pinOf(name);
  const here = group?.cells.filter(
    ({ stage, cluster }) => stage === name && (turn.isPinned || turn.clusters.includes(cluster)),
  );
  const move = { isReturn: false, isFailover: false };
  for (const { cluster } of here ?? []) {
    const freezes = freezesOn(cluster, compiled.gathered);
    const freeze = freezeFor(freezes, move, undefined, nowMs);
    if (freeze === undefined) continue;
    const isBypassed = freezeFor(freezes, move, bypassAt(pin?.bypass, nowMs), nowMs) === undefined;
    return [{ name: 'Freeze', state: isBypassed ? 'bypassed' : 'waits', text: describeFreeze(freeze) }];
  }
  return [];
}
