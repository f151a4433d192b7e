/** What a revision has to pass before it enters a stage: one judgement, for decisions, promotions and whoever asks why. */
import type { Digest } from '../model/id.ts';
import { earlierOf, shownBefore } from './before.ts';
import { bypassAt } from './bypass.ts';
import { describeGate, type GateAsk, type GateState, isOpen, type Subject } from './gate-state.ts';
import { askOf, isAsked, judgeGate } from './judge-gate.ts';
import type { Beside, StageCells } from './stage.ts';

export type Entrance = {
  /** `Evidence` and `Soak` of the stages before, then the stage's own gates as written. */
  readonly gates: readonly GateState[];
  /** Why it may not enter; undefined when it may. */
  readonly reason: string | undefined;
  /** Gates that somebody has to look at; none while the stages before have not shown it to be good. */
  readonly asks: readonly GateAsk[];
};

export type EntranceInput = {
  /** All stages of the placement, with their cells of the App. */
  readonly stages: readonly StageCells[];
  readonly beside: Beside;
  readonly nowMs: number;
  readonly wakes: number[];
};

/** `held`: the content that is there now, when the question is about a cell. */
export function entranceOf(
  here: StageCells,
  subject: Subject,
  held: Digest | undefined,
  { stages, beside, nowMs, wakes }: EntranceInput,
): Entrance {
  const { stage } = here;
  const pin = beside.pinOf(stage.name);
  const bypass = bypassAt(pin?.bypass, nowMs);
  if (bypass !== undefined) wakes.push(bypass.untilMs);
  const before = builtIn(earlierOf(here, stages), subject, held, bypass?.gates ?? [], nowMs, wakes);
  const look = { stage: stage.name, pin, evidenceOf: beside.evidenceOf, nowMs, wakes };
  const own = (stage.gates ?? []).map((gate) => judgeGate(gate, subject, look));
  const isShown = before.every(isOpen);
  const asks = (stage.gates ?? []).flatMap((gate, index): readonly GateAsk[] => {
    const ask = askOf(gate, subject, look);
    return isShown && isAsked(ask) && own[index]?.isBypassed === false ? [ask] : [];
  });
  const gates = [...before, ...own];
  const shut = gates.find((gate) => !isOpen(gate));
  return { gates, reason: shut === undefined ? undefined : describeGate(shut), asks };
}

function builtIn(
  earlier: readonly StageCells[],
  { intent }: Subject,
  held: Digest | undefined,
  bypassed: readonly string[],
  nowMs: number,
  wakes: number[],
): readonly GateState[] {
  if (earlier.length === 0) return [];
  const shown = shownBefore(earlier, intent, held, nowMs, wakes);
  const names = earlier.map(({ stage }) => stage.name).join(', ');
  const state = (gate: 'Evidence' | 'Soak', missing: string | undefined, text: string): GateState => ({
    gate,
    kind: gate === 'Evidence' ? 'evidence' : 'soak',
    result: missing === undefined ? 'pass' : 'pending',
    text: missing ?? text,
    atMs: undefined,
    isBypassed: bypassed.includes(gate),
  });
  const hasSoak = earlier.some(({ stage }) => stage.soakMs > 0);
  return [
    state('Evidence', shown.evidence, `shown to be good by ${names}`),
    ...(hasSoak ? [state('Soak', shown.soak ?? shown.evidence, `soaked on ${names}`)] : []),
  ];
}
