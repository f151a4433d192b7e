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
import { unlookedGates } from '../gates/looked.ts';
import { judge } from '../judge.ts';
import { attemptWith } from '../plan/attempt.ts';
import { fleetPlanOf } from '../plan/fleet-plan.ts';
import { outlookOf } from '../plan/outlook.ts';
import type { Survey } from '../plan/survey.ts';
import { filesOf } from '../source/read-files.ts';
import type { BlobCache } from '../source/snapshot.ts';
import { ToolRuns } from '../tool-runs.ts';
import { type Merge, mergeOf } from './merge.ts';
import { previewOf } from './preview-of.ts';
import { type ProposedWorld, proposedWorld, type WorldDeps } from './proposal-world.ts';
import { touchedBy } from './touched.ts';

export type PreviewerDeps = Omit<WorldDeps, 'engine' | 'tools'> & {
  readonly engine: Pick<Engine, 'fleet' | 'ledger' | 'repositories' | 'revision'>;
  readonly tools: Tools;
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

  constructor(deps: PreviewerDeps) {
    this.#deps = deps;
    const { tools, clock, log, engine } = deps;
    this.#tools = new ToolRuns(
      { tools, clock, log, metrics: noMetrics, filesOf: (id) => filesOf(engine.repositories, id) },
      () => undefined,
    );
  }

  /** Shape: an outcome, when there is nothing to be tried. Errors: FaultError. */
  async prepare(request: PullRequest, signal: AbortSignal): Promise<Prepared | Outcome> {
    const { repository, engine } = this.#deps;
    const { commit: head } = request.head;
    const about = { head, branch: request.base };
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const branch = repository.tree;
      const merge: Merge | undefined =
        branch === undefined ? undefined : await mergeOf(head, branch, repository.git, signal);
      if (branch === undefined || merge === undefined) break;
      if (merge.kind === 'conflict') return { kind: 'conflict', ...about, paths: merge.paths };
      if (merge.kind === 'unrelated') return { kind: 'unplanned', ...about, reason: merge.reason };
      const tree = { commit: head, files: merge.files };
      const { reading, decrypted } = await repository.readNext(tree, branch, this.#blobs, signal);
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
    const judgement = judge(after, world.observed.records, members, wanted, new Map());
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
          gates: unlookedGates,
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
        const about = { branch: request.base, repository: repository.settings.id, decrypted };
        return { kind: 'planned', preview: previewOf({ plan, outlook, survey, before, touched }, about) };
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
