/** Gates that are waited for: asked again and again, never twice at a time, and forgotten with the wait. */

import type { GateEvidence } from '../../core/rollout/gate-state.ts';
import { isAsked } from '../../core/rollout/judge-gate.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import { jitter, type Rng } from '../../seam/rng.ts';
import { describeFault, faultOf } from '../fault-text.ts';
import { Wake } from '../wake.ts';
import type { Checks } from './checks.ts';
import { type GateView, type PlacedAsk, placedKey } from './gate-view.ts';
import { held, restMs } from './pace.ts';

export type GatesDeps = {
  readonly checks: Checks;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  /** Something else is known of a gate that this one waits for. */
  readonly onEvidence: (asked: PlacedAsk) => void;
};

type Kept = {
  readonly asked: PlacedAsk;
  readonly evidence: GateEvidence | undefined;
  /** Undefined: its answer stands. */
  readonly nextAtMs: number | undefined;
  readonly unknowns: number;
  /** Since when it passes without a break, as far as it was asked. */
  readonly passingSinceMs: number | undefined;
};

/** Gates asked at a time, over the whole fleet. */
const asksMax = 8;
/** What asking left in a cluster stays so long after nobody waits for it: a wait may only pause. */
const lingerMs = 600_000;

export class Gates implements GateView {
  readonly #deps: GatesDeps;
  readonly #wake: Wake;
  readonly #wanted = new Map<string, readonly PlacedAsk[]>();
  readonly #kept = new Map<string, Kept>();
  /** By gate, not by what goes through it. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #leftovers = new Map<string, { readonly asked: PlacedAsk; readonly atMs: number }>();

  constructor(deps: GatesDeps) {
    this.#deps = deps;
    this.#wake = new Wake(deps.clock);
  }

  evidenceOf(asked: PlacedAsk): GateEvidence | undefined {
    return this.#kept.get(placedKey(asked))?.evidence;
  }

  /** What somebody waits for now, by whatever name; what nobody waits for any more is forgotten. */
  want(owner: string, asks: readonly PlacedAsk[]): void {
    const before = this.#wanted.get(owner) ?? [];
    const asked = asks.filter(({ ask }) => isAsked(ask));
    if (asked.length === 0) this.#wanted.delete(owner);
    else this.#wanted.set(owner, asked);
    if (before.length === 0 && asked.length === 0) return;
    for (const each of asked) this.#begin(each);
    const left = before.filter((each) => !this.#isWanted(each));
    for (const each of left) this.#forget(each);
  }

  #begin(asked: PlacedAsk): void {
    const key = placedKey(asked);
    this.#leftovers.delete(key);
    if (this.#kept.has(key)) return;
    const nextAtMs = this.#deps.clock.nowMs();
    this.#kept.set(key, { asked, evidence: undefined, nextAtMs, unknowns: 0, passingSinceMs: undefined });
    this.#wake.now();
  }

  #isWanted(asked: PlacedAsk): boolean {
    const key = placedKey(asked);
    return [...this.#wanted.values()].some((asks) => asks.some((each) => placedKey(each) === key));
  }

  #forget(asked: PlacedAsk): void {
    const key = placedKey(asked);
    this.#kept.delete(key);
    if (asked.ask.gate.check.kind !== 'job') return;
    this.#leftovers.set(key, { asked, atMs: this.#deps.clock.nowMs() + lingerMs });
    this.#wake.now();
  }

  /** Each that is waited for has had an answer. */
  get isAtRest(): boolean {
    return this.#busy.size === 0 && [...this.#kept.values()].every(({ evidence }) => evidence !== undefined);
  }

  /** Asks what is due until the signal fires; resolves when all of it has ended. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      const nextAtMs = this.#start(signal);
      const waitMs = nextAtMs === undefined ? undefined : Math.max(1, nextAtMs - clock.nowMs());
      await this.#wake.wait(waitMs, signal);
    }
    await Promise.all(this.#busy.values());
  }

  /** Shape: when the next one is due; what is under way wakes when it ends. */
  #start(signal: AbortSignal): number | undefined {
    const nowMs = this.#deps.clock.nowMs();
    const times: number[] = [];
    for (const [key, { asked, nextAtMs }] of this.#kept) {
      const gate = gateOf(asked);
      if (nextAtMs === undefined || this.#busy.has(gate)) continue;
      if (nextAtMs > nowMs) times.push(nextAtMs);
      else if (this.#busy.size < asksMax) this.#run(gate, this.#ask(key, asked, signal));
    }
    for (const [key, { asked, atMs }] of this.#leftovers) {
      const gate = gateOf(asked);
      if (atMs > nowMs) times.push(atMs);
      else if (this.#busy.size < asksMax && !this.#busy.has(gate)) this.#run(gate, this.#clear(key, asked, signal));
    }
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #run(gate: string, work: Promise<void>): void {
    const done = work.finally(() => {
      this.#busy.delete(gate);
      this.#wake.now();
    });
    this.#busy.set(gate, done);
  }

  async #ask(key: string, asked: PlacedAsk, signal: AbortSignal): Promise<void> {
    const { checks, clock, rng, onEvidence } = this.#deps;
    const answer = await checks.ask(asked, signal).catch(() => undefined);
    const before = this.#kept.get(key);
    if (answer === undefined || before === undefined) return;
    const nowMs = clock.nowMs();
    const passingSinceMs = answer.result === 'pass' ? (before.passingSinceMs ?? nowMs) : undefined;
    const { check } = asked.ask.gate;
    const told = held(answer, check.kind === 'prometheus' ? check.forMs : 0, passingSinceMs ?? nowMs, nowMs);
    const unknowns = answer.result === 'unknown' ? before.unknowns + 1 : 0;
    const rest = restMs(told, unknowns);
    const evidence = { result: told.result, text: told.text, atMs: nowMs };
    const nextAtMs = rest === undefined ? undefined : nowMs + jitter(rng, rest, 0.1);
    this.#kept.set(key, { asked, evidence, nextAtMs, unknowns, passingSinceMs });
    if (before.evidence?.result !== told.result || before.evidence.text !== told.text) onEvidence(asked);
  }

  async #clear(key: string, asked: PlacedAsk, signal: AbortSignal): Promise<void> {
    this.#leftovers.delete(key);
    try {
      await this.#deps.checks.clear(asked, signal);
    } catch (error) {
      if (signal.aborted) return;
      // It goes by itself after a while.
      const { gate, stage } = asked.ask;
      const reason = describeFault(faultOf(error));
      this.#deps.log.warn('Job of a gate not removed', { app: asked.app, stage, gate: gate.name, reason });
    }
  }
}

const gateOf = ({ app, placement, ask }: PlacedAsk): string => `${app} ${placement.id} ${ask.stage} ${ask.gate.name}`;
