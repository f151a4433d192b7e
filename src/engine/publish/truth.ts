/** The truth about one repository, kept up to date: only Apps of which something new is known are looked at again. */

import type { Compiled } from '../../core/compile/compile.ts';
import { pinKey } from '../../core/compile/gather.ts';
import type { Cell } from '../../core/model/cell.ts';
import type { AppId, ClusterId, RepositoryId } from '../../core/model/id.ts';
import type { Stage } from '../../core/model/placement.ts';
import { type StandingCell, statusOfApp } from '../../core/report/app-status.ts';
import { type AppView, type CommitView, type PinView, viewCommit } from '../../core/report/commit-view.ts';
import type { Context } from '../../core/report/context.ts';
import type { Look, PinnedView, View } from '../../core/report/look.ts';
import { type CellFacts, standingEndsAtMs, standingOf } from '../../core/report/standing.ts';
import type { Status } from '../../core/report/status.ts';
import { bypassAt, describeBypass } from '../../core/rollout/bypass.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Judgement } from '../judge.ts';
import type { Revision } from '../reviser.ts';
import { type EngineView, factsOfCell, factsOfVanished, unreadClusters } from './facts.ts';

/** One name's part of a look, and when time alone may change it. */
type Kept<T> = {
  readonly view: T;
  readonly app: AppId;
  readonly endsAtMs: number;
  readonly advice?: string | undefined;
};

/** What a person is to do next for an App. */
export type AdviceFor = (app: AppId) => string | undefined;

type Seen = {
  readonly revision: Revision;
  readonly judgement: Judgement;
  readonly commit: CommitView;
  readonly views: Map<Context, Kept<View>>;
  readonly pinned: Map<Context, Kept<PinnedView>>;
};

export class Truth {
  readonly #repository: RepositoryId;
  readonly #engine: EngineView;
  readonly #clock: Clock;
  readonly #adviceFor: AdviceFor;
  readonly #stirred = new Set<AppId>();
  #seen: Seen | undefined;
  #endsAtMs = Number.POSITIVE_INFINITY;

