/** What is asked of a repository's process, and what it answers. Plain data: it travels between processes. */
import type { CommitSha } from '../../core/model/id.ts';
import type { CommitInfo, Contribution, GitBlob, GitChange, MergeBase, TreeChange, TreeFile } from '../../seam/git.ts';

export type Operations = {
  /** Makes a commit readable. `isHead`: the branch stood there when it was last asked. */
  readonly fetch: {
    readonly ask: { readonly commit: CommitSha; readonly isHead: boolean };
    readonly answer: undefined;
  };
  readonly files: { readonly ask: { readonly commit: CommitSha }; readonly answer: readonly TreeFile[] };
  readonly changes: {
    readonly ask: { readonly from: CommitSha; readonly to: CommitSha };
    readonly answer: readonly TreeChange[];
  };
  /** The first of them, as many as fit into one answer; at least one. */
  readonly blobs: { readonly ask: { readonly oids: readonly string[] }; readonly answer: readonly GitBlob[] };
  readonly history: {
    readonly ask: { readonly from: CommitSha; readonly until: CommitSha | undefined; readonly limit: number };
    readonly answer: readonly CommitInfo[];
  };
  readonly mergeBase: {
    readonly ask: { readonly a: CommitSha; readonly b: CommitSha };
    readonly answer: MergeBase;
  };
  readonly contributions: {
    readonly ask: { readonly from: CommitSha | undefined; readonly to: CommitSha; readonly paths: readonly string[] };
    readonly answer: readonly Contribution[] | undefined;
  };
  readonly readNotes: {
    readonly ask: { readonly ref: string; readonly commits: readonly CommitSha[] };
    readonly answer: ReadonlyMap<CommitSha, string>;
  };
  readonly writeNotes: {
    readonly ask: { readonly ref: string; readonly notes: ReadonlyMap<CommitSha, string> };
    readonly answer: undefined;
  };
  readonly push: {
    readonly ask: { readonly branch: string; readonly parent: CommitSha; readonly change: GitChange };
    readonly answer: CommitSha;
  };
  readonly propose: {
    readonly ask: { readonly branch: string; readonly base: CommitSha; readonly change: GitChange };
    readonly answer: CommitSha;
  };
};

export type OperationName = keyof Operations;

/** One operation's function. */
export type Performer = <Name extends OperationName>(
  name: Name,
  ask: Operations[Name]['ask'],
) => Promise<Operations[Name]['answer']>;
