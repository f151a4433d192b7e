/** What changes in an engine, gathered while somebody listens and told a few times a second at most. */
import type { AppId, CellId } from '../../core/model/id.ts';
import type { CellStatus } from '../../engine/ledger.ts';
import type { LookedEngine } from '../../engine/look/looked-engine.ts';
import type { ShownPlan } from '../../engine/preview/shown-plans.ts';
import type { PromotionState } from '../../engine/promote/promotion-state.ts';
import type { Clock } from '../../seam/clock.ts';
import { type CellAnswer, cellAnswer } from '../api/cell-answer.ts';

export type Change = {
  /** Grows by one with each. */
  readonly sequence: number;
  /** As they are now; none, when more have changed than anybody would read. */
  readonly cells: readonly CellAnswer[];
  /** Cells that are no more. */
  readonly gone: readonly string[];
  /** Apps of which a cell, or a stage, is another than before. */
  readonly apps: readonly string[];
  readonly clusters: readonly string[];
  /** Repositories with another head, another state, a pin that is to move, or a plan of a pull request. */
  readonly repositories: readonly string[];
  /** Some of it was left out: read what you show again. */
  readonly isCut: boolean;
};

export const changeLimits = {
  /** Between two changes that are told. */
  pauseMs: 250,
  /** How often what no event tells of is looked at. */
  beatMs: 2_000,
  cellsMax: 200,
  /** Kept for those who come again. */
  keptMax: 256,
} as const;

/** What works beside the engine, and changes without a word: pins, and plans of pull requests. */
export type Beside = {
  readonly moves: () => readonly PromotionState[];
  readonly plans: () => readonly ShownPlan[];
};

const nothingBeside: Beside = { moves: () => [], plans: () => [] };

type Listener = (change: Change) => void;

export class Changes {
  readonly #engine: LookedEngine;
  readonly #clock: Clock;
  readonly #beside: Beside;
  readonly #listeners = new Set<Listener>();
  readonly #cells = new Map<CellId, CellStatus>();
  readonly #clusters = new Set<string>();
  #kept: readonly Change[] = [];
  #sequence = 0;
  #seen: Seen | undefined;
  #cancel: (() => void) | undefined;
  #cancelBeat: (() => void) | undefined;
  /** Something happened while nobody listened. */
  #isMissed = false;

  /** It lives as long as the engine does. */
  constructor(engine: LookedEngine, clock: Clock, beside: Beside = nothingBeside) {
    this.#beside = beside;
    this.#engine = engine;
    this.#clock = clock;
    engine.ledger.listen((status) => {
      if (this.#listeners.size > 0) this.#cells.set(status.cell, status);
      this.#stir();
    });
    engine.listen(() => this.#stir());
  }

  /** Of what was told last. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Something of a cluster that the engine does not know of. */
  noteCluster(cluster: string): void {
    this.#clusters.add(cluster);
    this.#stir();
  }

  /** What was told after `sequence`. Shape: undefined when not all of it is known any more. */
  since(sequence: number): readonly Change[] | undefined {
    if (this.#isMissed || sequence > this.#sequence) return undefined;
    const missed = this.#kept.filter((change) => change.sequence > sequence);
    return missed.length === this.#sequence - sequence ? missed : undefined;
  }

  /** The result stops it. */
  listen(listener: Listener): () => void {
    if (this.#listeners.size === 0) {
      this.#seen = lookAt(this.#engine, this.#beside);
      this.#isMissed = false;
      this.#beat();
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#cancelBeat?.();
      this.#cancel?.();
      this.#cancel = undefined;
      this.#cells.clear();
      this.#clusters.clear();
    };
  }

  #beat(): void {
    this.#cancelBeat = this.#clock.after(changeLimits.beatMs, () => {
      this.#stir();
      this.#beat();
    });
  }

  #stir(): void {
    if (this.#listeners.size === 0) {
      this.#isMissed = true;
      return;
    }
    this.#cancel ??= this.#clock.after(changeLimits.pauseMs, () => {
      this.#cancel = undefined;
      this.#tell();
    });
  }

  #tell(): void {
    const before = this.#seen;
    const now = lookAt(this.#engine, this.#beside);
    this.#seen = now;
    const cells = [...this.#cells.values()].filter(({ cell }) => now.cells.has(cell));
    const gone = before === undefined ? [] : [...before.cells].filter((cell) => !now.cells.has(cell));
    const added = before === undefined ? [] : [...now.cells].filter((cell) => !before.cells.has(cell));
    const clusters = [...new Set([...this.#clusters, ...differing(before?.clusters, now.clusters)])];
    const repositories = differing(before?.repositories, now.repositories);
    const staged = differing(before?.stages, now.stages);
    const apps = new Set<string>([...cells.map(({ app }) => app), ...staged, ...[...gone, ...added].map(appOf)]);
    this.#cells.clear();
    this.#clusters.clear();
    if (apps.size === 0 && clusters.length === 0 && repositories.length === 0) return;
    const isCut = cells.length > changeLimits.cellsMax || gone.length > changeLimits.cellsMax;
    this.#sequence += 1;
    const change: Change = {
      sequence: this.#sequence,
      cells: isCut ? [] : cells.map(cellAnswer),
      gone: isCut ? [] : gone,
      apps: [...apps],
      clusters,
      repositories,
      isCut,
    };
    this.#kept = [...this.#kept, change].slice(-changeLimits.keptMax);
    for (const listener of this.#listeners) listener(change);
  }
}

/** What no event tells of, to be compared. */
type Seen = {
  readonly cells: ReadonlySet<CellId>;
  readonly clusters: ReadonlyMap<string, string>;
  readonly repositories: ReadonlyMap<string, string>;
  readonly stages: ReadonlyMap<AppId, string>;
};

function lookAt({ fleet, repositories, revision, steering }: LookedEngine, { moves, plans }: Beside): Seen {
  const compiled = revision?.compiled;
  const [moving, planned] = [moves(), plans()];
  const heads = new Map(revision?.world.sources.map(({ id, head }) => [id as string, head.value.commit]));
  return {
    cells: new Set([...(compiled?.cells.keys() ?? []), ...(compiled?.vanished.map(({ record }) => record.cell) ?? [])]),
    clusters: new Map(
      [...(compiled?.gathered.fleet.values() ?? [])].map((cluster) => {
        const { state, version } = fleet.members.get(cluster.id) ?? {};
        const { lifecycle, isSuspended, labels } = cluster;
        return [cluster.id, JSON.stringify([state, version, lifecycle, isSuspended, labels])];
      }),
    ),
    repositories: new Map(
      repositories.map(({ settings, state }) => [
        settings.id,
        JSON.stringify([
          heads.get(settings.id),
          state.kind === 'stale' ? state.reason : state.kind,
          moving.filter(({ repository }) => repository === settings.id),
          planned
            .filter(({ repository }) => repository === settings.id)
            .map(({ request, plan }) => [request.number, request.head.commit, plan?.atMs]),
        ]),
      ]),
    ),
    stages: new Map([...(compiled?.placed.keys() ?? [])].map((app) => [app, JSON.stringify(steering.stagesOf(app))])),
  };
}

function differing<K extends string>(
  before: ReadonlyMap<K, string> | undefined,
  now: ReadonlyMap<K, string>,
): readonly K[] {
  if (before === undefined) return [];
  return [...new Set([...before.keys(), ...now.keys()])].filter((key) => before.get(key) !== now.get(key));
}

const appOf = (cell: CellId): string => cell.slice(0, cell.lastIndexOf('@'));
