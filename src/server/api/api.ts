/** Everything that may be asked of a running Landfall: one function for each question, each answer fit for JSON. */
import { FaultError } from '../../core/model/fault.ts';
import { appIdOf, type ClusterId, type CommitSha, clusterId, commitSha, repositoryId } from '../../core/model/id.ts';
import { lookAtApp } from '../../engine/look/app.ts';
import { cellsNow } from '../../engine/look/cells.ts';
import { type ClusterLook, clustersNow } from '../../engine/look/clusters.ts';
import type { CommitLooks } from '../../engine/look/commit.ts';
import { driftOfApp } from '../../engine/look/drift.ts';
import type { LookedEngine } from '../../engine/look/looked-engine.ts';
import type { NodeCounts } from '../../engine/look/node-counts.ts';
import { objectsOfApp } from '../../engine/look/objects.ts';
import { promotionsNow } from '../../engine/look/promotion.ts';
import type { ShownPlan } from '../../engine/preview/shown-plans.ts';
import type { PromotionState } from '../../engine/promote/promotion-state.ts';
import type { Publishing } from '../../engine/publish/start.ts';
import type { Clock } from '../../seam/clock.ts';
import { type AppAnswer, appAnswer } from './app-answer.ts';
import { type CellAnswer, cellAnswer, timeText } from './cell-answer.ts';
import { type ClusterAnswer, clusterAnswers } from './cluster-answer.ts';
import { type CommitAnswer, type CommitHeadAnswer, commitHead, statusAnswer, stepAnswers } from './commit-answer.ts';
import { type MatrixAnswer, type MatrixQuery, matrixOf } from './matrix.ts';
import { type PlanAnswer, type PlanHeadAnswer, planAnswer, planHead } from './plan-answer.ts';
import { type PromotionAnswer, promotionAnswer } from './promotion-answer.ts';

export type ApiDeps = {
  readonly engine: LookedEngine;
  readonly commits: CommitLooks;
  readonly nodes: NodeCounts;
  readonly told: Publishing['told'];
  /** How it is with every pinned stage. */
  readonly moves: () => readonly PromotionState[];
  /** Of open pull requests. */
  readonly plans: () => readonly ShownPlan[];
  readonly clock: Clock;
  /** Ends what was begun for a count of nodes. */
  readonly signal: AbortSignal;
};

export type Selection = { readonly app?: string | undefined; readonly cluster?: string | undefined };

export type RepositoryAnswer = {
  readonly name: string;
  readonly branch: string;
  /** Null: not read yet. */
  readonly head: string | null;
  /** Why it cannot be read, and since when. */
  readonly trouble?: { readonly reason: string; readonly since: string };
};

/** Commits of a list. */
const recentMax = 50;

export type Api = ReturnType<typeof openApi>;

export function openApi({ engine, commits, nodes, told, moves, plans, clock, signal }: ApiDeps) {
  const clusterLooks = (): readonly ClusterLook[] =>
    clustersNow(engine, { nodesOf: (member) => nodes.of(member, signal), nowMs: clock.nowMs() });
  const isSelected =
    ({ app, cluster }: Selection) =>
    (cell: { readonly app: string; readonly cluster: string }): boolean =>
      (app === undefined || cell.app === app) && (cluster === undefined || cell.cluster === cluster);
  const clusters = (): readonly ClusterAnswer[] => clusterAnswers(clusterLooks(), cellsNow(engine));
  return {
    clusters,
    /** In order of App and cluster. */
    cells: (selection: Selection): readonly CellAnswer[] =>
      [...cellsNow(engine)]
        .filter(isSelected(selection))
        .toSorted((a, b) => (a.cell < b.cell ? -1 : 1))
        .map(cellAnswer),
    matrix: (query: MatrixQuery): MatrixAnswer => matrixOf(cellsNow(engine), clusters(), query),
    /** `cluster`: objects of this one only. Shape: undefined when nobody knows such an App. */
    app: (name: string, cluster: string | undefined): AppAnswer | undefined => {
      const app = appIdOf(name);
      const look = lookAtApp(app, engine);
      const only: ClusterId | undefined = cluster === undefined ? undefined : clusterId(cluster);
      return look && appAnswer(look, objectsOfApp(app, only, engine), driftOfApp(app, engine));
    },
    repositories: (): readonly RepositoryAnswer[] =>
      engine.repositories.map(({ settings, state }) => ({
        name: settings.id,
        branch: settings.branch,
        head: headOf(engine, settings.id) ?? null,
        ...(state.kind === 'stale' ? { trouble: { reason: state.reason, since: timeText(state.sinceMs) } } : {}),
      })),
    /** The newest first. Errors: FaultError. */
    commits: async (repository: string, until: AbortSignal): Promise<readonly CommitHeadAnswer[]> => {
      const recent = await commits.recent(repositoryId(repository), recentMax, until);
      return recent.map((info) => commitHead(repository, info.commit, info));
    },
    /** Errors: FaultError, missing when there is no such commit. */
    commit: async (
      repository: string,
      commit: string,
      selection: Selection,
      until: AbortSignal,
    ): Promise<CommitAnswer> => {
      const [id, sha]: [ReturnType<typeof repositoryId>, CommitSha] = [repositoryId(repository), commitSha(commit)];
      const explained = await commits.explain(id, sha, until);
      const statuses = await told(id, sha, until).catch((error: unknown) => {
        if (error instanceof FaultError) return error.fault.detail;
        throw error;
      });
      const isAbout = (subject: string | undefined): boolean => {
        const [app, cluster] = subject?.split('@') ?? [];
        if (app === undefined) return true;
        return cluster === undefined
          ? selection.app === undefined || selection.app === app
          : isSelected(selection)({ app, cluster });
      };
      return {
        ...commitHead(repository, commit, explained.info),
        steps: stepAnswers({ ...explained, steps: explained.steps.filter(({ subject }) => isAbout(subject)) }),
        statuses: typeof statuses === 'string' ? [] : statuses.map(statusAnswer),
        ...(typeof statuses === 'string' ? { trouble: statuses } : {}),
      };
    },
    /** The newest pull request of each repository first. */
    plans: (): readonly PlanHeadAnswer[] => plans().map(planHead),
    /** `app`: parts of this one only. Shape: undefined when there is no such pull request, or it is not open. */
    plan: (repository: string, number: number, app: string | undefined): PlanAnswer | undefined => {
      const found = plans().find((each) => each.repository === repository && each.request.number === number);
      return found && planAnswer(found, app);
    },
    promotions: (): readonly PromotionAnswer[] => {
      const states = moves();
      return promotionsNow(engine).map((look) => promotionAnswer(look, states));
    },
  };
}

const headOf = ({ revision }: LookedEngine, id: string): CommitSha | undefined =>
  revision?.world.sources.find((source) => source.id === id)?.head.value.commit;
