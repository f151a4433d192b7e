/** One cluster, read once: what its records say and what it holds of ours. Nothing is written, watched or leased. */
import { type Fault, FaultError } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import type { ClusterId, InstallationId } from '../../core/model/id.ts';
import { invariant } from '../../core/model/invariant.ts';
import { installationLabel } from '../../core/plan/manifest.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { type Clock, deadlineOf } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import { faultOf } from '../fault-text.ts';
import { AutoscalerCache } from '../member/autoscaler-cache.ts';
import type { Starter } from '../member/followers.ts';
import { checkIdentity, type IdentityBook, type Namesake } from '../member/identity-book.ts';
import { Lease } from '../member/lease.ts';
import { LiveCache } from '../member/live-cache.ts';
import { heldRecordOf, RecordCache, recordQuery } from '../member/record-cache.ts';
import { Session } from '../member/session.ts';
import { openSeal, readSeal } from '../member/system.ts';
import { TextPool } from '../member/text-pool.ts';
import type { SurveyMember } from './survey-member.ts';

export type ReadDeps = {
  readonly connect: (cluster: Cluster) => KubeClient;
  /** Asked, never taught: what is only looked at is not believed from then on. */
  readonly identities: Pick<IdentityBook, 'known'> & { readonly namesake: Namesake };
  readonly clock: Clock;
  readonly log: Log;
};

/** A cluster that has not said the first thing by then counts as away. */
const contactMs = 20_000;

/** Errors: none but bugs and the signal's reason; a cluster that cannot be read says why. */
export async function readMember(
  cluster: Cluster,
  installation: InstallationId,
  deps: ReadDeps,
  signal: AbortSignal,
): Promise<ReadMember> {
  const member = new ReadMember(cluster, installation);
  try {
    await member.open(deps, signal);
  } catch (error) {
    signal.throwIfAborted();
    member.fail(faultOf(error));
  }
  return member;
}

export class ReadMember implements SurveyMember {
  readonly id: ClusterId;
  readonly cluster: Cluster;
  readonly installation: InstallationId;
  readonly manager: string;
  readonly records: RecordCache;
  readonly live: LiveCache;
  readonly autoscalers = new AutoscalerCache(() => {});
  #session: Session | undefined;
  #client: KubeClient | undefined;
  #fault: Fault | undefined;
  #isKnown = false;
  #uid: string | undefined;

  constructor(cluster: Cluster, installation: InstallationId) {
    this.id = cluster.id;
    this.cluster = cluster;
    this.installation = installation;
    this.manager = `landfall-${installation}`;
    const texts = new TextPool();
    this.live = new LiveCache(() => {}, texts);
    this.records = new RecordCache({ installation, manager: this.manager, texts }, () => {});
  }

  get isReady(): boolean {
    return this.#session !== undefined;
  }

  readonly lostSinceMs = undefined;

  get isRead(): boolean {
    return this.#session !== undefined;
  }

  get session(): Session {
    invariant(this.#session !== undefined, 'a cluster is looked into after it was read');
    return this.#session;
  }

  get version(): string | undefined {
    return this.#session?.version;
  }

  /** Which cluster it is; undefined where that was known before, or it has not answered. */
  get uid(): string | undefined {
    return this.#uid;
  }

  /** Why it could not be read. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** Has this installation ever been here? Until then there is no key that seals digests. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  async open({ connect, identities, clock, log }: ReadDeps, signal: AbortSignal): Promise<void> {
    const client = connect(this.cluster);
    this.#client = client;
    const { installation, manager, live, autoscalers } = this;
    using contact = deadlineOf(clock, contactMs, signal);
    const version = await client.version(contact.signal);
    await checkIdentity(
      this.cluster,
      client,
      {
        ...identities,
        learn: (_, uid) => {
          this.#uid = uid;
        },
      },
      contact.signal,
    );
    const kinds = await client.kinds(signal);
    const known = await readSeal(installation, client, signal);
    const followers = listers(client, signal);
    await followers.start('records', recordQuery(installation), heldRecordOf, (event) => this.records.take(event));
    // Never kept: whoever only looks needs no leave of others.
    const lease = new Lease({ installation, holder: '', durationMs: 0 }, { client, clock, log, manager });
    const selector = `${installationLabel}=${installation}`;
    const seal = known ?? openSeal;
    this.#isKnown = known !== undefined;
    this.#session = new Session({
      ...{ client, version, kinds, seal, lease, followers },
      ...{ live, autoscalers, manager, selector, clock },
    });
  }

  fail(fault: Fault): void {
    this.#fault = fault;
    this.#session = undefined;
    this.#session = undefined;
  }

  close(): void {
    this.#client?.close();
  }
}

/** What the engine watches, listed: each query once, as who is asked to. */
export function listers(client: KubeClient, signal: AbortSignal): Starter {
  const listed = new Map<string, Promise<void>>();
  return {
    start: (name, query, reduce, sink, reader = client) => {
      const list = async (): Promise<void> => {
        sink({ kind: 'listed', ...(await reader.listReduced(query, reduce, signal)) });
      };
      const known = listed.get(name) ?? list();
      listed.set(name, known);
      return known;
    },
  };
}

/** Errors: unreachable, and whatever else kept it from being read. */
export function whyUnread({ fault, id }: Pick<SurveyMember, 'fault' | 'id'>): Fault {
  return fault ?? new FaultError({ kind: 'unreachable', detail: `cluster ${id} was not read` }).fault;
}
