/** One commit through every step, from the branch to the health of each cluster, with the reason of each wait. */
import { type Compiled, compile } from '../../core/compile/compile.ts';
import type { Cell } from '../../core/model/cell.ts';
import { type Diagnostic, isError } from '../../core/model/diagnostic.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { CellId, CommitSha } from '../../core/model/id.ts';
import type { HeldDeletes } from '../../core/preview/planned.ts';
import { isOpen } from '../../core/rollout/gate-state.ts';
import type { Decision } from '../../core/rollout/stage.ts';
import type { CommitInfo } from '../../seam/git.ts';
import { worldAt } from '../held.ts';
import type { Revision } from '../reviser.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { aimDigest } from '../steer.ts';
import type { Explainable, ExplainedCell, ExplainedOutlook, ExplainedPlan } from './explainable.ts';

/** Whose turn it is: done, under way or waiting, or somebody must act. */
export type StepTone = 'good' | 'waiting' | 'bad';

export type Step = {
  /** What is looked at: `head`, `read`, `app`, `gate`, `place`, `render`, `decide`, `apply`, `health`, `told`, `delete`. */
  readonly step: string;
  /** The cell or the App that it is about; undefined for the commit itself. */
  readonly subject: string | undefined;
  /** Units: milliseconds since 1970; undefined when nobody noted it. */
  readonly atMs: number | undefined;
  readonly result: string;
  readonly reason: string | undefined;
  readonly tone: StepTone;
};

export type Explained = { readonly info: CommitInfo | undefined; readonly steps: readonly Step[] };

/** How far back a commit is looked for. */
const historyMax = 200;

/**
 * Explains the commit that the survey was made at.
 *
 * Shape: the commit's own steps, then those of each App, then of each of its cells in order of stage.
 */
export async function explain(
  survey: Explainable,
  outlook: ExplainedOutlook,
  plan: ExplainedPlan,
  signal: AbortSignal,
): Promise<Explained> {
  const repository = await holderOf(survey, signal);
  const history = await historyOf(repository, signal);
  const index = history.findIndex(({ commit }) => commit === survey.commit);
  const info = index === -1 ? await infoOf(repository, survey.commit, signal) : history[index];
  const isHead = index === 0;
  const before = await cellsBefore(info?.parents[0], survey, repository, signal);
  const cells = plan.cells.filter(
    ({ cell }) => survey.revision.compiled.cells.get(cell)?.repository === repository.settings.id,
  );
  const apps = Map.groupBy(
    cells.filter(({ isRemoval }) => !isRemoval),
    ({ app }) => app,
  );
  return {
    info,
    steps: [
      headStep(index, history[0], info, repository),
      readStep(survey, repository),
      ...[...apps].flatMap(([app, group]) => [
        appStep(app, survey),
        ...(isHead ? gateSteps(app, outlook) : []),
        ...inStages(group, survey).flatMap((cell) => [
          ...cellSteps(cell, isHead, before, survey, outlook),
          ...(isHead ? toldSteps(cell, outlook) : []),
        ]),
      ]),
      ...plan.cells
        .filter(({ isRemoval }) => isRemoval)
        .flatMap((cell) => [removalStep(cell), ...toldSteps(cell, outlook)]),
      ...plan.held.flatMap(({ deletes, cells: held }) => held.map((each) => heldStep(each, deletes))),
    ],
  };
}

function step(
  name: string,
  subject: string | undefined,
  tone: StepTone,
  result: string,
  parts: Partial<Pick<Step, 'atMs' | 'reason'>> = {},
): Step {
  return { step: name, subject, tone, result, atMs: undefined, reason: undefined, ...parts };
}

const short = (commit: string): string => commit.slice(0, 12);

async function holderOf({ repositories, commit }: Explainable, signal: AbortSignal): Promise<FollowedRepository> {
  for (const repository of repositories) if ((await repository.read(commit, signal)) !== undefined) return repository;
  throw new FaultError({ kind: 'missing', detail: `commit ${commit} is in no repository of the settings` });
}

async function historyOf(repository: FollowedRepository, signal: AbortSignal): Promise<readonly CommitInfo[]> {
  const head = repository.source(new Set())?.head.value.commit;
  return head === undefined ? [] : repository.git.history(head, undefined, historyMax, signal);
}

