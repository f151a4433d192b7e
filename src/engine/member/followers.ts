/** The watches of one member: one for each kind that it holds of ours, begun when first needed. */
import { needsStatus } from '../../core/health/health.ts';
import { type Fault, FaultError } from '../../core/model/fault.ts';
import { type GroupKind, groupKind } from '../../core/model/id.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { type FollowDeps, follow } from '../../edge/kube/follow.ts';
import type { ListQuery } from '../../edge/kube/query.ts';
import type { FollowEvent } from '../../edge/kube/track.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Rng } from '../../seam/rng.ts';

export type FollowerDeps = { readonly client: KubeClient; readonly clock: Clock; readonly rng: Rng; readonly log: Log };

/** What a follower says of its connection. */
export type Contact = (fault: Fault | undefined) => void;

type Running = {
  readonly synced: Promise<void>;
  readonly isSynced: () => boolean;
  readonly fault: () => Fault | undefined;
};

export class Followers {
  readonly #deps: FollowerDeps;
  readonly #signal: AbortSignal;
  readonly #onContact: Contact;
  readonly #running = new Map<string, Running>();
  readonly #tasks: Promise<void>[] = [];

  constructor(deps: FollowerDeps, onContact: Contact, signal: AbortSignal) {
    this.#deps = deps;
    this.#onContact = onContact;
    this.#signal = signal;
  }

  /** Follows a query under a name, once; resolves when its first list is whole. Rejects when the kind may not be read. */
  start<T>(
    name: string,
    query: ListQuery,
    reduce: (object: KubeObject) => T,
    sink: (event: FollowEvent<T>) => void,
  ): Promise<void> {
    const known = this.#running.get(name);
    if (known !== undefined) return known.synced;
    const running = this.#follow(name, query, reduce, sink);
    this.#running.set(name, running);
    return running.synced;
  }

  /** Is what it told whole and up to date? */
  isSynced(name: string): boolean {
    return this.#running.get(name)?.isSynced() === true;
  }

  /** Resolves when all have ended, which they do when the signal has fired. */
  async ended(): Promise<void> {
    await Promise.all(this.#tasks);
  }

  #follow<T>(
    name: string,
    query: ListQuery,
    reduce: (object: KubeObject) => T,
    sink: (event: FollowEvent<T>) => void,
  ): Running {
    const { client, clock, rng, log } = this.#deps;
    const ending = new AbortController();
    const first = Promise.withResolvers<void>();
    // Nobody may be waiting any more when it fails.
    first.promise.catch(() => undefined);
    let isSynced = false;
    let fault: Fault | undefined;
    const hear = (event: FollowEvent<T>): void => {
      if (event.kind === 'broken') {
        [isSynced, fault] = [false, event.fault];
        this.#onContact(event.fault);
        log.debug('watch broken', { watch: name, reason: event.fault.detail });
        if (event.fault.kind === 'forbidden') {
          // Asking again without being asked to would be no use; the next start begins anew.
          this.#running.delete(name);
          ending.abort();
          first.reject(new FaultError(event.fault));
        }
      } else {
        sink(event);
        const wasSynced = isSynced;
        if (event.kind === 'listed' || event.kind === 'resumed') [isSynced, fault] = [true, undefined];
        if (!wasSynced && isSynced) this.#onContact(undefined);
        first.resolve();
      }
    };
    const deps: FollowDeps = { client, clock, rng };
    const signal = AbortSignal.any([this.#signal, ending.signal]);
    this.#tasks.push(follow({ query, reduce, sink: hear }, deps, signal));
    return { synced: first.promise, isSynced: () => isSynced, fault: () => fault };
  }
}

export const followerName = (kind: Kind): GroupKind => groupKind(kind.group, kind.kind);

/** Bodies are read only of kinds whose health is in them. */
export const liveQuery = (kind: Kind, selector: string): ListQuery => ({
  kind,
  labelSelector: selector,
  isMetadataOnly: !needsStatus(followerName(kind)),
});
