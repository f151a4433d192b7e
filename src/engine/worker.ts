/** One member's queue of cells and the loops that work it off. Nothing here waits for another member. */
import type { Cell } from '../core/model/cell.ts';
import type { CellId, ObjectKey } from '../core/model/id.ts';
import { BugError } from '../core/model/invariant.ts';
import type { KubeClient } from '../edge/kube/client.ts';
import { type Clock, deadlineOf } from '../seam/clock.ts';
import type { Log } from '../seam/log.ts';
import type { Metrics } from '../seam/metric.ts';
import type { Rng } from '../seam/rng.ts';
import { Audit } from './audit.ts';
import { Contests } from './contests.ts';
import { describeFault, faultOf, stackOf } from './fault-text.ts';
import type { CellStatus, Ledger } from './ledger.ts';
import type { Member } from './member/member.ts';
import { KeyedQueue } from './queue.ts';
import { type Reconciled, reconcile } from './reconcile.ts';
import type { Task } from './task.ts';

export type WorkerSettings = {
  /** Cells of one member under way at a time. */
  readonly cellsMax: number;
  /** Writes of one cell under way at a time. */
  readonly writesMax: number;
  /** One run over one cell. */
  readonly cellTimeoutMs: number;
  /** A cell that failed is tried again after this, doubled each time. */
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  /** Every object is read again once in this time. */
  readonly auditMs: number;
};

export type WorkerDeps = {
  readonly taskOf: (cell: CellId) => Task | undefined;
  /** Errors: misconfigured, when the tenant of the repository names nobody to act as. */
  readonly clientFor: (task: Task, member: Member) => KubeClient;
  readonly isWantedElsewhere: (key: ObjectKey, cell: CellId) => boolean;
  readonly onReconciled: (task: Task, result: Reconciled) => void;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly metrics: Metrics;
};

export class Worker {
  readonly member: Member;
  readonly queue: KeyedQueue<CellId>;
  readonly contests: Contests;
  readonly #settings: WorkerSettings;
  readonly #deps: WorkerDeps;
  readonly #audit: Audit;

  constructor(member: Member, settings: WorkerSettings, deps: WorkerDeps) {
    this.member = member;
    this.#settings = settings;
    this.#deps = deps;
    this.contests = new Contests(deps.clock);
    const { taskOf, clientFor, clock, rng, log, metrics } = deps;
    const onSuspect = (cell: CellId): void => this.queue.add(cell);
    this.#audit = new Audit({ member, taskOf, clientFor, onSuspect, clock, rng, log, metrics });
    const { retryMinMs, retryMaxMs } = settings;
    this.queue = new KeyedQueue({ clock: deps.clock, rng: deps.rng }, { retryMinMs, retryMaxMs });
  }

  /** Works until the signal fires; what is under way then is cut off, as a kill would. */
  async run(signal: AbortSignal): Promise<void> {
    const loop = async (): Promise<void> => {
      for (let cell = await this.queue.take(signal); cell !== undefined; cell = await this.queue.take(signal))
        await this.#work(cell, signal);
    };
    const { cellsMax, auditMs } = this.#settings;
    await Promise.all([
      this.member.run(signal),
      this.#audit.run(auditMs, signal),
      ...Array.from({ length: cellsMax }, loop),
    ]);
    this.queue.close();
  }