async function infoOf(
  { git }: FollowedRepository,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<CommitInfo | undefined> {
  return (await git.history(commit, undefined, 1, signal))[0];
}

/** What cells should have held at the commit before. Shape: undefined when there is none, or it cannot be read. */
async function cellsBefore(
  parent: CommitSha | undefined,
  { revision }: Explainable,
  repository: FollowedRepository,
  signal: AbortSignal,
): Promise<ReadonlyMap<CellId, Cell> | undefined> {
  const known = parent === undefined ? undefined : compiledBefore.get(revision);
  if (known !== undefined && known.parent === parent) return known.cells;
  const reading = parent === undefined ? undefined : await repository.read(parent, signal);
  if (parent === undefined || reading === undefined) return undefined;
  const { cells } = compile(worldAt(revision.world, repository.settings.id, parent, reading), revision.compiled.memo);
  compiledBefore.set(revision, { parent, cells });
  return cells;
}

/** A commit that somebody looks at is explained again and again. */
const compiledBefore = new WeakMap<Revision, { readonly parent: CommitSha; readonly cells: Compiled['cells'] }>();

function headStep(
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

function readStep({ revision }: Explainable, { settings }: FollowedRepository): Step {
  const errors = revision.compiled.diagnostics.filter(
    (each) => isError(each) && each.origin.repository === settings.id,
  );
  const [first] = errors;
  if (first === undefined) return step('read', undefined, 'good', 'read');
  const more = errors.length === 1 ? '' : ` and ${errors.length - 1} more`;
  return step('read', undefined, 'bad', 'errors', { reason: `${placeOf(first)} ${first.message}${more}` });
}

const placeOf = ({ origin, code }: Diagnostic): string => `${origin.path}:${origin.line}:${origin.column} ${code}`;

function appStep(app: string, { revision }: Explainable): Step {
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
function gateSteps(app: string, { stages }: ExplainedOutlook): readonly Step[] {
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

/** In the order in which stages come, then by cluster. */
function inStages(cells: readonly ExplainedCell[], { revision }: Explainable): readonly ExplainedCell[] {
  const stages =
    revision.compiled.gathered.placements.find(({ apps }) => apps.some((app) => app === cells[0]?.app))?.stages ?? [];
  const rank = new Map(stages.map(({ name }, index) => [name, index]));
  return cells.toSorted((a, b) => (rank.get(a.stage) ?? 0) - (rank.get(b.stage) ?? 0));
}

function cellSteps(
  planned: ExplainedCell,
  isHead: boolean,
  before: ReadonlyMap<CellId, Cell> | undefined,
  survey: Explainable,
  outlook: ExplainedOutlook,
): readonly Step[] {
  const cell = survey.revision.compiled.cells.get(planned.cell);
  if (cell === undefined) return [];
  const how = cell.chosenBy === 'names' ? 'chosen by name' : 'chosen by its labels';
  const steps = [step('place', cell.id, 'good', `stage ${cell.stage}`, { reason: how }), renderStep(cell, before)];
  if (cell.aim.kind !== 'hold') return steps;
  const isHeld = holdsAim(cell, survey);
  if (isHeld === undefined) return [...steps, step('apply', cell.id, 'bad', 'unknown', { reason: planned.wait })];
  if (isHeld) return [...steps, ...heldSteps(cell, planned, survey)];
  if (!isHead)
    return [...steps, step('decide', cell.id, 'waiting', 'superseded', { reason: 'a later commit is what counts' })];
  return [...steps, decideStep(cell, outlook.decisions.get(cell.id), planned), ...openStep(cell, planned)];
}

function renderStep(cell: Cell, before: ReadonlyMap<CellId, Cell> | undefined): Step {
  const { aim } = cell;
  if (aim.kind === 'unknown')
    return step('render', cell.id, 'bad', 'not known', { reason: aim.diagnostics[0]?.message ?? aim.reason });
  if (aim.kind === 'nothingYet') return step('render', cell.id, 'waiting', 'nothing yet', { reason: aim.reason });
  const { length } = aim.rendering.objects;
  const objects = length === 1 ? '1 object' : `${length} objects`;
  if (before === undefined) return step('render', cell.id, 'good', 'rendered', { reason: objects });
  const earlier = before.get(cell.id);
  if (earlier === undefined) return step('render', cell.id, 'good', 'new', { reason: objects });
  const isSame = earlier.aim.kind === 'hold' && earlier.aim.rendering.digest === aim.rendering.digest;
  return step('render', cell.id, 'good', isSame ? 'unchanged' : 'changed', { reason: objects });
}

/** Does the record say that the cell holds just this? Undefined while its cluster cannot be read. */
function holdsAim(cell: Cell, { members }: Explainable): boolean | undefined {
  const digest = aimDigest(cell, members);
  if (digest === undefined) return undefined;
  return members.get(cell.cluster)?.records.of(cell.app)?.record?.digest === digest;
}

function decideStep(cell: Cell, decision: Decision | undefined, { wait }: ExplainedCell): Step {
  if (decision?.kind === 'wait') return step('decide', cell.id, 'waiting', 'wait', { reason: decision.reason });
  return step('decide', cell.id, wait === undefined ? 'good' : 'waiting', wait === undefined ? 'go' : 'wait', {
    reason: wait,
  });
}

/** It may change and has not yet, or cannot. */
function openStep(cell: Cell, { actions, wait, status }: ExplainedCell): readonly Step[] {
  if (wait !== undefined) return [];
  const refused = actions?.find(({ verb }) => verb === 'refuse');
  if (refused !== undefined) return [step('apply', cell.id, 'bad', 'refused', { reason: refused.reason })];
  const bad = status?.state === 'Failed' || status?.state === 'Blocked';
  return [
    step('apply', cell.id, bad ? 'bad' : 'waiting', 'not yet', {
      reason: bad || actions === undefined ? status?.message : `${actions.length} objects to change`,
    }),
  ];
}

function heldSteps(cell: Cell, { actions, status }: ExplainedCell, { members }: Explainable): readonly Step[] {
  const record = members.get(cell.cluster)?.records.of(cell.app)?.record;
  if (record === undefined) return [];
  const same = record.commit === cell.commit ? undefined : `the same as at commit ${short(record.commit)}`;
  const open = actions?.filter(({ verb }) => verb !== 'keep') ?? openIn(status);
  const applied =
    open.length === 0
      ? step('apply', cell.id, 'good', 'applied', { atMs: record.appliedAtMs, reason: same })
      : step('apply', cell.id, open.some(({ verb }) => verb === 'refuse') ? 'bad' : 'waiting', 'in part', {
          atMs: record.appliedAtMs,
          reason: open[0]?.reason ?? `${open.length} objects to change`,
        });
  const health = status?.health ?? 'Unknown';
  const isWell = health === 'Healthy' || health === 'Suspended';
  const tone = isWell ? 'good' : health === 'Progressing' ? 'waiting' : 'bad';
  return [
    applied,
    step('health', cell.id, tone, health, {
      atMs: record.healthySinceMs,
      reason: isWell ? undefined : status?.message,
    }),
  ];
}

/** For who watched KubeFed's status before: the word that stood there. */
function toldSteps(cell: ExplainedCell, { wordOf }: ExplainedOutlook): readonly Step[] {
  const word = wordOf?.(cell) ?? '';
  return word === '' ? [] : [step('told', cell.cell, 'waiting', word, { reason: 'as KubeFed would say it' })];
}

/** What nobody has tried is open until a run has seen all of it. */
const openIn = (status: ExplainedCell['status']): NonNullable<ExplainedCell['actions']> =>
  status?.isApplied === true
    ? []
    : [{ verb: status?.state === 'Blocked' ? 'refuse' : 'update', reason: status?.message ?? 'not looked at yet' }];

function removalStep({ cell, actions, wait, status }: ExplainedCell): Step {
  if (actions === undefined) return step('delete', cell, 'waiting', 'not yet', { reason: wait ?? status?.message });
  const deletes = actions.filter(({ verb }) => verb === 'delete').length;
  if (wait !== undefined) return step('delete', cell, 'waiting', 'wait', { reason: wait });
  return step('delete', cell, 'waiting', 'not yet', { reason: `${deletes} objects to delete` });
}

const heldStep = ({ cell, reason }: HeldDeletes['cells'][number], deletes: string): Step =>
  step('delete', cell, 'waiting', 'held', { reason: `${reason}; an Acknowledgement of ${deletes} releases it` });
