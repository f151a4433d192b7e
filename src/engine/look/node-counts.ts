/** How many nodes a cluster has: counted while somebody looks, and seldom then. */
import { FaultError } from '../../core/model/fault.ts';
import type { ClusterId } from '../../core/model/id.ts';
import { type Clock, DeadlineError, deadlineOf } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import { stackOf } from '../fault-text.ts';
import { builtinKinds } from '../member/builtin-kind.ts';
import type { Member } from '../member/member.ts';

/** A count is a list of all nodes, metadata only; nobody needs it newer. */
const keptMs = 300_000;
const timeoutMs = 10_000;
/** Clusters asked at a time. */
const asksMax = 32;

/** `reason`: why nobody can say, where that will not pass by itself. */
export type NodeCount = { readonly nodes?: number; readonly reason?: string };

type Kept = NodeCount & { readonly atMs: number };

export type NodeCountDeps = {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Hears of each new count. */
  readonly onCount: (cluster: ClusterId) => void;
};

export class NodeCounts {
  readonly #deps: NodeCountDeps;
  readonly #counts = new Map<ClusterId, Kept>();
  readonly #asking = new Set<ClusterId>();

  constructor(deps: NodeCountDeps) {
    this.#deps = deps;
  }

  /** Shape: empty until it is known; asking begins to count. */
  of(member: Member, signal: AbortSignal): NodeCount {
    const count = this.#counts.get(member.id);
    const isOld = count === undefined || this.#deps.clock.nowMs() - count.atMs >= keptMs;
    if (isOld && member.isReady && !this.#asking.has(member.id) && this.#asking.size < asksMax)
      void this.#ask(member, signal);
    return count ?? {};
  }

  async #ask(member: Member, signal: AbortSignal): Promise<void> {
    const { id } = member;
    this.#asking.add(id);
    try {
      const count = await this.#count(member, signal);
      const before = this.#counts.get(id);
      this.#counts.set(id, { ...count, atMs: this.#deps.clock.nowMs() });
      if (count.nodes !== before?.nodes || count.reason !== before?.reason) this.#deps.onCount(id);
    } finally {
      this.#asking.delete(id);
    }
  }

  /** Whatever goes wrong here is told by those whose work it is. */
  async #count(member: Member, signal: AbortSignal): Promise<NodeCount> {
    using deadline = deadlineOf(this.#deps.clock, timeoutMs, signal);
    try {
      const query = { kind: builtinKinds.node, isMetadataOnly: true };
      const { items } = await member.session.client.listReduced(query, () => true, deadline.signal);
      return { nodes: items.length };
    } catch (error) {
      const isExpected = error instanceof FaultError || error instanceof DeadlineError || signal.aborted;
      // What is only shown ends nothing.
      if (!isExpected) {
        this.#deps.log.error('bug', { where: 'nodes', reason: stackOf(error), code: 'B9001' });
        this.#deps.metrics.count('bugs', { cluster: member.id });
      }
      const isForbidden = error instanceof FaultError && error.fault.kind === 'forbidden';
      return isForbidden ? { reason: 'Landfall has no right to list nodes here' } : {};
    }
  }
}
