/** Steps of a commit as a whole: on the branch, read, and through the gates of each App. */
import { type Diagnostic, isError } from '../../core/model/diagnostic.ts';
import { isOpen } from '../../core/rollout/gate-state.ts';
import type { CommitInfo } from '../../seam/git.ts';
import type { FollowedRepository } from '../source/repository.ts';
import type { Explainable, ExplainedOutlook } from './explainable.ts';
import { type Step, short, step } from './step.ts';

/** How far back a commit is looked for. */
export const historyMax = 200;

export function headStep(
  index: number,
  head: CommitInfo | undefined,
  info: CommitInfo | undefined,
  { settings, state }: FollowedRepository,
): Step {
  const atMs = info?.committedAtMs;
  const branch = settings.branch === 'HEAD' ? 'the checked-out branch' : settings.branch;
  if (state.kind === 'stale') return step('head', undefined, 'bad', 'unread', { atMs, reason: state.reason });
  if (index === 0) return step('head', undefined, 'good', 'head', { atMs, reason: `the head of ${branch}` });
  const last = head === undefined ? '' : `; the head is ${short(head.commit)}`;
  if (index > 0) {
    const reason = `${index} commit${index === 1 ? '' : 's'} later on ${branch}${last}`;
    return step('head', undefined, 'waiting', 'superseded', { atMs, reason });
  }
  const reason = `not among the last ${historyMax} commits of ${branch}${last}`;
  return step('head', undefined, 'bad', 'not on the branch', { atMs, reason });
}

export function readStep({ revision }: Explainable, { settings }: FollowedRepository): Step {
  const errors = revision.compiled.diagnostics.filter(
    (each) => isError(each) && each.origin.repository === settings.id,
  );
  const [first] = errors;
  if (first === undefined) return step('read', undefined, 'good', 'read');
  const more = errors.length === 1 ? '' : ` and ${errors.length - 1} more`;
  return step('read', undefined, 'bad', 'errors', { reason: `${placeOf(first)} ${first.message}${more}` });
}

const placeOf = ({ origin, code }: Diagnostic): string => `${origin.path}:${origin.line}:${origin.column} ${code}`;

export function appStep(app: string, { revision }: Explainable): Step {
  const { cells, intents } = revision.compiled;
  const placed = [...cells.values()].filter((cell) => cell.app === app);
  const stages = new Set(placed.map(({ stage }) => stage));
  const origin = [...intents.values()].find(({ id }) => id === app)?.origin;
  const reason = origin === undefined ? undefined : `declared in ${origin.path}:${origin.line}`;
  const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  const result = `on ${counted(placed.length, 'cluster')} in ${counted(stages.size, 'stage')}`;
  return step('app', app, 'good', result, { reason });
}

/** Every gate that is looked at, stage by stage; what is bypassed says whose word it is. */
export function gateSteps(app: string, { stages }: ExplainedOutlook): readonly Step[] {
  const states = [...stages].find(([id]) => id === app)?.[1] ?? [];
  return states.flatMap(({ stage, gates, bypassed }) => [
    ...(bypassed === undefined ? [] : [step('gate', app, 'waiting', stage, { reason: bypassed })]),
    ...gates.map((gate) => {
      const tone = isOpen(gate) ? 'good' : gate.result === 'fail' ? 'bad' : 'waiting';
      const result = `${stage} ${gate.gate} ${gate.isBypassed ? 'bypassed' : gate.result}`;
      return step('gate', app, tone, result, { atMs: gate.atMs, reason: gate.text });
    }),
  ]);
}
