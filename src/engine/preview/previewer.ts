/** Plans pull requests of one repository: read, merged, compiled, and what they touch tried by dry run. */
import { WantedObjects } from '../../core/guard/wanted.ts';
import { longDigestOfText } from '../../core/json/digest.ts';
import { FaultError } from '../../core/model/fault.ts';
import { type CellId, partsOfCell } from '../../core/model/id.ts';
import type { Outcome } from '../../core/preview/preview.ts';
import { noMetrics } from '../../seam/metric.ts';
import type { PullRequest } from '../../seam/pull-request.ts';
import type { Tools } from '../../seam/tool.ts';
import type { Engine } from '../engine.ts';
import type { FleetKeeper } from '../fleet-keeper.ts';
import type { Checks } from '../gates/checks.ts';
import { judge, noPast } from '../judge.ts';
import { attemptWith } from '../plan/attempt.ts';
import { fleetPlanOf } from '../plan/fleet-plan.ts';
import { outlookOf } from '../plan/outlook.ts';
import type { Survey } from '../plan/survey.ts';
import { type Made, withMade } from '../source/made.ts';
import { filesOf } from '../source/read-files.ts';
import type { BlobCache } from '../source/snapshot.ts';
import { ToolRuns } from '../tool-runs.ts';
import { gatesOfPlans, gatesOnTheWay } from './gates-on-the-way.ts';
import { mergeOf } from './merge.ts';
import { previewOf } from './preview-of.ts';
import { type ProposedWorld, proposedWorld, type WorldDeps } from './proposal-world.ts';
import { touchedBy } from './touched.ts';
import { turnsOf } from './turns.ts';

export type PreviewerDeps = Omit<WorldDeps, 'engine' | 'tools'> & {
  readonly engine: Pick<Engine, 'fleet' | 'ledger' | 'repositories' | 'revision'>;
  readonly tools: Tools;
  readonly checks: Checks;
};

/** A plan that is ready to be made, and what it depends on. */
export type Prepared = {
  /** Equal as long as the plan would be. */
  readonly key: string;
  /** The same for what clusters say: may be asked at any time, and costs nothing. */
  readonly liveKey: () => string;
  /** Shape: once. Errors: FaultError. */
  readonly plan: (signal: AbortSignal) => Promise<Outcome>;
  /** To be called when nobody wants the plan any more. */
  readonly close: () => void;
};

/** Nobody waits for a plan as they do for a rollout: few cells at a time, and few requests for each. */
const cellsMax = 4;
const triesMax = 2;
/** The branch may move while it is read. */
const attemptsMax = 3;

export class Previewer {
  readonly #deps: PreviewerDeps;
  readonly #tools: ToolRuns;
  readonly #blobs: BlobCache = new Map();
  /** Of the pull request that is being planned: one at a time is. */
  #made: Made = new Map();

  constructor(deps: PreviewerDeps) {
    this.#deps = deps;
    const { tools, clock, log } = deps;
    this.#tools = new ToolRuns(
      { tools, clock, log, metrics: noMetrics, filesOf: (id) => filesOf(this.#repositories, id) },
      () => undefined,
    );
  }

  /** Those of the engine, with what a merge would make. */
  get #repositories(): Parameters<typeof filesOf>[0] {
    const { id } = this.#deps.repository.settings;
    return this.#deps.engine.repositories.map(({ settings, git }) => ({
      settings,
      git: settings.id === id ? withMade(git, this.#made) : git,
    }));
  }

  /** Shape: an outcome, when there is nothing to be tried. Errors: FaultError. */
  async prepare(request: PullRequest, signal: AbortSignal): Promise<Prepared | Outcome> {
    const { repository, engine } = this.#deps;
    const { commit: head } = request.head;
    const about = { head, branch: request.base };
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const branch = repository.tree;
      if (branch === undefined) break;
      const merge = await mergeOf(head, branch, repository.git, signal);
      if (merge.kind === 'conflict') return { kind: 'conflict', ...about, conflicts: merge.conflicts };
      if (merge.kind === 'unrelated') return { kind: 'unplanned', ...about, reason: merge.reason };
      const { files, made } = merge;
      this.#made = made;
      const next = { tree: { commit: head, files }, made };
      const { reading, decrypted } = await repository.readNext(next, branch, this.#blobs, signal);
      const { revision } = engine;
      const isCurrent = (): boolean =>
        revision?.world.sources.some(
          ({ id, head: now }) => id === repository.settings.id && now.value.commit === branch.commit,
        ) === true;
      if (revision === undefined || !isCurrent()) continue;
      const proposed = await proposedWorld(revision, reading, { ...this.#deps, tools: this.#tools }, signal);
      return this.#prepared(request, proposed, decrypted);
    }
    throw new FaultError({ kind: 'stale', detail: 'the branch has not been compiled yet' });
  }

  #prepared(request: PullRequest, proposed: ProposedWorld, decrypted: ReadonlySet<string>): Prepared {
    const { before, after, world, members, clients } = proposed;
    const { engine, repository, clock } = this.#deps;
    const touched = touchedBy(before, after);
    const wanted = new WantedObjects(after.cells);
    const judgement = judge(after, world.observed.records, members, wanted, noPast);
    const liveKey = liveKeyOf([...touched.cells.keys()], engine.fleet);
    const told = touched.diagnostics.map(
      ({ code, origin, message }) => `${code} ${origin.path}:${origin.line} ${message}`,
    );
    const wishes = [...touched.cells].map(([cell, wish]) => `${cell} ${wish}`);
    const text = [request.head.commit, ...wishes, ...told, ...judgement.deletes.values(), ...touched.apps, liveKey()];
    return {
      key: longDigestOfText(text.join('\n')),
      liveKey,
      close: () => clients.close(),
      plan: async (signal) => {
        const survey: Survey = {
          revision: { world, compiled: after },
          ...{ members, judgement, wanted, clients },
          gates: gatesOfPlans(this.#deps.checks, before, clock),
          repositories: engine.repositories,
          commit: request.head.commit,
          unread: new Map(),
          nowMs: clock.nowMs(),
          focus: {
            hasCell: (cell) => touched.cells.has(cell),
            hasObject: touched.hasObject,
            known: engine.ledger.cells,
            cellsMax,
          },
        };
        const outlook = await outlookOf(survey, attemptWith(clients, triesMax), signal);
        const plan = fleetPlanOf(survey, outlook, {});
        const seen = { plan, outlook, survey, before, touched };
        const turns = turnsOf(seen);
        const gates = await gatesOnTheWay(turns, seen, signal);
        const about = { branch: request.base, repository: repository.settings.id, decrypted };
        return { kind: 'planned', preview: previewOf(seen, { turns, gates }, about) };
      },
    };
  }
}

/** Kept as long as its pull request is open, so it holds names and nothing else. */
const liveKeyOf =
  (cells: readonly CellId[], fleet: Pick<FleetKeeper, 'members'>): (() => string) =>
  () =>
    cells
      .map((cell) => {
        const { cluster, app } = partsOfCell(cell);
        const member = fleet.members.get(cluster);
        return `${cell} ${member?.isReady} ${member?.records.of(app)?.record?.digest}`;
      })
      .join('\n');
