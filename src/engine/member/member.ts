/** One member cluster as the engine sees it: reached or not, and what it holds of ours. */
import { type Fault, FaultError } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import type { ClusterId, InstallationId, ObjectKey } from '../../core/model/id.ts';
import { invariant } from '../../core/model/invariant.ts';
import { installationLabel } from '../../core/plan/manifest.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { type Clock, sleep } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import { jitter, type Rng } from '../../seam/rng.ts';
import { describeFault } from '../fault-text.ts';
import { Wake } from '../wake.ts';
import { AutoscalerCache } from './autoscaler-cache.ts';
import { Followers } from './followers.ts';
import { checkIdentity, type IdentityBook, type Namesake } from './identity-book.ts';
import { Lease } from './lease.ts';
import { LiveCache } from './live-cache.ts';
import { type HeldRecord, heldRecordOf, RecordCache, recordQuery } from './record-cache.ts';
import { Session } from './session.ts';
import { ensureSystem } from './system.ts';
import type { TextPool } from './text-pool.ts';

export type MemberState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'ready' }
  /** No answer: nothing is known to be wrong, and it catches up when it returns. */
  | { readonly kind: 'lost'; readonly reason: string; readonly sinceMs: number }
  /** Somebody must act: another cluster at this address, credentials that do not work. */
  | { readonly kind: 'refused'; readonly reason: string };

export type MemberSettings = {
  readonly installation: InstallationId;
  /** This process, for leases. */
  readonly holder: string;
  readonly leaseMs: number;
};

export type MemberDeps = {
  readonly connect: (cluster: Cluster) => KubeClient;
  readonly identities: IdentityBook & { readonly namesake: Namesake };
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly metrics: Metrics;
  /** One for the whole fleet. */
  readonly texts: TextPool;
};

/** What the engine is told; it looks for itself what that means. */
export type MemberEvents = {
  readonly onState: () => void;
  readonly onRecord: (held: HeldRecord) => void;
  readonly onLive: (recordId: string) => void;
  readonly onAutoscaler: (targets: readonly ObjectKey[]) => void;
};

/** So long without an answer, and others take over what it ran. */
export const lostAfterMs = 60_000;

const recordsName = 'records';
const retryMinMs = 1_000;
const retryMaxMs = 60_000;

export class Member {
  readonly id: ClusterId;
  readonly manager: string;
  readonly records: RecordCache;
  readonly live: LiveCache;
  readonly autoscalers: AutoscalerCache;
  /** As in Git now; labels and variables change, access does not: a change of that makes another member. */
  cluster: Cluster;
  readonly #settings: MemberSettings;
  readonly #deps: MemberDeps;
  readonly #events: MemberEvents;
  readonly #lost: Wake;
  #state: MemberState = { kind: 'connecting' };
  #session: Session | undefined;
  /** Why the records may not be followed any more. */
  #revoked: Fault | undefined;

  constructor(cluster: Cluster, settings: MemberSettings, deps: MemberDeps, events: MemberEvents) {
    this.id = cluster.id;
    this.cluster = cluster;
    this.manager = `landfall-${settings.installation}`;
    this.#settings = settings;
    this.#deps = deps;
    this.#events = events;
    this.#lost = new Wake(deps.clock);
    this.records = new RecordCache(
      { installation: settings.installation, manager: this.manager, texts: deps.texts },
      events.onRecord,
    );
    this.live = new LiveCache(events.onLive, deps.texts);
    this.autoscalers = new AutoscalerCache(events.onAutoscaler);
  }

  get installation(): InstallationId {
    return this.#settings.installation;
  }

  get state(): MemberState {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#state.kind === 'ready';
  }

