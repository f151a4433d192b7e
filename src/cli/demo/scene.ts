/** What a step of the demo can do: push, look, wait until something is seen. */

import { FaultError } from '../../core/model/fault.ts';
import type { CellStatus } from '../../engine/ledger.ts';
import { sleep } from '../../seam/clock.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Controller } from './controller.ts';
import { type Eyes, eyesOn } from './eyes.ts';
import type { Narrator } from './narrate.ts';
import type { Commit, FileChanges } from './working-copy.ts';
import type { World } from './world.ts';

/** An effect, or what is there instead. */
export type Look = { readonly isSeen: boolean; readonly text: string };

export class UnseenError extends Error {
  override readonly name = 'UnseenError';
}

/** Far more than any step takes: a demo that hangs is worse than one that fails. */
const seenWithinMs = 60_000;
const lookEveryMs = 100;

export class Scene {
  readonly world: World;
  readonly controller: Controller;
  readonly tell: Narrator;
  readonly commits: Commit[] = [];
  readonly #around: Surroundings;
  readonly #eyes: ReadonlyMap<string, Eyes>;
  #actedAtMs: number;

  constructor(world: World, controller: Controller, tell: Narrator, around: Surroundings) {
    this.world = world;
    this.controller = controller;
    this.tell = tell;
    this.#around = around;
    this.#eyes = new Map(world.clusters.map((cluster) => [cluster.name, eyesOn(cluster, around)]));
    this.#actedAtMs = around.clock.nowMs();
  }

  on(cluster: string): Eyes {
    const eyes = this.#eyes.get(cluster);
    if (eyes === undefined) throw new RangeError(`the demo has no cluster ${cluster}`);
    return eyes;
  }

  async push(subject: string, files: FileChanges): Promise<Commit> {
    const commit = await this.world.workingCopy.push(subject, files);
    this.commits.push(commit);
    this.tell.act('git push', `${commit.sha.slice(0, 7)} ${subject}`);
    this.#actedAtMs = this.#around.clock.nowMs();
    return commit;
  }

  /** What a person does in the browser, or `landfall promote --merge`. */
  async merge(number: number, title: string): Promise<void> {
    await this.world.merge(number);
    this.commits.push(await this.world.workingCopy.pull());
    this.tell.act('merge', `#${number} ${title}`);
    this.#actedAtMs = this.#around.clock.nowMs();
  }

  get nowMs(): number {
    return this.#around.clock.nowMs();
  }

  /** What a person does on a cluster, past Git. */
  async act(command: string, doing: () => Promise<void>): Promise<void> {
    this.tell.act(command);
    this.#actedAtMs = this.#around.clock.nowMs();
    await doing();
  }

  /** What nobody wanted, or what nobody did. */
  async happen(text: string, doing: () => Promise<void>): Promise<void> {
    this.tell.event(text);
    this.#actedAtMs = this.#around.clock.nowMs();
    await doing();
  }

  /** Waits until it is seen, and tells how long that took since the last act. Errors: UnseenError. */
  async see(look: () => Promise<Look>): Promise<void> {
    const { clock, signal } = this.#around;
    const endMs = clock.nowMs() + seenWithinMs;
    for (;;) {
      const { isSeen, text } = await this.#lookOnce(look);
      const nowMs = clock.nowMs();
      if (isSeen) return this.tell.seen(text, nowMs - this.#actedAtMs);
      if (nowMs >= endMs) throw new UnseenError(`not seen within ${seenWithinMs / 1000} s: ${text}`);
      await sleep(clock, lookEveryMs, signal);
    }
  }

  /** A cluster that does not answer shows nothing, and may answer the next time. */
  async #lookOnce(look: () => Promise<Look>): Promise<Look> {
    try {
      return await look();
    } catch (error) {
      if (error instanceof FaultError) return { isSeen: false, text: error.fault.detail };
      throw error;
    }
  }

  /** What Landfall knows: of all that Git wants now. Shape: in order of App and cluster. */
  get cells(): readonly CellStatus[] {
    const { ledger, revision } = this.controller.engine;
    const cells = revision?.compiled.cells;
    const leaving = new Set(revision?.compiled.vanished.map(({ record }) => record.cell));
    return [...ledger.cells.values()]
      .filter(({ cell }) => cells?.has(cell) === true || leaving.has(cell))
      .toSorted((a, b) => (a.cell < b.cell ? -1 : 1));
  }

  close(): void {
    for (const eyes of this.#eyes.values()) eyes.close();
  }
}
