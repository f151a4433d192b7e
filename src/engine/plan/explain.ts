/** One commit through every step, from the branch to the health of each cluster, with the reason of each wait. */
import { type Compiled, compile } from '../../core/compile/compile.ts';
import type { Cell } from '../../core/model/cell.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { CellId, CommitSha } from '../../core/model/id.ts';
import type { CommitInfo } from '../../seam/git.ts';
import { worldAt } from '../held.ts';
import type { Revision } from '../reviser.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { cellSteps, heldStep, removalStep, toldSteps } from './cell-steps.ts';
import { appStep, gateSteps, headStep, historyMax, readStep } from './commit-steps.ts';
import type { Explainable, ExplainedCell, ExplainedOutlook, ExplainedPlan } from './explainable.ts';
import type { Step } from './step.ts';

export type Explained = { readonly info: CommitInfo | undefined; readonly steps: readonly Step[] };

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

/** In the order in which stages come, then by cluster. */
function inStages(cells: readonly ExplainedCell[], { revision }: Explainable): readonly ExplainedCell[] {
  const stages =
    revision.compiled.gathered.placements.find(({ apps }) => apps.some((app) => app === cells[0]?.app))?.stages ?? [];
  const rank = new Map(stages.map(({ name }, index) => [name, index]));
  return cells.toSorted((a, b) => (rank.get(a.stage) ?? 0) - (rank.get(b.stage) ?? 0));
}
