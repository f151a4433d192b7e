/** The objects that Apps copy from one cluster to others: read once, then watched. */

import { unschedulableMs, unschedulableSinceMs } from '../core/compile/running.ts';
import { equal } from '../core/json/equal.ts';
import type { Fault } from '../core/model/fault.ts';
import type { ClusterId, RepositoryId } from '../core/model/id.ts';
import type { KubeObject } from '../core/model/object.ts';
import type { LiveRead, ReadResult } from '../core/model/observed.ts';
import type { KubeClient } from '../edge/kube/client.ts';
import { follow } from '../edge/kube/follow.ts';
import { type Clock, sleep } from '../seam/clock.ts';
import type { Log } from '../seam/log.ts';
import type { Rng } from '../seam/rng.ts';
import { copyQuery, type Original, originalOf, resultOf } from './copy-source.ts';
import { describeFault, faultOf } from './fault-text.ts';

export type CopyDeps = {
  /** The client of a cluster or of the hub, as the tenant of a repository. Errors: misconfigured, unreachable. */
  readonly clientOf: (cluster: ClusterId, repository: RepositoryId) => KubeClient;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
};

type Followed = { readonly read: LiveRead; readonly stop: () => void; result: ReadResult };

const retryMs = 5_000;

export class Copies {
  readonly #deps: CopyDeps;
  readonly #followed = new Map<string, Followed>();
  readonly #onChange: () => void;

  /** `onChange` is called when any source says something new. */
  constructor(deps: CopyDeps, onChange: () => void) {
    this.#deps = deps;
    this.#onChange = onChange;
  }

  /** What the sources say now. A source that could not be read yet is unreadable, never absent. */
  get results(): ReadonlyMap<string, ReadResult> {
    return new Map([...this.#followed].map(([key, { result }]) => [key, result]));
  }

  /** Follows these sources and no others, until the signal fires. */
  want(reads: ReadonlyMap<string, LiveRead>, signal: AbortSignal): void {
    for (const [key, followed] of this.#followed) {
      if (reads.has(key)) continue;
      followed.stop();
      this.#followed.delete(key);
    }
    for (const [key, read] of reads) if (!this.#followed.has(key)) this.#start(key, read, signal);
  }

  #start(key: string, read: LiveRead, signal: AbortSignal): void {
    const controller = new AbortController();
    const followed: Followed = {
      read,
      stop: () => controller.abort(),
      result: { kind: 'unreadable', reason: 'not read yet' },
    };
    this.#followed.set(key, followed);
    const ending = AbortSignal.any([signal, controller.signal]);
    void this.#run(followed, ending);
  }

  /** Tries until there is a client and a kind, then follows. */
  async #run(followed: Followed, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      try {
        await this.#follow(followed, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#blind(followed, faultOf(error));
      }
      await sleep(clock, retryMs, signal).catch(() => undefined);
    }
  }

  async #follow(followed: Followed, signal: AbortSignal): Promise<void> {
    const { clientOf, clock, rng } = this.#deps;
    const { copy, view } = followed.read;
    const client = clientOf(copy.cluster, copy.origin.repository);
    const query = await copyQuery(followed.read, client, signal);
    const objects = new Map<string, Original>();
    await follow(
      {
        query,
        reduce: (object) => originalOf(object, view),
        sink: (event) => {
          if (event.kind === 'broken') return this.#blind(followed, event.fault);
          if (event.kind === 'listed') {
            objects.clear();
            for (const item of event.items) objects.set(item.key, item);
          }
          if (event.kind === 'set') objects.set(event.item.key, event.item);
          if (event.kind === 'gone') objects.delete(event.item.key);
          if (event.kind !== 'mark') this.#see(followed, [...objects.values()]);
        },
      },
      { client, clock, rng },
      signal,
    );
  }

  #see(followed: Followed, originals: readonly Original[]): void {
    const result = resultOf(originals);
    // A status that changes is no change of what is copied.
    if (followed.result.kind === 'found' && result.kind === 'found' && equal(followed.result.objects, result.objects))
      return;
    followed.result = result;
    if (followed.read.view === 'pod' && result.kind === 'found') this.#lookAgain(result.objects);
    this.#onChange();
  }

  /** A pod that no node takes tells that there is no room only after a while, and no event says when. */
  #lookAgain(pods: readonly KubeObject[]): void {
    const { clock } = this.#deps;
    for (const pod of pods) {
      const sinceMs = unschedulableSinceMs(pod);
      const waitMs = sinceMs === undefined ? 0 : sinceMs + unschedulableMs + 1_000 - clock.nowMs();
      if (waitMs > 0) clock.after(waitMs, () => this.#onChange());
    }
  }

  /** What was read before stands no longer for sure: copies stay as they are. */
  #blind(followed: Followed, fault: Fault): void {
    const reason = describeFault(fault);
    if (followed.result.kind === 'unreadable' && followed.result.reason === reason) return;
    this.#deps.log.warn('source of copies cannot be read', { source: followed.read.key, reason });
    followed.result = { kind: 'unreadable', reason };
    this.#onChange();
  }
}
