/** The truth about one repository at one moment. */
import type { CommitSha } from '../model/id.ts';
import type { Context } from './context.ts';
import type { Status } from './status.ts';

/** How it is with what the head wants under one name. */
export type View = { readonly wish: string; readonly status: Status };

/** A pinned stage: as a whole, and the part of it that each revision runs. */
export type PinnedView = View & { readonly revisions: ReadonlyMap<CommitSha, Status> };

export type Look = {
  /** The newest commit that was read and compiled. */
  readonly head: CommitSha;
  readonly check: Status;
  /** Apps, in the stages that follow the head. */
  readonly views: ReadonlyMap<Context, View>;
  readonly pinned: ReadonlyMap<Context, PinnedView>;
  /** Of an App that the head says nothing of and that no cluster is known to hold. */
  readonly gone: Status;
};
