/** Fields of one member that somebody else keeps changing back. */
import type { FieldPath } from '../core/diff/path.ts';
import { printPath } from '../core/diff/path.ts';
import { contestLimits, noteReverts, type Revert } from '../core/diff/verdict.ts';
import type { ObjectKey } from '../core/model/id.ts';
import type { Clock } from '../seam/clock.ts';

export type Contest = { readonly path: string; readonly who: string };

/** Our values were written over somebody else's. */
export type Healing = {
  readonly key: ObjectKey;
  readonly paths: readonly string[];
  /** Empty: whoever it was leaves no name. */
  readonly by: readonly string[];
  readonly atMs: number;
};

/** How many of a cluster are remembered, for people. */
const healingsMax = 200;

export class Contests {
  readonly #clock: Clock;
  readonly #reverts = new Map<ObjectKey, readonly Revert[]>();
  readonly #given = new Map<ObjectKey, { readonly contest: Contest; readonly untilMs: number }>();
  #healings: readonly Healing[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The newest last. */
  get healings(): readonly Healing[] {
    return this.#healings;
  }

  /** What we have given way to, by object. */
  get given(): ReadonlyMap<ObjectKey, { readonly contest: Contest; readonly untilMs: number }> {
    return this.#given;
  }

  /** We wrote our value over somebody else's at these paths. Shape: the paths that are a fight by now. */
  note(key: ObjectKey, healed: readonly FieldPath[], by: readonly string[] = []): readonly string[] {
    const atMs = this.#clock.nowMs();
    const reverts = noteReverts(this.#reverts.get(key) ?? [], healed, atMs);
    this.#reverts.set(key, reverts);
    this.#healings = [...this.#healings, { key, paths: printPaths(healed), by, atMs }].slice(-healingsMax);
    return this.#fights(key);
  }

  /** How often each of these paths was reverted of late says whether to go on. */
  isFight(key: ObjectKey): boolean {
    return this.#fights(key).length > 0;
  }

  /** Stop fighting, until the reverts that made it a fight are forgotten. */
  giveWay(key: ObjectKey, contest: Contest): void {
    const oldest = Math.min(...(this.#reverts.get(key) ?? []).map(({ atMs }) => atMs));
    this.#given.set(key, { contest, untilMs: oldest + contestLimits.windowMs });
  }

  /** What we have given way to; undefined when we have not, or when it is time to try again. */
  of(key: ObjectKey): Contest | undefined {
    const given = this.#given.get(key);
    if (given === undefined) return undefined;
    if (this.#clock.nowMs() < given.untilMs) return given.contest;
    this.forget(key);
    return undefined;
  }

  /** When the next one is to be tried again. */
  get wakeAtMs(): number | undefined {
    const times = [...this.#given.values()].map(({ untilMs }) => untilMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** It is as wanted again, or wanted no more. */
  forget(key: ObjectKey): void {
    this.#given.delete(key);
    this.#reverts.delete(key);
  }

  #fights(key: ObjectKey): readonly string[] {
    const nowMs = this.#clock.nowMs();
    const recent = (this.#reverts.get(key) ?? []).filter(({ atMs }) => nowMs - atMs < contestLimits.windowMs);
    const byPath = Map.groupBy(recent, ({ path }) => path);
    return [...byPath].filter(([, reverts]) => reverts.length >= contestLimits.revertsMax).map(([path]) => path);
  }
}

export const printPaths = (paths: readonly FieldPath[]): readonly string[] => paths.map(printPath);
