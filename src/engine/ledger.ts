/** What is known of every cell right now. In memory only: all of it can be read again. */
import type { HealthStatus } from '../core/model/health.ts';
import type { AppId, CellId, ClusterId, CommitSha, Digest } from '../core/model/id.ts';

/** Argo CD's words where they exist. */
export type CellState = 'Synced' | 'OutOfSync' | 'Progressing' | 'Blocked' | 'Contested' | 'Failed' | 'Unreachable';

/** Why trying again will not help; counts against the stage, as long as this is what it should hold. */
export type Failure = { readonly aim: Digest; readonly reason: string };

export type CellStatus = {
  readonly cell: CellId;
  readonly app: AppId;
  readonly stage: string;
  readonly cluster: ClusterId;
  /** The commit that the cell is on its way to, or holds. */
  readonly commit: CommitSha;
  readonly state: CellState;
  readonly health: HealthStatus;
  readonly message: string | undefined;
  readonly objects: { readonly desired: number; readonly live: number; readonly failed: number };
  readonly updatedAtMs: number;
  /** Stays until the next attempt: that a cell waits, or cannot be reached, mends nothing. */
  readonly failure: Failure | undefined;
  /** All that it should hold has been applied. */
  readonly isApplied: boolean;
};

export class Ledger {
  readonly #cells = new Map<CellId, CellStatus>();
  readonly #listeners = new Set<(status: CellStatus) => void>();

  get cells(): ReadonlyMap<CellId, CellStatus> {
    return this.#cells;
  }

  of(cell: CellId): CellStatus | undefined {
    return this.#cells.get(cell);
  }

  /** Notes a status; listeners hear only of one that says something new. */
  set(status: CellStatus): void {
    const before = this.#cells.get(status.cell);
    if (before !== undefined && isSame(before, status)) return;
    this.#cells.set(status.cell, status);
    for (const listener of this.#listeners) listener(status);
  }

  delete(cell: CellId): void {
    this.#cells.delete(cell);
  }

  /** The result stops it. */
  listen(listener: (status: CellStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function isSame(a: CellStatus, b: CellStatus): boolean {
  return (
    a.state === b.state &&
    a.health === b.health &&
    a.message === b.message &&
    a.commit === b.commit &&
    a.stage === b.stage &&
    a.failure?.aim === b.failure?.aim &&
    a.failure?.reason === b.failure?.reason &&
    a.isApplied === b.isApplied &&
    a.objects.desired === b.objects.desired &&
    a.objects.live === b.objects.live &&
    a.objects.failed === b.objects.failed
  );
}
