/** What is asked of one cell now. */
import type { Cell, Rendering } from '../core/model/cell.ts';
import type { Digest } from '../core/model/id.ts';
import type { Acknowledged, CellRecord } from '../core/model/record.ts';

export type Task =
  /** Bring it to what is wanted, and keep it there. */
  | {
      readonly kind: 'hold';
      readonly cell: Cell;
      readonly rendering: Rendering;
      readonly intent: Digest;
      /** Sealed, as the record is to have it. */
      readonly digest: Digest;
      /** Healthy for so long, what it holds counts as good. */
      readonly soakMs: number;
      /** Why what is no longer wanted stays for now. */
      readonly pruneWaits: string | undefined;
      /** Why what goes to another cluster stays for now. */
      readonly leaveWaits: string | undefined;
      /** What goes or shrinks waits for what stays and comes. */
      readonly isMakingFirst: boolean;
      /** A person's yes that is to be written down before the first deletion. */
      readonly acknowledged: Acknowledged | undefined;
      /** Records that this cell takes over. */
      readonly former: readonly CellRecord[];
    }
  /** Keep what it holds, healed where that is known; it may not change yet. */
  | {
      readonly kind: 'keep';
      readonly cell: Cell;
      /** What it holds, when that can still be made; undefined: then it is only looked after, not healed. */
      readonly rendering: Rendering | undefined;
      readonly reason: string;
      /** Nobody's turn: a stage that waits is progressing, a manifest with errors is blocked. */
      readonly isWaiting: boolean;
      /** It holds what it should, and is left alone all the same. */
      readonly isAtAim?: true;
    }
  /** Empty it. */
  | {
      readonly kind: 'remove';
      readonly record: CellRecord;
      readonly isOrphaning: boolean;
      readonly waits: string | undefined;
      readonly acknowledged: Acknowledged | undefined;
    };
