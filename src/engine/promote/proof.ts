/** What stages have shown of a content, on all of their clusters that count. */
import type { ClusterId, Digest } from '../../core/model/id.ts';
import type { Placement, Stage } from '../../core/model/placement.ts';
import { type Evidence, hasProved, hasSoaked, isCurrent, isHealthy, isRequired } from '../../core/rollout/evidence.ts';
import { appCells, evidenceOf } from '../steer.ts';
import type { Content } from './contents.ts';
import type { PromoteView } from './promotable-stage.ts';

/** Everything of one App in one stage. */
export function evidencesIn(app: Placement['apps'][number], stage: Stage, input: PromoteView): readonly Evidence[] {
  const cells = appCells(app, input.compiled)?.cells ?? [];
  return cells.filter((cell) => cell.stage === stage.name).map((cell) => evidenceOf(cell, input));
}

/** How long until the next cluster of a placement has been well for long enough: time alone tells that, and no event. */
export function soakLeftMs({ apps, stages }: Placement, input: PromoteView): number | undefined {
  const soaking = stages.filter(({ soakMs }) => soakMs > 0);
  const left = apps.flatMap((app) =>
    soaking.flatMap((stage) =>
      evidencesIn(app, stage, input).flatMap(({ healthySinceMs }) =>
        healthySinceMs === undefined ? [] : [healthySinceMs + stage.soakMs - input.nowMs],
      ),
    ),
  );
  return left.filter((each) => each > 0).toSorted((a, b) => a - b)[0];
}

/** Why the stages have not shown a content to be good; undefined when all of them have, for every App. */
export function whyUnproved(
  stages: readonly Stage[],
  content: Content,
  { apps }: Placement,
  input: PromoteView,
): string | undefined {
  if (stages.length === 0) return 'no stage before it gives evidence';
  for (const stage of stages) {
    const reason = whyUnprovedBy(stage, content, apps, input);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function whyUnprovedBy(
  stage: Stage,
  content: Content,
  apps: Placement['apps'],
  input: PromoteView,
): string | undefined {
  let isSeen = false;
  for (const app of apps) {
    const [intent, all] = [content.apps.get(app), evidencesIn(app, stage, input)];
    // What is gone at the revision has nothing to show, and where it is not placed nothing can be shown.
    if (intent === undefined || all.length === 0) continue;
    isSeen = true;
    const required = all.filter(isRequired);
    if (required.length === 0) return `no cluster of stage ${stage.name} gives evidence`;
    const reason = unsettled(required, intent, stage, input.nowMs);
    if (reason !== undefined) return reason;
  }
  return isSeen ? undefined : `no cluster of stage ${stage.name} gives evidence`;
}

function unsettled(
  required: readonly Evidence[],
  intent: Digest,
  { name, soakMs }: Stage,
  nowMs: number,
): string | undefined {
  const told = (some: readonly Evidence[], what: string): string =>
    `stage ${name} ${what} on ${few(some.map(({ cluster }) => cluster))}`;
  // What it wants now must be well now; what it wanted before must have been well for long enough.
  const aiming = required.filter(({ aim }) => aim?.intent === intent);
  const behind = aiming.filter((cell) => !isCurrent(cell));
  if (behind.length > 0) return told(behind, 'is not there yet');
  const ill = aiming.filter((cell) => !isHealthy(cell));
  if (ill.length > 0) return told(ill, 'is not healthy');
  const soaking = aiming.filter((cell) => !hasSoaked(cell, soakMs, nowMs));
  if (soaking.length > 0) {
    const doneAtMs = Math.max(...soaking.map(({ healthySinceMs }) => (healthySinceMs ?? nowMs) + soakMs));
    return `stage ${name} soaks until ${new Date(doneAtMs).toISOString()}`;
  }
  const others = required.filter(({ aim }) => aim?.intent !== intent);
  const unproved = others.filter((cell) => !hasProved(cell, intent, soakMs, nowMs));
  return unproved.length === 0 ? undefined : told(unproved, 'has not shown it to be good');
}

const few = (names: readonly ClusterId[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
