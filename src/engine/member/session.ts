/** A connection to a member over which its records were read: what requests and decisions go through. */
import { groupKindOf, type ObjectKey } from '../../core/model/id.ts';
import type { Kind, Kinds } from '../../core/model/kinds.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Seal } from '../../core/plan/manifest.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import type { Clock } from '../../seam/clock.ts';
import { type Followers, followerName, liveQuery } from './followers.ts';
import type { Lease } from './lease.ts';
import { type LiveCache, liveObjectOf } from './live-cache.ts';

export type SessionParts = {
  readonly client: KubeClient;
  readonly version: string;
  readonly kinds: Kinds;
  readonly seal: Seal;
  readonly lease: Lease;
  readonly followers: Followers;
  readonly live: LiveCache;
  readonly manager: string;
  readonly selector: string;
  readonly clock: Clock;
};

export class Session {
  readonly client: KubeClient;
  readonly version: string;
  readonly seal: Seal;
  readonly lease: Lease;
  readonly #parts: SessionParts;
  readonly #namespaces = new Set<string>();
  #kinds: Kinds;
  #askedAtMs: number;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.client = parts.client;
    this.version = parts.version;
    this.seal = parts.seal;
    this.lease = parts.lease;
    this.#kinds = parts.kinds;
    this.#askedAtMs = parts.clock.nowMs();
  }

  get kinds(): Kinds {
    return this.#kinds;
  }

  /** Namespaces seen or made since the connection began; one that was deleted since is found out by a 404. */
  get namespaces(): Set<string> {
    return this.#namespaces;
  }

  /** Makes sure that the kinds of these objects are followed and their lists whole. Errors: forbidden. */
  async follow(keys: Iterable<ObjectKey>, signal: AbortSignal): Promise<void> {
    const wanted = new Set([...keys].map(groupKindOf));
    const kinds = [...wanted].flatMap((each) => this.#kinds.of(each) ?? []);
    await Promise.all(kinds.map((kind) => this.#followKind(kind)));
    signal.throwIfAborted();
  }

  /** Is all that the cache says of this kind whole and up to date? A kind that is not served has no objects. */
  isCurrent(key: ObjectKey): boolean {
    const kind = this.#kinds.of(groupKindOf(key));
    return kind === undefined || this.#parts.followers.isSynced(followerName(kind));
  }

  /** The kind at exactly this version; asks the cluster again when it is new to us, at most every few seconds. */
  async kindOf(apiVersion: string, kind: string, signal: AbortSignal): Promise<Kind | undefined> {
    const known = this.#kinds.at(apiVersion, kind);
    const nowMs = this.#parts.clock.nowMs();
    if (known !== undefined || nowMs - this.#askedAtMs < 2_000) return known;
    this.#askedAtMs = nowMs;
    this.#kinds = await this.client.kinds(signal, { isFresh: true });
    return this.#kinds.at(apiVersion, kind);
  }

  async #followKind(kind: Kind): Promise<void> {
    const { live, manager, followers, selector } = this.#parts;
    const reduce = (object: KubeObject) => liveObjectOf(object, kind, manager);
    await followers.start(followerName(kind), liveQuery(kind, selector), reduce, (event) => {
      if (event.kind === 'listed') live.replace(kind, event.items);
      if (event.kind === 'set') live.set(event.item);
      if (event.kind === 'gone') live.delete(event.item.key);
    });
  }
}
