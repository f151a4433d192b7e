/** A connection to a member over which its records were read: what requests and decisions go through. */
import { groupKindOf, type ObjectKey, partsOf } from '../../core/model/id.ts';
import type { Kind, Kinds } from '../../core/model/kinds.ts';
import type { LiveObject } from '../../core/model/live.ts';
import type { Seal } from '../../core/plan/manifest.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import type { Clock } from '../../seam/clock.ts';
import { type Autoscaler, type AutoscalerCache, autoscalerKind, autoscalerOf } from './autoscaler-cache.ts';
import { followerName, liveQuery, type Starter } from './followers.ts';
import { KnownNamespaces } from './known-namespaces.ts';
import type { Lease } from './lease.ts';
import { type LiveCache, liveObjectOf } from './live-cache.ts';
import { type Collection, isForbidden, Reach } from './reach.ts';

export type SessionParts = {
  readonly client: KubeClient;
  readonly version: string;
  readonly kinds: Kinds;
  readonly seal: Seal;
  readonly lease: Lease;
  readonly followers: Starter;
  readonly live: LiveCache;
  readonly autoscalers: AutoscalerCache;
  readonly manager: string;
  readonly selector: string;
  readonly clock: Clock;
};

export class Session {
  readonly client: KubeClient;
  readonly version: string;
  readonly seal: Seal;
  readonly lease: Lease;
  readonly namespaces = new KnownNamespaces();
  readonly #parts: SessionParts;
  readonly #reach: Reach;
  /** Kinds that are followed: across the cluster, or with the namespace behind it. */
  readonly #followed = new Set<string>();
  #kinds: Kinds;
  #askedAtMs: number;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#reach = new Reach(parts.followers);
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

  /**
   * Begins to follow the kinds of these objects, as far as we may look across the cluster ourselves; what we may not is
   * followed when a cell needs it.
   */
  async begin(keys: Iterable<ObjectKey>): Promise<void> {
    const kinds = new Set([...keys].map(groupKindOf));
    const unlessForbidden = (error: unknown): void => {
      if (!isForbidden(error)) throw error;
    };
    const follows = [...kinds].map((each) => this.#followKind(this.#kinds.of(each), [], this.client));
    const all = [...follows, this.#followAutoscalers([], this.client)];
    await Promise.all(all.map((each) => each.catch(unlessForbidden)));
  }

  /** Makes sure that these objects are followed, and all that is known of their kinds is whole. Errors: forbidden. */
  async follow(keys: readonly ObjectKey[], reader: KubeClient, signal: AbortSignal): Promise<void> {
    const follows = [...Map.groupBy(keys, groupKindOf)].map(([kind, some]) =>
      this.#followKind(this.#kinds.of(kind), namespacesOf(some), reader),
    );
    await Promise.all([...follows, this.#followAutoscalers(namespacesOf(keys), reader)]);
    signal.throwIfAborted();
  }

  /** Is all that is known of an object's kind kept up to date? */
  isFollowing(key: ObjectKey): boolean {
    const kind = groupKindOf(key);
    return this.#followed.has(kind) || this.#followed.has(`${kind} ${partsOf(key).namespace}`);
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

  /** A kind that is not served has no objects. */
  async #followKind(kind: Kind | undefined, namespaces: Iterable<string>, reader: KubeClient): Promise<void> {
    if (kind === undefined) return;
    const { live, manager, selector } = this.#parts;
    const collection: Collection<LiveObject> = {
      name: followerName(kind),
      query: liveQuery(kind, selector),
      reduce: (object) => liveObjectOf(object, kind, manager),
      sink: (event, namespace) => {
        if (event.kind === 'listed') live.replace(kind, event.items, namespace);
        if (event.kind === 'set') live.set(event.item);
        if (event.kind === 'gone') live.delete(event.item.key);
      },
    };
    await this.#reach.follow(collection, namespaces, reader);
    const { name } = collection;
    if (!this.#reach.isNarrow(name)) this.#followed.add(name);
    else for (const namespace of namespaces) this.#followed.add(`${name} ${namespace}`);
  }

  async #followAutoscalers(namespaces: Iterable<string>, reader: KubeClient): Promise<void> {
    const kind = autoscalerKind(this.#kinds);
    if (kind === undefined) return;
    const collection: Collection<Autoscaler> = {
      name: 'autoscalers',
      query: { kind },
      reduce: autoscalerOf,
      sink: (event, namespace) => this.#parts.autoscalers.take(event, namespace),
    };
    await this.#reach.follow(collection, namespaces, reader);
  }
}

/** Shape: none for objects that have no namespace. */
const namespacesOf = (keys: Iterable<ObjectKey>): ReadonlySet<string> =>
  new Set([...keys].map((key) => partsOf(key).namespace).filter((namespace) => namespace !== ''));
