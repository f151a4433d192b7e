/** Where statuses are told: notes in the repository, and each forge in a file of its own. */

import type { CommitSha } from '../../core/model/id.ts';
import type { Context } from '../../core/report/context.ts';
import type { Journal } from '../../core/report/journal.ts';
import type { CommitReport } from '../../core/report/pace.ts';
import type { Told } from '../../core/report/status.ts';

export type StatusBatch = {
  /** The head first, then as they came. */
  readonly reports: readonly CommitReport[];
  /** To be kept for the next process, once all of the reports were told. */
  readonly journal: Journal;
};

/**
 * One place that is told about the commits of one repository.
 *
 * Every method rejects with FaultError, or the signal's reason. There is one caller, which waits for each answer, so that a
 * slow word can never come after a newer one.
 */
export type StatusSink = {
  /** For logs and figures. */
  readonly name: string;
  /** How long counts may be out of date while the state stays; undefined: they are told with the next state only. */
  readonly refreshMs: number | undefined;
  /** The journal of the process before; undefined when there was none. */
  readonly recall: (signal: AbortSignal) => Promise<Journal | undefined>;
  /** What was told of commits before, by whatever process; commits of which nothing was told are left out. */
  readonly read: (
    commits: readonly CommitSha[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<CommitSha, ReadonlyMap<Context, Told>>>;
  /**
   * Tells. `onTold` is called for each status that has arrived; what is told twice must do no harm.
   *
   * Shape: when to come again for what was left for later; undefined when nothing was. Units: milliseconds since 1970.
   */
  readonly write: (
    batch: StatusBatch,
    onTold: (commit: CommitSha, context: Context) => void,
    signal: AbortSignal,
  ) => Promise<number | undefined>;
};
