/** How far a kind may be watched: across the cluster or, where that is forbidden, namespace by namespace. */
import { FaultError } from '../../core/model/fault.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import type { ListQuery } from '../../edge/kube/query.ts';
import type { FollowEvent } from '../../edge/kube/track.ts';
import type { Starter } from './followers.ts';

export type Collection<T> = {
  /** Of its followers. */
  readonly name: string;
  readonly query: Omit<ListQuery, 'namespace'>;
  readonly reduce: (object: KubeObject) => T;
  /** `namespace`: the part that the event is about; undefined for the whole cluster. */
  readonly sink: (event: FollowEvent<T>, namespace: string | undefined) => void;
};

export class Reach {
  readonly #followers: Starter;
  /** What may not be watched across the cluster: found out once for each connection, by asking. */
  readonly #narrow = new Set<string>();

  constructor(followers: Starter) {
    this.#followers = followers;
  }

  /** May it not be watched across the cluster? */
  isNarrow(name: string): boolean {
    return this.#narrow.has(name);
  }

  /**
   * Follows a collection, at least in these namespaces; resolves when what is known of them is whole.
   *
   * Shape: one watch of everything, as ourselves. Where that is forbidden, one in each namespace as `reader`, who writes
   *   there: so a Secret of a tenant need be readable for nobody but the tenant.
   * Errors: forbidden.
   */
  async follow<T>(collection: Collection<T>, namespaces: Iterable<string>, reader: KubeClient): Promise<void> {
    const { name, query, reduce, sink } = collection;
    if (!this.#narrow.has(name)) {
      try {
        return await this.#followers.start(name, query, reduce, (event) => sink(event, undefined));
      } catch (error) {
        if (!isForbidden(error) || !query.kind.isNamespaced) throw error;
        this.#narrow.add(name);
      }
    }
    const starts = [...namespaces].map((namespace) => {
      const tell = (event: FollowEvent<T>): void => sink(event, namespace);
      return this.#followers.start(`${name} in ${namespace}`, { ...query, namespace }, reduce, tell, reader);
    });
    await Promise.all(starts);
  }
}

export const isForbidden = (error: unknown): boolean => error instanceof FaultError && error.fault.kind === 'forbidden';
