/** A fleet that only has versions, for laws about what is told of commits: it holds, fails, falls silent and comes back. */
import { type CommitSha, clusterId } from '../../../src/core/model/id.ts';
import { type StandingCell, statusOfApp } from '../../../src/core/report/app-status.ts';
import type { AppView, CommitView, PinView } from '../../../src/core/report/commit-view.ts';
import { type Context, contextOf } from '../../../src/core/report/context.ts';
import type { Look } from '../../../src/core/report/look.ts';
import { standingOf } from '../../../src/core/report/standing.ts';
import type { Status } from '../../../src/core/report/status.ts';
import type { OlderCommits } from '../../../src/engine/publish/older.ts';
import type { PublisherDeps } from '../../../src/engine/publish/publisher.ts';
import type { Revision } from '../../../src/engine/reviser.ts';
import type { HandClock } from '../../builder/clock.ts';
import type { MemoryGit } from '../../builder/memory-git.ts';
import { factsOf } from '../../core/report/facts.ts';

/** What a commit says: a version of each App, and which revision the pinned stage of `web` runs. */
export type Content = { readonly apps: Readonly<Record<string, number>>; readonly pin: CommitSha | undefined };

export type ModelCell = {
  version: number;
  isHealthy: boolean;
  hasFailed: boolean;
  isSeen: boolean;
  lostAtMs: number | undefined;
};

export const pinnedContext = contextOf('landfall/shop/web/production');
export const contextOfApp = (app: string): Context => contextOf(`landfall/shop/${app}`);
export const graceMs = 600_000;

export type Model = {
  readonly contents: Map<CommitSha, Content>;
  /** `<app>@<cluster>`; those of the pinned stage are `web/production@<cluster>`. */
  readonly cells: Map<string, ModelCell>;
  /** The head that was compiled last. */
  readonly compiled: () => CommitSha | undefined;
  readonly compile: () => void;
  readonly wanted: (cell: string) => number | undefined;
  readonly deps: () => PublisherDeps;
  /** May it be said now that `commit` is everywhere under this name? */
  readonly isEverywhere: (commit: CommitSha, context: Context) => boolean;
  readonly statusOf: (context: Context) => Status['state'] | undefined;
};

const check: Status = { state: 'success', cause: 'well', text: 'no errors', progress: '', details: [] };
const gone: Status = { ...check, text: 'gone' };

