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

/** One gate that a change has to pass, as it stood when the plan was made. */
export type PlannedGate = {
  readonly name: string;
  /** `later`: nobody looks at it before the change is there. */
  readonly state: 'passes' | 'fails' | 'waits' | 'unknown' | 'bypassed' | 'later';
  /** For people; never empty. */
  readonly text: string;
};

/** Shape: gates, windows and freezes of one stage; that the stages before must be well is told by the order of turns. */
export type StageGates = { readonly app: AppId; readonly stage: string; readonly gates: readonly PlannedGate[] };

export type Preview = {
  readonly head: CommitSha;
  /** The branch that it goes to. */
  readonly branch: string;
  /** Equal for equal plans, whatever time they were made at. */
  readonly digest: string;
  /** In order of App and cluster. */
  readonly cells: readonly PlannedCell[];
  readonly turns: readonly AppTurns[];
  readonly gates: readonly StageGates[];
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
