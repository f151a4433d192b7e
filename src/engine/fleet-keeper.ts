/** One worker for each cluster of the inventory, begun and ended as Git says. */
import type { Cluster, Fleet } from '../core/model/fleet.ts';
import type { ClusterId } from '../core/model/id.ts';
import { type IdentityBook, type Namesake, namesakeIn } from './member/identity-book.ts';
import type { Member } from './member/member.ts';
import type { Worker } from './worker.ts';

type Kept = { readonly worker: Worker; readonly access: string; readonly stop: () => Promise<void> };

export class FleetKeeper {
  readonly #make: (cluster: Cluster) => Worker;
  readonly #kept = new Map<ClusterId, Kept>();
  readonly #members = new Map<ClusterId, Member>();
  readonly #stopping = new Set<Promise<void>>();

  constructor(make: (cluster: Cluster) => Worker) {
    this.#make = make;
  }

  get members(): ReadonlyMap<ClusterId, Member> {
    return this.#members;
  }

  /** What members are told of identities: a cluster of the fleet has one name in it. */
  identitiesOf({ known, learn }: IdentityBook): IdentityBook & { readonly namesake: Namesake } {
    const clusters = () => [...this.#members.values()].map(({ cluster }) => cluster);
    return { known, learn, namesake: namesakeIn(clusters, { known }) };
  }

  worker(cluster: ClusterId): Worker | undefined {
    return this.#kept.get(cluster)?.worker;
  }

  get workers(): readonly Worker[] {
    return [...this.#kept.values()].map(({ worker }) => worker);
  }

  /** Starts workers of new clusters and stops those of clusters that are gone or retired. Shape: what was started or stopped. */
  sync(fleet: Fleet, signal: AbortSignal): readonly ClusterId[] {
    const changed: ClusterId[] = [];
    for (const [id, kept] of this.#kept) {
      const cluster = fleet.get(id);
      if (cluster !== undefined && cluster.lifecycle !== 'Retired' && accessOf(cluster) === kept.access)
        kept.worker.member.cluster = cluster;
      else {
        this.#stop(id, kept);
        changed.push(id);
      }
    }
    for (const cluster of fleet.values()) {
      if (cluster.lifecycle === 'Retired' || this.#kept.has(cluster.id)) continue;
      this.#start(cluster, signal);
      changed.push(cluster.id);
    }
    return changed;
  }

  /** Resolves when all workers have ended; they do when the signal has fired. */
  async ended(): Promise<void> {
    for (const [id, kept] of [...this.#kept]) this.#stop(id, kept);
    await Promise.all(this.#stopping);
  }

  #start(cluster: Cluster, signal: AbortSignal): void {
    const controller = new AbortController();
    const worker = this.#make(cluster);
    const running = worker.run(AbortSignal.any([signal, controller.signal]));
    const stop = (): Promise<void> => {
      controller.abort();
      return running;
    };
    this.#kept.set(cluster.id, { worker, access: accessOf(cluster), stop });
    this.#members.set(cluster.id, worker.member);
  }

  #stop(id: ClusterId, { stop }: Kept): void {
    this.#kept.delete(id);
    this.#members.delete(id);
    const stopping = stop().finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }
}

/** What makes it another connection. */
export const accessOf = ({ access, proxyURL, clusterID }: Cluster): string =>
  JSON.stringify([access, proxyURL, clusterID]);