  /** A refused one is lost at once: it comes back when somebody acts. */
  get lostSinceMs(): number | undefined {
    if (this.#state.kind === 'refused') return 0;
    return this.#state.kind === 'lost' ? this.#state.sinceMs : undefined;
  }

  /** Have its records ever been read? Until then nobody knows what it holds. */
  get isRead(): boolean {
    return this.#session !== undefined;
  }

  get version(): string | undefined {
    return this.#session?.version;
  }

  /** Only of a member whose records have been read. */
  get session(): Session {
    invariant(this.#session !== undefined, 'a member is worked on after its records were read');
    return this.#session;
  }

  /** A request failed for lack of an answer: look whether the cluster is still there. */
  noteFault(fault: Fault): void {
    if (fault.kind === 'unreachable' && this.#state.kind === 'ready') this.#lose(fault);
  }

  /** Keeps the connection until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const ended = new AbortController();
      const session = AbortSignal.any([signal, ended.signal]);
      try {
        await this.#open(session, () => {
          attempt = 0;
        });
      } catch (error) {
        if (!(error instanceof FaultError) && !signal.aborted) throw error;
        if (error instanceof FaultError) this.#lose(error.fault);
      } finally {
        ended.abort(new FaultError({ kind: 'unreachable', detail: 'the session is over' }));
      }
      const { clock, rng } = this.#deps;
      await sleep(clock, jitter(rng, Math.min(retryMinMs * 2 ** attempt, retryMaxMs), 0.2), signal).catch(
        () => undefined,
      );
    }
  }

  async #open(signal: AbortSignal, onOpen: () => void): Promise<void> {
    const { clock, rng, log } = this.#deps;
    const { installation, holder, leaseMs } = this.#settings;
    const client = this.#deps.connect(this.cluster);
    const lease = new Lease(
      { installation, holder, durationMs: leaseMs },
      { client, clock, log, manager: this.manager },
    );
    const followers = new Followers(
      { client, clock, rng, log },
      { onContact: (fault) => this.#hear(fault), onRevoked: (name, fault) => this.#onRevoked(name, fault) },
      signal,
    );
    this.#revoked = undefined;
    const tasks: Promise<void>[] = [];
    try {
      const version = await client.version(signal);
      await checkIdentity(this.cluster, client, this.#deps.identities, signal);
      const kinds = await client.kinds(signal);
      const seal = await ensureSystem(installation, { client, rng, manager: this.manager }, signal);
      tasks.push(lease.keep(() => this.#events.onState(), signal));
      await followers.start(recordsName, recordQuery(installation), heldRecordOf, (event) => this.records.take(event));
      const selector = `${installationLabel}=${installation}`;
      const { live, autoscalers, manager } = this;
      const parts = { client, version, kinds, seal, lease, followers, live, autoscalers, manager, selector, clock };
      const session = new Session(parts);
      const owned = [...this.records.all].flatMap(({ record }) => [...(record?.inventory.keys() ?? [])]);
      await session.begin(owned);
      signal.throwIfAborted();
      this.#session = session;
      onOpen();
      this.#become({ kind: 'ready' });
      await this.#watchOver(client, signal);
    } finally {
      // The lease is given up even when all else is told to stop.
      await lease.release();
      await Promise.allSettled([...tasks, signal.aborted ? followers.ended() : undefined]);
      client.close();
    }
  }

  /** While it answers there is nothing to do; when it does not, it is asked now and then whether it is back. */
  async #watchOver(client: KubeClient, signal: AbortSignal): Promise<void> {
    const { clock, rng, identities } = this.#deps;
    while (!signal.aborted) {
      await this.#lost.wait(undefined, signal);
      if (this.#revoked !== undefined) throw new FaultError(this.#revoked);
      for (let attempt = 0; this.#state.kind !== 'ready' && !signal.aborted; attempt++) {
        const pauseMs = Math.min(retryMinMs * 2 ** attempt, retryMaxMs);
        await sleep(clock, jitter(rng, pauseMs, 0.2), signal).catch(() => undefined);
        try {
          // Another cluster may answer at the old address.
          await checkIdentity(this.cluster, client, identities, signal);
          this.#become({ kind: 'ready' });
        } catch (error) {
          if (!(error instanceof FaultError)) throw error;
          if (error.fault.kind === 'misconfigured') throw error;
        }
      }
    }
  }

  /** Without its records nothing can be done on a member; all else concerns only the cells that need it. */
  #onRevoked(name: string, fault: Fault): void {
    if (name !== recordsName) return this.#events.onState();
    this.#revoked = fault;
    this.#lose(fault);
  }

  #hear(fault: Fault | undefined): void {
    if (fault === undefined) return;
    const isContact = fault.kind === 'unreachable' || fault.kind === 'unauthenticated';
    if (isContact && this.#state.kind === 'ready') this.#lose(fault);
  }

  #lose(fault: Fault): void {
    const reason = describeFault(fault);
    const isOurs = fault.kind === 'misconfigured' || fault.kind === 'unauthenticated' || fault.kind === 'forbidden';
    const sinceMs = this.#state.kind === 'lost' ? this.#state.sinceMs : this.#deps.clock.nowMs();
    this.#lost.now();
    // Nothing happens then that would tell.
    if (!isOurs) this.#deps.clock.after(lostAfterMs, () => this.#events.onState());
    this.#become(isOurs ? { kind: 'refused', reason } : { kind: 'lost', reason, sinceMs });
  }

  #become(state: MemberState): void {
    const before = this.#state;
    this.#state = state;
    this.#deps.metrics.gauge('cluster_ready', { cluster: this.id }, state.kind === 'ready' ? 1 : 0);
    if (before.kind === state.kind) return;
    if (state.kind === 'ready') this.#deps.log.info('cluster ready', { cluster: this.id, version: this.version });
    if (state.kind === 'lost') this.#deps.log.warn('cluster lost', { cluster: this.id, reason: state.reason });
    if (state.kind === 'refused') this.#deps.log.warn('cluster refused', { cluster: this.id, reason: state.reason });
    this.#events.onState();
  }
}