  constructor(repository: RepositoryId, engine: EngineView, clock: Clock, adviceFor: AdviceFor = () => undefined) {
    this.#repository = repository;
    this.#engine = engine;
    this.#clock = clock;
    this.#adviceFor = adviceFor;
    // It lives as long as the engine does.
    engine.ledger.listen(({ app }) => this.#stirred.add(app));
  }

  /** When time alone may change the truth that was last looked at. */
  get endsAtMs(): number {
    return this.#endsAtMs;
  }

  /** Shape: undefined before the repository was read. Cost: what has changed, and a pass over the Apps. */
  look(): Look | undefined {
    const { revision } = this.#engine;
    const head = revision?.world.sources.find(({ id }) => id === this.#repository)?.head.value.commit;
    if (revision === undefined || head === undefined) return undefined;
    const seen = this.#see(revision);
    const { check, apps, pins } = seen.commit;
    const nowMs = this.#clock.nowMs();
    const views = new Map([...apps].map(([context, app]) => [context, this.#viewOf(seen, context, app, nowMs)]));
    const pinned = new Map([...pins].map(([context, pin]) => [context, this.#pinnedOf(seen, context, pin, nowMs)]));
    this.#stirred.clear();
    const all = [...seen.views.values(), ...seen.pinned.values()];
    this.#endsAtMs = all.reduce((first, { endsAtMs }) => Math.min(first, endsAtMs), Number.POSITIVE_INFINITY);
    return { head, check, views, pinned, gone: goneStatus(unreadClusters(this.#engine)) };
  }

  #see(revision: Revision): Seen {
    const { judgement } = this.#engine;
    // Deletions are judged just after compiling: a look in between must not be kept.
    if (this.#seen?.revision === revision && this.#seen.judgement === judgement) return this.#seen;
    const isSame = this.#seen?.revision === revision;
    const commit =
      isSame && this.#seen ? this.#seen.commit : viewCommit(compiledCommit(revision.compiled), this.#repository);
    this.#seen = { revision, judgement, commit, views: new Map(), pinned: new Map() };
    return this.#seen;
  }

  #viewOf({ views, revision }: Seen, context: Context, view: AppView, nowMs: number): View {
    const advice = this.#adviceFor(view.app);
    const before = views.get(context);
    const known = before?.advice === advice ? this.#fresh(before, nowMs) : undefined;
    if (known !== undefined) return known;
    const { app, wish, errors } = view;
    const read = this.#reader(revision.compiled, app, nowMs);
    const open = openBypasses(revision.compiled, app, nowMs);
    const bypassed = open.map(({ stage, bypass }) => `${stage} ${describeBypass(bypass)}`).join('; ');
    const removals = view.vanished.map((each) => {
      const facts = factsOfVanished(each, this.#engine);
      return read.stand(facts, each.record.stage);
    });
    const isGone = errors === undefined && [...view.cells, ...removals].length === 0 && !isDeclared(app, revision);
    const status = isGone
      ? goneStatus(unreadClusters(this.#engine))
      : statusOfApp({
          cells: view.cells.map(read.cell),
          removals,
          errors,
          bypassed: bypassed === '' ? undefined : bypassed,
          advice,
          failuresMax: read.failuresMax,
        });
    const endsAtMs = Math.min(read.endsAtMs(), ...open.map(({ bypass }) => bypass.untilMs));
    const kept = { view: { wish, status }, app, endsAtMs, advice };
    views.set(context, kept);
    return kept.view;
  }

  #pinnedOf({ pinned, revision }: Seen, context: Context, pin: PinView, nowMs: number): PinnedView {
    const known = this.#fresh(pinned.get(context), nowMs);
    if (known !== undefined) return known;
    const { app, wish, bypass } = pin;
    const open = bypassAt(bypass, nowMs);
    const read = this.#reader(revision.compiled, app, nowMs);
    const statusOf = (cells: readonly Cell[]): Status =>
      statusOfApp({
        cells: cells.map(read.cell),
        removals: [],
        errors: undefined,
        bypassed: open === undefined ? undefined : describeBypass(open),
        failuresMax: read.failuresMax,
      });
    const revisions = new Map([...pin.revisions].map(([commit, cells]) => [commit, statusOf(cells)]));
    const status = statusOf([...pin.revisions.values()].flat());
    const endsAtMs = Math.min(read.endsAtMs(), open?.untilMs ?? Number.POSITIVE_INFINITY);
    const kept = { view: { wish, status, revisions }, app, endsAtMs };
    pinned.set(context, kept);
    return kept.view;
  }

  #fresh<T>(kept: Kept<T> | undefined, nowMs: number): T | undefined {
    return kept === undefined || this.#stirred.has(kept.app) || nowMs >= kept.endsAtMs ? undefined : kept.view;
  }

  /** Says how cells of one App stand, and remembers when the first of them may stand otherwise. */
  #reader(compiled: Compiled, app: AppId, nowMs: number) {
    const stages = new Map(compiled.placed.get(app)?.stages.map((stage): [string, Stage] => [stage.name, stage]));
    let endsAtMs = Number.POSITIVE_INFINITY;
    const stand = (facts: CellFacts, stage: string): StandingCell => {
      endsAtMs = Math.min(endsAtMs, standingEndsAtMs(facts, nowMs) ?? endsAtMs);
      return { cluster: facts.cluster, stage, standing: standingOf(facts, nowMs) };
    };
    return {
      failuresMax: new Map([...stages].map(([name, { maxFailures }]) => [name, maxFailures])),
      stand,
      cell: (cell: Cell) => stand(factsOfCell(cell, stages.get(cell.stage), this.#engine, nowMs), cell.stage),
      endsAtMs: () => endsAtMs,
    };
  }
}

/** Whoever looks at the App sees that a gate of one of its stages was passed by, not only who looks at that stage. */
function openBypasses({ gathered, placed }: Compiled, app: AppId, nowMs: number) {
  const placement = placed.get(app);
  const stages = placement?.stages.filter(({ revision }) => revision === 'Pinned') ?? [];
  return stages.flatMap(({ name }) => {
    const [pin] =
      placement === undefined ? [] : (gathered.pins.get(pinKey(placement.repository, placement.id, name)) ?? []);
    const bypass = bypassAt(pin?.bypass, nowMs);
    return bypass === undefined ? [] : [{ stage: name, bypass }];
  });
}

/** Of all that compiling tells, what statuses look at. */
export const compiledCommit = ({ gathered, cells, vanished, diagnostics }: Compiled): CompiledInput => ({
  intents: gathered.intents,
  placements: gathered.placements,
  pins: [...gathered.pins.values()].flat(),
  cells,
  vanished,
  diagnostics,
});

type CompiledInput = Parameters<typeof viewCommit>[0];

const isDeclared = (app: AppId, { compiled }: Revision): boolean => compiled.gathered.intents.has(app);

/** What a cluster holds is not known before it was read. */
function goneStatus(unread: ReadonlySet<ClusterId>): Status {
  const [cluster] = unread;
  if (cluster === undefined)
    return { state: 'success', cause: 'well', text: 'no cluster holds it any more', progress: '', details: [] };
  const text = `whether it is gone is known when ${cluster} has been read`;
  return { state: 'pending', cause: 'unseen', text, progress: '', details: [] };
}
