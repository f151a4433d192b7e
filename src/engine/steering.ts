/** Decisions about cells, kept up to date as evidence comes in. */
import type { Compiled } from '../core/compile/compile.ts';
import type { Cell } from '../core/model/cell.ts';
import { type AppId, type CellId, type Digest, partsOfCell } from '../core/model/id.ts';
import type { Decision, StageState } from '../core/rollout/stage.ts';
import type { Clock } from '../seam/clock.ts';
import type { GateView, PlacedAsk } from './gates/gate-view.ts';
import type { Ledger } from './ledger.ts';
import type { Members } from './members.ts';
import { aimDigest, type SteerInput, steer } from './steer.ts';
import { type Waiters, waitersIn } from './waiters.ts';
import { Wake } from './wake.ts';

export type SteeringDeps = {
  readonly compiled: () => Compiled | undefined;
  readonly members: Members;
  readonly ledger: Ledger;
  readonly gates: GateView & {
    /** What an App waits for now; what it does not wait for is not looked at any more. */
    readonly want: (app: AppId, asks: readonly PlacedAsk[]) => void;
  };
  readonly clock: Clock;
  /** A decision is another than before. */
  readonly onDecision: (cell: CellId) => void;
  /** After each round. */
  readonly onRound: () => void;
};

/** A decision, and what it was about: what a cell is to hold may change before anybody has decided anew. */
type Decided = { readonly decision: Decision; readonly aim: Digest | undefined };

export class Steering {
  readonly #deps: SteeringDeps;
  readonly #wake: Wake;
  readonly #open = new Set<AppId>();
  readonly #decisions = new Map<CellId, Decided>();
  readonly #stages = new Map<AppId, readonly StageState[]>();
  #waiters: { readonly compiled: Compiled; readonly of: Waiters } | undefined;

  constructor(deps: SteeringDeps) {
    this.#deps = deps;
    this.#wake = new Wake(deps.clock);
    deps.ledger.listen((status) => this.reopen(status));
  }

  /** Shape: about what the cell is to hold now; when that is another than was decided about, it is decided anew first. */
  decisionOf(cell: CellId): Decision | undefined {
    const decided = this.#decisions.get(cell);
    const aim = this.#aimOf(cell);
    if (decided === undefined || decided.aim === aim) return decided?.decision;
    const { app } = partsOfCell(cell);
    const { input } = this;
    if (input !== undefined) this.#enter([app], input);
    // When time has a say again is for the next round to find out.
    this.reopenApp(app);
    const anew = this.#decisions.get(cell);
    return anew?.aim === aim ? anew?.decision : undefined;
  }

  #aimOf(id: CellId): Digest | undefined {
    const cell = this.#deps.compiled()?.cells.get(id);
    return cell === undefined ? undefined : aimDigest(cell, this.#deps.members);
  }

  stagesOf(app: AppId): readonly StageState[] {
    return this.#stages.get(app) ?? [];
  }

  /** All that is known has been taken into account. */
  get isAtRest(): boolean {
    return this.#open.size === 0;
  }

  /** Something new is known of a cell: decide again for its App and for those that wait for it. */
  reopen(cell: Pick<Cell, 'app' | 'cluster'>): void {
    this.#open.add(cell.app);
    for (const app of this.#waitersOf(cell)) this.#open.add(app);
    this.#wake.now();
  }

  /** Something new is known that concerns all of an App. */
  reopenApp(app: AppId): void {
    this.#open.add(app);
    this.#wake.now();
  }

  #waitersOf(cell: Pick<Cell, 'app' | 'cluster'>): readonly AppId[] {
    const compiled = this.#deps.compiled();
    if (compiled === undefined) return [];
    if (this.#waiters?.compiled !== compiled) this.#waiters = { compiled, of: waitersIn(compiled) };
    return this.#waiters.of(cell);
  }

  /** After a compile: everything, at once. */
  decideAll({ cells }: Compiled): void {
    for (const { app } of cells.values()) this.#open.add(app);
    for (const cell of this.#decisions.keys()) if (!cells.has(cell)) this.#decisions.delete(cell);
    this.#decide();
    this.#wake.now();
  }

  /** Decides as evidence comes in and as time passes, until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    let wakeAtMs: number | undefined;
    while (!signal.aborted) {
      const waitMs = wakeAtMs === undefined ? undefined : Math.max(1, wakeAtMs - this.#deps.clock.nowMs());
      await this.#wake.wait(waitMs, signal);
      // Time has the same say in every App; the round is short.
      if (wakeAtMs !== undefined && this.#deps.clock.nowMs() >= wakeAtMs) {
        for (const app of this.#stages.keys()) this.#open.add(app);
        for (const { record } of this.#deps.compiled()?.vanished ?? []) this.#deps.onDecision(record.cell);
        wakeAtMs = undefined;
      }
      const nextAtMs = this.#decide();
      if (nextAtMs !== undefined) wakeAtMs = Math.min(nextAtMs, wakeAtMs ?? nextAtMs);
    }
  }

  /** What `steer` needs, as it is now. */
  get input(): SteerInput | undefined {
    const { compiled, members, ledger, gates, clock } = this.#deps;
    const now = compiled();
    return now === undefined ? undefined : { compiled: now, members, ledger, gates, nowMs: clock.nowMs() };
  }

  #decide(): number | undefined {
    const { input } = this;
    if (input === undefined || (this.#open.size === 0 && input.compiled.vanished.length === 0)) return undefined;
    const apps = [...this.#open];
    this.#open.clear();
    const wakeAtMs = this.#enter(apps, input);
    this.#deps.onRound();
    return wakeAtMs;
  }

  #enter(apps: readonly AppId[], input: SteerInput): number | undefined {
    const { decisions, stages, asks, wakeAtMs } = steer(apps, input);
    for (const [app, states] of stages) this.#stages.set(app, states);
    for (const app of apps) this.#deps.gates.want(app, asks.get(app) ?? []);
    for (const [cell, decision] of decisions) {
      const before = this.#decisions.get(cell);
      const decided = { decision, aim: this.#aimOf(cell) };
      this.#decisions.set(cell, decided);
      if (before?.aim !== decided.aim || !isSameDecision(before?.decision, decision)) this.#deps.onDecision(cell);
    }
    return wakeAtMs;
  }
}

function isSameDecision(a: Decision | undefined, b: Decision): boolean {
  if (a?.kind === 'wait' && b.kind === 'wait') return a.reason === b.reason && a.isStill === b.isStill;
  return a?.kind === b.kind;
}
