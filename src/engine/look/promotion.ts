/** Where each App stands on its way from stage to stage: heads, pins, and what keeps the next stage waiting. */
import type { AppId, CommitSha } from '../../core/model/id.ts';
import type { Pin, Placement, Stage } from '../../core/model/placement.ts';
import type { StageState } from '../../core/rollout/stage.ts';
import { pinOf } from './app.ts';
import type { LookedEngine } from './looked-engine.ts';

export type PromotedStage = {
  readonly name: string;
  readonly revision: Stage['revision'];
  readonly pin: Pin | undefined;
  readonly state: StageState | undefined;
  readonly clusters: number;
  /** Revisions that run there, and on how many clusters; the most frequent first. */
  readonly runs: readonly { readonly revision: CommitSha; readonly clusters: number }[];
};

export type PromotionLook = {
  readonly app: AppId;
  readonly placement: Placement;
  /** Of the branch. */
  readonly head: CommitSha | undefined;
  readonly stages: readonly PromotedStage[];
};

/** Shape: Apps with more than one stage, or with a pin, in order of name. Cost: a pass over all cells. */
export function promotionsNow({ fleet, revision, steering }: LookedEngine): readonly PromotionLook[] {
  if (revision === undefined) return [];
  const { placed, gathered, cells } = revision.compiled;
  const byApp = Map.groupBy(cells.values(), ({ app }) => app);
  const heads = new Map(revision.world.sources.map(({ id, head }) => [id, head.value.commit]));
  const runsOf = (app: AppId, stage: string): PromotedStage['runs'] => {
    const held = (byApp.get(app) ?? [])
      .filter((cell) => cell.stage === stage)
      .flatMap(({ cluster }) => fleet.members.get(cluster)?.records.of(app)?.record?.revision ?? []);
    return [...Map.groupBy(held, (commit) => commit)]
      .map(([commit, all]) => ({ revision: commit, clusters: all.length }))
      .toSorted((a, b) => b.clusters - a.clusters);
  };
  return [...placed]
    .filter(([, { stages }]) => stages.length > 1 || stages.some((stage) => stage.revision === 'Pinned'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([app, placement]) => {
      const states = new Map(steering.stagesOf(app).map((state) => [state.stage, state]));
      const stages = placement.stages.map((stage) => ({
        name: stage.name,
        revision: stage.revision,
        pin: pinOf(placement, stage, gathered.pins.values()),
        state: states.get(stage.name),
        clusters: (byApp.get(app) ?? []).filter((cell) => cell.stage === stage.name).length,
        runs: runsOf(app, stage.name),
      }));
      return { app, placement, head: heads.get(placement.repository), stages };
    });
}
