/** The watches of one member: one for each kind that it holds of ours, begun when first needed. */
import { needsStatus } from '../../core/health/health.ts';
import { type Fault, FaultError } from '../../core/model/fault.ts';
import { type GroupKind, groupKind } from '../../core/model/id.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { type FollowDeps, type Following, follow } from '../../edge/kube/follow.ts';
import type { ListQuery } from '../../edge/kube/query.ts';
import type { FollowEvent } from '../../edge/kube/track.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Rng } from '../../seam/rng.ts';

export type FollowerDeps = { readonly client: KubeClient; readonly clock: Clock; readonly rng: Rng; readonly log: Log };

/** What followers say beside what they follow. */
export type FollowerEvents = {
  /** How a connection is: broken for this reason, or well again. */
  readonly onContact: (fault: Fault | undefined) => void;
  /** What could be read until now may not be read any more; it is followed no longer. */
  readonly onRevoked: (name: string, fault: Fault) => void;
};

/** What starts to follow a query. Who only looks lists it, once. */
export type Starter = Pick<Followers, 'start'>;

export class Followers {
  readonly #deps: FollowerDeps;
  readonly #signal: AbortSignal;
  readonly #events: FollowerEvents;
  /** Resolve when the first list is whole. */
  readonly #running = new Map<string, Promise<void>>();
  readonly #tasks: Promise<void>[] = [];

  constructor(deps: FollowerDeps, events: FollowerEvents, signal: AbortSignal) {
    this.#deps = deps;
    this.#events = events;
    this.#signal = signal;
  }

  /**
   * Follows a query under a name, once; resolves when its first list is whole.
   *
   * Errors: forbidden; the signal's reason when it fires before.
   */
  start<T>(
    name: string,
    query: ListQuery,
    reduce: (object: KubeObject) => T,
    sink: (event: FollowEvent<T>) => void,
    reader = this.#deps.client,
  ): Promise<void> {
    const known = this.#running.get(name);
    if (known !== undefined) return known;
    const synced = this.#follow(name, { query, reduce, sink }, reader);
    this.#running.set(name, synced);
    return synced;
  }

  /** Resolves when all have ended, which they do when the signal has fired. */
  async ended(): Promise<void> {
    await Promise.all(this.#tasks);
  }

  #follow<T>(name: string, following: Following<T>, client: KubeClient): Promise<void> {
    const { clock, rng, log } = this.#deps;
    const ending = new AbortController();
    const first = Promise.withResolvers<void>();
    // Nobody may be waiting any more when it fails.
    first.promise.catch(() => undefined);
    let isSynced = false;
    const hear = (event: FollowEvent<T>): void => {
      if (event.kind === 'broken') {
        const wasSynced = isSynced;
        isSynced = false;
        this.#events.onContact(event.fault);
        log.debug('watch broken', { watch: name, reason: event.fault.detail });
        if (event.fault.kind === 'forbidden') {
          // Asking again without being asked to would be no use; the next start begins anew.
          this.#running.delete(name);
          ending.abort();
          first.reject(new FaultError(event.fault));
          if (wasSynced) this.#events.onRevoked(name, event.fault);
        }
      } else {
        following.sink(event);
        const wasSynced = isSynced;
        if (event.kind === 'listed' || event.kind === 'resumed') isSynced = true;
        if (!wasSynced && isSynced) this.#events.onContact(undefined);
        first.resolve();
      }
    };
    const deps: FollowDeps = { client, clock, rng };
    const signal = AbortSignal.any([this.#signal, ending.signal]);
    const task = follow({ ...following, sink: hear }, deps, signal);
    this.#tasks.push(task);
    // What ended before its first list was whole: whoever waits for that would wait for ever.
    task.then(() => first.reject(signal.reason), first.reject);
    return first.promise;
  }
}

export const followerName = (kind: Kind): GroupKind => groupKind(kind.group, kind.kind);

/** Bodies are read only of kinds whose health is in them. */
export const liveQuery = (kind: Kind, selector: string): ListQuery => ({
  kind,
  labelSelector: selector,
  isMetadataOnly: !needsStatus(followerName(kind)),
});