  async #work(cell: CellId, signal: AbortSignal): Promise<void> {
    const { clock, ledger, metrics, log } = this.#deps;
    const task = this.#deps.taskOf(cell);
    const reason = this.#idleReason();
    if (task === undefined || reason !== undefined) {
      if (task !== undefined && reason !== undefined) ledger.set(this.#idle(task, reason));
      this.queue.done(cell);
      return;
    }
    const startMs = clock.nowMs();
    using deadline = deadlineOf(clock, this.#settings.cellTimeoutMs, signal);
    try {
      const client = this.#deps.clientFor(task, this.member);
      const { writesMax } = this.#settings;
      const { isWantedElsewhere } = this.#deps;
      const result = await reconcile(
        task,
        {
          member: this.member,
          client,
          contests: this.contests,
          audit: this.#audit,
          isWantedElsewhere,
          writesMax,
          clock,
          log,
        },
        deadline.signal,
      );
      this.#deps.onReconciled(task, task.kind === 'keep' ? this.#asFailed(cell, result) : result);
      this.#next(cell, result);
    } catch (error) {
      if (signal.aborted) return;
      this.#fail(cell, task, error);
    }
    metrics.observe('reconcile_seconds', { cluster: this.member.id }, (clock.nowMs() - startMs) / 1000);
  }

  /** Keeping what is there is no attempt: why the last one failed still holds. */
  #asFailed(cell: CellId, result: Reconciled): Reconciled {
    return { ...result, status: { ...result.status, failure: this.#deps.ledger.of(cell)?.failure } };
  }

  #next(cell: CellId, { again, retryAfterMs, lookAgainMs }: Reconciled): void {
    if (again === 'later') this.queue.failed(cell, retryAfterMs);
    else this.queue.done(cell);
    if (again === 'now') this.queue.add(cell);
    if (lookAgainMs !== undefined) this.queue.addAfter(cell, lookAgainMs);
    const { wakeAtMs } = this.contests;
    if (wakeAtMs !== undefined) this.queue.addAfter(cell, Math.max(0, wakeAtMs - this.#deps.clock.nowMs()));
  }

  #fail(cell: CellId, task: Task, error: unknown): void {
    const { ledger, log, metrics } = this.#deps;
    if (error instanceof BugError || !isFault(error)) {
      log.error('bug', {
        cell,
        reason: stackOf(error),
        code: 'B9001',
      });
      metrics.count('bugs', { cluster: this.member.id });
      ledger.set({ ...this.#idle(task, 'B9001 a bug of Landfall; see its log'), state: 'Failed' });
    } else {
      const fault = faultOf(error);
      this.member.noteFault(fault);
      const isOurs = fault.kind === 'misconfigured' || fault.kind === 'forbidden' || fault.kind === 'unauthenticated';
      ledger.set({
        ...this.#idle(task, describeFault(fault)),
        state: isOurs ? 'Failed' : 'OutOfSync',
        ...(isOurs && task.kind === 'hold' ? { failure: { aim: task.digest, reason: describeFault(fault) } } : {}),
      });
    }
    this.queue.failed(cell);
  }

  /** Why nothing can be done on this member now. */
  #idleReason(): string | undefined {
    const { state } = this.member;
    if (state.kind === 'connecting') return 'not connected yet';
    if (state.kind !== 'ready') return state.reason;
    const { lease } = this.member.session;
    if (lease.isFresh) return undefined;
    return lease.otherHolder === undefined
      ? (lease.trouble ?? 'waits for the lease of this cluster')
      : `the lease of this cluster is held by ${lease.otherHolder}`;
  }

  #idle(task: Task, reason: string): CellStatus {
    const { ledger, clock } = this.#deps;
    const cell: Pick<Cell, 'id' | 'app' | 'stage' | 'cluster' | 'commit'> =
      task.kind === 'remove' ? { ...task.record, id: task.record.cell } : task.cell;
    const before = ledger.of(cell.id);
    const isReachable = this.member.state.kind === 'ready';
    return {
      cell: cell.id,
      app: cell.app,
      stage: cell.stage,
      cluster: cell.cluster,
      commit: cell.commit,
      state: isReachable ? 'Progressing' : 'Unreachable',
      health: isReachable ? (before?.health ?? 'Unknown') : 'Unknown',
      message: reason,
      objects: before?.objects ?? { desired: 0, live: 0, failed: 0 },
      updatedAtMs: clock.nowMs(),
      failure: before?.failure,
      isApplied: before?.isApplied ?? false,
    };
  }
}

function isFault(error: unknown): boolean {
  try {
    faultOf(error);
    return true;
  } catch {
    return false;
  }
}