export function modelFleet(git: MemoryGit, clock: HandClock, clusters: readonly string[]): Model {
  const contents = new Map<CommitSha, Content>();
  const cells = new Map<string, ModelCell>();
  let compiled: CommitSha | undefined;
  let revision = {} as Revision;
  const contentOf = (commit: CommitSha | undefined): Content => contents.get(commit!) ?? { apps: {}, pin: undefined };
  const versionFor = (group: string, commit: CommitSha | undefined): number | undefined => {
    const { apps, pin } = contentOf(commit);
    return group === 'web/production' ? (pin === undefined ? undefined : contentOf(pin).apps.web) : apps[group];
  };
  const cellsOf = (group: string): readonly (readonly [string, ModelCell])[] =>
    clusters.map((cluster) => {
      const name = `${group}@${cluster}`;
      const cell = cells.get(name) ?? {
        version: 0,
        isHealthy: true,
        hasFailed: false,
        isSeen: true,
        lostAtMs: undefined,
      };
      cells.set(name, cell);
      return [cluster, cell];
    });
  const isLost = ({ lostAtMs }: ModelCell): boolean => lostAtMs !== undefined && clock.nowMs() - lostAtMs >= graceMs;
  const standingCells = (group: string, version: number | undefined): readonly StandingCell[] =>
    cellsOf(group).map(([cluster, cell]) => {
      const isAtAim = cell.version === version;
      const facts = factsOf({
        cluster: clusterId(cluster),
        graceMs,
        contact:
          cell.lostAtMs === undefined
            ? { kind: 'answers' }
            : { kind: 'lost', sinceMs: cell.lostAtMs, reason: 'silent' },
        isSeen: cell.isSeen,
        isAtAim,
        isWell: isAtAim && cell.isSeen && cell.isHealthy && !cell.hasFailed,
        lapse: isAtAim && cell.hasFailed ? 'it crashes' : undefined,
        message: isAtAim ? 'starts' : undefined,
      });
      return { cluster: facts.cluster, stage: 'all', standing: standingOf(facts, clock.nowMs()) };
    });
  const statusOfGroup = (group: string, commit: CommitSha | undefined): Status =>
    statusOfApp({
      cells: standingCells(group, versionFor(group, commit)),
      removals: [],
      errors: undefined,
      failuresMax: new Map(),
    });
  const wishes = (commit: CommitSha): CommitView => {
    const { apps, pin } = contentOf(commit);
    return {
      check,
      apps: new Map(
        Object.entries(apps).map(([app, version]) => [contextOfApp(app), { wish: `v${version}` } as AppView]),
      ),
      pins:
        pin === undefined
          ? new Map()
          : new Map([[pinnedContext, { wish: pin, revisions: new Map([[pin, []]]) } as unknown as PinView]]),
    };
  };
  const look = (): Look | undefined => {
    if (compiled === undefined) return undefined;
    const { apps, pin } = contentOf(compiled);
    const pinnedStatus = pin === undefined ? undefined : statusOfGroup('web/production', compiled);
    return {
      head: compiled,
      check,
      gone,
      views: new Map(
        Object.entries(apps).map(([app, version]) => [
          contextOfApp(app),
          { wish: `v${version}`, status: statusOfGroup(app, compiled) },
        ]),
      ),
      pinned:
        pin === undefined || pinnedStatus === undefined
          ? new Map()
          : new Map([[pinnedContext, { wish: pin, status: pinnedStatus, revisions: new Map([[pin, pinnedStatus]]) }]]),
    };
  };
  const older: Pick<OlderCommits, 'passed' | 'viewOf'> = {
    viewOf: async (commit) => ({ value: contents.has(commit) ? wishes(commit) : undefined, revision }),
    passed: async (commit, signal) => {
      const [, parent] = await git.repository.history(commit, undefined, 2, signal);
      const [before, after] = [parent === undefined ? undefined : wishes(parent.commit), wishes(commit)];
      const changed = new Map<Context, string>();
      for (const [context, { wish }] of [...after.apps, ...after.pins])
        if ((before?.apps.get(context)?.wish ?? before?.pins.get(context)?.wish) !== wish) changed.set(context, wish);
      return { value: { commit, check, wishes: changed }, revision };
    },
  };
  return {
    contents,
    cells,
    compiled: () => compiled,
    compile: () => {
      compiled = git.head();
      revision = {} as Revision;
      // A cell is there from the moment that it is wanted, whether anybody has looked or not.
      const { apps, pin } = contentOf(compiled);
      for (const group of [...Object.keys(apps), ...(pin === undefined ? [] : ['web/production'])]) cellsOf(group);
    },
    wanted: (cell) => versionFor(cell.slice(0, cell.indexOf('@')), compiled),
    deps: () => ({
      engine: {
        get revision() {
          return revision;
        },
      },
      truth: { look, endsAtMs: Number.POSITIVE_INFINITY },
      older,
      clock,
    }),
    isEverywhere: (commit, context) => {
      const group = context.slice('landfall/shop/'.length);
      // A pinned stage is told of on the commit with the pin, and on the revision that the newest pin names.
      const isRevision = context === pinnedContext && contentOf(compiled).pin === commit;
      const version = isRevision ? contentOf(commit).apps.web : versionFor(group, commit);
      const counted = cellsOf(group).filter(([, cell]) => !isLost(cell));
      return (
        counted.length > 0 &&
        counted.every(
          ([, cell]) =>
            cell.version === version && cell.isHealthy && !cell.hasFailed && cell.isSeen && cell.lostAtMs === undefined,
        )
      );
    },
    statusOf: (context) => look()?.views.get(context)?.status.state ?? look()?.pinned.get(context)?.status.state,
  };
}
