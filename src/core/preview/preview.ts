/** What a pull request would do to the fleet once it is merged: only what it touches. */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { AppId, ClusterId, CommitSha } from '../model/id.ts';
import type { FileConflict } from './conflict.ts';
import type { HeldDeletes, Move, PlannedCell } from './planned.ts';

/** One stage of an App that the pull request touches. */
export type StageTurn = {
  readonly stage: string;
  /** Where it changes something; empty for a pinned stage, which a merge alone does not move. */
  readonly clusters: readonly ClusterId[];
  readonly isPinned: boolean;
  /** All clusters at once: none goes before the others. */
  readonly isAtOnce: boolean;
  readonly soakMs: number;
};

export type AppTurns = { readonly app: AppId; readonly stages: readonly StageTurn[] };

export type Preview = {
  readonly head: CommitSha;
  /** The branch that it goes to. */
  readonly branch: string;
  /** Equal for equal plans, whatever time they were made at. */
  readonly digest: string;
  /** In order of App and cluster. */
  readonly cells: readonly PlannedCell[];
  readonly turns: readonly AppTurns[];
  readonly moves: readonly Move[];
  readonly held: readonly HeldDeletes[];
  /** Clusters that it touches and that could not be looked at: the plan is not whole. */
  readonly unread: ReadonlyMap<ClusterId, string>;
  /** Clusters that leave the inventory: what they hold stays there. */
  readonly leaving: readonly ClusterId[];
  /** Those that the branch does not have already. */
  readonly diagnostics: readonly Diagnostic[];
};

export type Outcome =
  | { readonly kind: 'planned'; readonly preview: Preview }
  /** Both sides have changed these files in ways that do not go together. */
  | {
      readonly kind: 'conflict';
      readonly head: CommitSha;
      readonly branch: string;
      readonly conflicts: readonly FileConflict[];
    }
  | { readonly kind: 'unplanned'; readonly head: CommitSha; readonly branch: string; readonly reason: string };
