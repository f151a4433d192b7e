/** Which cells of one App may change now: a function of evidence, and of nothing else. */
import type { CellId } from '../model/id.ts';
import { earlierOf, unsettled } from './before.ts';
import { decideStage } from './decide-stage.ts';
import { isRequired } from './evidence.ts';
import { askKey, type GateAsk } from './gate-state.ts';
import { Leads } from './leads.ts';
import { type Beside, type Decision, nothingBeside, type Rollout, type StageCells, type StageState } from './stage.ts';

/**
 * Decides for all cells of one App in one placement.
 *
 * Shape: stages as written, waves inside a stage in order; the first cluster of all goes alone, so that no cause changes a
 *   second cluster before the first has given evidence, unless the stage wants all at once. A cell that returns to what was
 *   once good there goes at once, but for freezes and quarantine.
 */
export function decideRollout(stages: readonly StageCells[], nowMs: number, beside: Beside = nothingBeside): Rollout {
  const decisions = new Map<CellId, Decision>();
  const states: StageState[] = [];
  const wakes: number[] = [];
  const asks = new Map<string, GateAsk>();
  const filled = stages.filter(({ waves }) => waves.some((wave) => wave.length > 0));
  const first = filled.find((each) => earlierOf(each, stages).length === 0);
  const lead = first?.stage.isAtOnce === true ? undefined : first?.waves.flat().find(isRequired);
  const leads = new Leads(filled.flatMap(({ waves }) => waves.flat()));
  for (const here of filled) {
    const isBeginning = earlierOf(here, stages).length === 0;
    const waves = here === first && lead !== undefined ? leadFirst(here.waves, lead) : here.waves;
    const behind = isBeginning && here !== first && lead !== undefined ? unsettled([lead], 0, nowMs, wakes) : undefined;
    const decided = decideStage({
      here: { ...here, waves },
      leads,
      leadReason: behind === undefined ? undefined : `waits for ${lead?.cluster}: ${behind.text}`,
      entrance: { stages, beside, nowMs, wakes },
    });
    for (const [cell, decision] of decided.decisions) decisions.set(cell, decision);
    for (const ask of decided.asks) asks.set(askKey(ask), ask);
    states.push(decided.state);
  }
  const wakeAtMs = wakes.filter((at) => at > nowMs).toSorted((a, b) => a - b)[0];
  return { decisions, stages: states, wakeAtMs, asks: [...asks.values()] };
}

/** The first cluster that can give evidence goes before all others. */
const leadFirst = (waves: StageCells['waves'], lead: StageCells['waves'][number][number]): StageCells['waves'] => [
  [lead],
  ...waves.map((wave) => wave.filter((cell) => cell !== lead)),
];
