/** What the stages before a stage have shown of what it is to take. */
import type { Digest } from '../model/id.ts';
import { type Evidence, hasProved, hasSoaked, isCurrent, isHealthy, isRequired } from './evidence.ts';
import type { StageCells } from './stage.ts';

/** Why not yet; undefined when there is nothing to wait for. */
export type Shown = { readonly evidence: string | undefined; readonly soak: string | undefined };

/**
 * Shape: the stages with cells that come before a stage. One without cells can show nothing, so those before it count.
 * Cost: the stages.
 */
export function earlierOf({ stage }: StageCells, all: readonly StageCells[]): readonly StageCells[] {
  const found = new Set<StageCells>();
  const seen = new Set<string>();
  const visit = (each: StageCells): void => {
    for (const name of namesBefore(each, all)) {
      const earlier = all.find((other) => other.stage.name === name);
      if (earlier === undefined || seen.has(name) || name === stage.name) continue;
      seen.add(name);
      if (earlier.waves.some((wave) => wave.length > 0)) found.add(earlier);
      else visit(earlier);
    }
  };
  const here = all.find((each) => each.stage === stage);
  if (here !== undefined) visit(here);
  return [...found];
}

function namesBefore({ stage }: StageCells, all: readonly StageCells[]): readonly string[] {
  if (stage.after !== undefined) return stage.after;
  const index = all.findIndex((each) => each.stage === stage);
  return all.slice(Math.max(0, index - 1), index).map((each) => each.stage.name);
}

/** `held`: the content that the cell in question has now. */
export function shownBefore(
  earlier: readonly StageCells[],
  intent: Digest | undefined,
  held: Digest | undefined,
  nowMs: number,
  wakes: number[],
): Shown {
  const all = earlier.map((each) => shownBy(each, intent, held, nowMs, wakes));
  return {
    evidence: all.find(({ evidence }) => evidence !== undefined)?.evidence,
    soak: all.find(({ soak }) => soak !== undefined)?.soak,
  };
}

function shownBy(
  { stage, waves }: StageCells,
  intent: Digest | undefined,
  held: Digest | undefined,
  nowMs: number,
  wakes: number[],
): Shown {
  const required = waves.flat().filter(isRequired);
  const nothing = { evidence: undefined, soak: undefined };
  if (required.length === 0) return { ...nothing, evidence: `no cluster of stage ${stage.name} gives evidence` };
  // A stage that has moved on to something newer still vouches for what it ran well before. But when the cell's own
  // intent stays and something else changed it, a label or a variable, the stage before must have taken that first.
  const isSameIntent = held !== undefined && held === intent;
  const isSameAsEarlier = required.every((each) => each.aim?.intent === intent);
  if (intent !== undefined && !isSameAsEarlier) {
    const lacking = (soakMs: number): string | undefined => {
      const unproved = required.filter((each) => !hasProved(each, intent, soakMs, nowMs));
      if (unproved.length === 0) return undefined;
      return `stage ${stage.name} has not shown this revision to be good on ${unproved.map(({ cluster }) => cluster).join(', ')}`;
    };
    const evidence = lacking(0);
    if (evidence !== undefined) return { ...nothing, evidence };
    const soak = lacking(stage.soakMs);
    if (soak !== undefined) {
      wakes.push(...required.flatMap(({ healthySinceMs }) => (healthySinceMs ?? nowMs) + stage.soakMs));
      return { ...nothing, soak };
    }
  }
  if (!isSameIntent && !isSameAsEarlier) return nothing;
  const open = unsettled(required, stage.soakMs, nowMs, wakes);
  if (open === undefined) return nothing;
  const text = `waits for stage ${stage.name}: ${open.text}`;
  return open.isSoaking ? { ...nothing, soak: text } : { ...nothing, evidence: text };
}

export type Unsettled = { readonly text: string; readonly isSoaking: boolean };

/** What keeps some cells from being done; undefined when all are current, healthy and soaked. */
export function unsettled(
  cells: readonly Evidence[],
  soakMs: number,
  nowMs: number,
  wakes: number[],
): Unsettled | undefined {
  const behind = cells.filter((cell) => !isCurrent(cell));
  const counted = (some: readonly Evidence[], how: string): Unsettled => ({
    text: `${cells.length - some.length} of ${cells.length} clusters ${how}`,
    isSoaking: false,
  });
  if (behind.length > 0) return counted(behind, 'changed');
  const ill = cells.filter((cell) => !isHealthy(cell));
  if (ill.length > 0) return counted(ill, 'healthy');
  const soaking = cells.filter((cell) => !hasSoaked(cell, soakMs, nowMs));
  if (soaking.length === 0) return undefined;
  const doneAtMs = Math.max(...soaking.map(({ healthySinceMs }) => (healthySinceMs ?? nowMs) + soakMs));
  wakes.push(doneAtMs);
  return { text: `soaking until ${new Date(doneAtMs).toISOString()}`, isSoaking: true };
}
