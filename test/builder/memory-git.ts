/** A Git repository in memory, for tests of all that stands on the seam: commits are maps of files. */
import { createHash } from 'node:crypto';
import { FaultError } from '../../src/core/model/fault.ts';
import { type CommitSha, commitSha, repositoryId } from '../../src/core/model/id.ts';
import type { CommitInfo, GitRepository, Head, TreeChange, TreeFile } from '../../src/seam/git.ts';

export type MemoryGit = {
  readonly repository: GitRepository;
  /** Commits these files on top of the head; undefined removes one. */
  readonly commit: (
    files: Readonly<Record<string, string | undefined>>,
    subject?: string,
    author?: string,
  ) => CommitSha;
  /** Commits on top of any commit, beside the branch. */
  readonly branchOff: (parent: CommitSha, files: Readonly<Record<string, string | undefined>>) => CommitSha;
  /** What the branch is from now on: a commit, or one of the states of a broken server. */
  readonly setHead: (head: Head | FaultError) => void;
  /** Where a branch beside `main` stands. */
  readonly branch: (name: string) => CommitSha | undefined;
  readonly setBranch: (name: string, commit: CommitSha) => void;
  /** Puts what a commit changes on top of the head, as one commit. */
  readonly squash: (commit: CommitSha, subject: string) => CommitSha;
  /** A file of the head, or of a commit. */
  readonly text: (path: string, commit?: CommitSha) => string | undefined;
  readonly notes: (ref: string) => ReadonlyMap<CommitSha, string>;
  readonly head: () => CommitSha;
};

type Commit = { readonly info: CommitInfo; readonly files: ReadonlyMap<string, string> };

const never = new AbortController().signal;
/** `Ann Author` is ann.author@example.com; nobody is nobody. */
const emailOf = (author: string): string =>
  author === '' ? '' : `${author.toLowerCase().replaceAll(' ', '.')}@example.com`;
const subjectOf = (message: string): string => message.split('\n', 1)[0] ?? '';
const sha = (text: string): string => createHash('sha1').update(text).digest('hex');

/** Texts that stand for what is no file. */
export const symlinkTo = (target: string): string => `\0symlink ${target}`;
export const submoduleAt = (commit: string): string => `\0submodule ${commit}`;

const modeOf = (text: string): TreeFile['mode'] =>
  text.startsWith('\0symlink ') ? 'symlink' : text.startsWith('\0submodule ') ? 'submodule' : 'file';

export function memoryGit(id = 'fleet'): MemoryGit {
  const commits = new Map<CommitSha, Commit>();
  const blobs = new Map<string, string>();
  const branches = new Map<string, CommitSha>();
  const notes = new Map<string, Map<CommitSha, string>>();
  const watchers = new Set<() => void>();
  let head: Head | FaultError = { kind: 'emptyRepository' };
  const wake = (): void => {
    for (const watcher of watchers) watcher();
  };
  const treeOf = (commit: CommitSha): readonly TreeFile[] => {
    const found = commits.get(commit);
    if (found === undefined) throw new FaultError({ kind: 'missing', detail: `no commit ${commit}` });
    return [...found.files]
      .map(([path, text]): TreeFile => ({ path, oid: sha(text), mode: modeOf(text) }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  };
  const repository: GitRepository = {
    id: repositoryId(id),
    head: async () => {
      if (head instanceof FaultError) throw head;
      return head;
    },
    fetch: async (commit) => void treeOf(commit),
    files: async (commit) => treeOf(commit),
    changes: async (from, to) => {
      const [before, after] = [from, to].map((commit) => new Map(treeOf(commit).map((file) => [file.path, file])));
      const paths = [...new Set([...before!.keys(), ...after!.keys()])].toSorted();
      return paths.flatMap((path): readonly TreeChange[] => {
        const change = { path, before: before!.get(path), after: after!.get(path) };
        return change.before?.oid === change.after?.oid ? [] : [change];
      });
    },
    blobs: async (oids) =>
      oids.map((oid) => ({ kind: 'bytes', bytes: new TextEncoder().encode(blobs.get(oid) ?? '') })),
    history: async (from, until, limit) => {
      const found: CommitInfo[] = [];
      for (let next: CommitSha | undefined = from; next !== undefined && next !== until && found.length < limit; ) {
        const info: CommitInfo | undefined = commits.get(next)?.info;
        if (info === undefined) break;
        found.push(info);
        next = info.parents[0];
      }
      return found;
    },
    mergeBase: async (a, b) => {
      const seen = new Set<CommitSha>();
      for (let next: CommitSha | undefined = a; next !== undefined; next = commits.get(next)?.info.parents[0])
        seen.add(next);
      let base: CommitSha | undefined = b;
      while (base !== undefined && !seen.has(base)) base = commits.get(base)?.info.parents[0];
      return base === undefined ? { kind: 'none' } : { kind: 'found', commit: base };
    },
    contributions: async (from, to, paths) => {
      const known = await repository.history(from ?? to, undefined, 1_000, never);
      const all = await repository.history(to, undefined, 1_000, never);
      const news = all.filter(({ commit }) => from === undefined || known.every((each) => each.commit !== commit));
      return news.map(({ commit, parents, author }) => {
        const files = commits.get(commit)!.files;
        const before = parents[0] === undefined ? new Map<string, string>() : commits.get(parents[0])!.files;
        const all = [...new Set([...before.keys(), ...files.keys()])];
        const changed = all.filter((path) => before.get(path) !== files.get(path));
        const touched = changed.filter((path) => paths.includes(path));
        const email = emailOf(author);
        const touchesMore = touched.length < changed.length;
        return { commit, parents, authors: [email], committer: email, touched, touchesMore };
      });
    },
    readNotes: async (ref, asked) =>
      new Map(asked.flatMap((commit) => (notes.get(ref)?.has(commit) ? [[commit, notes.get(ref)!.get(commit)!]] : []))),
    writeNotes: async (ref, given) => {
      const known = notes.get(ref) ?? new Map();
      for (const [commit, text] of given) known.set(commit, text);
      notes.set(ref, known);
    },
    push: async (branch, parent, change) => {
      if (branch !== 'main' || current() !== parent)
        throw new FaultError({ kind: 'stale', detail: `${branch} is no longer at ${parent}` });
      return advance(write(parent, Object.fromEntries(change.files), subjectOf(change.message)));
    },
    propose: async (branch, base, change) => {
      treeOf(base);
      const commit = write(base, Object.fromEntries(change.files), subjectOf(change.message));
      branches.set(branch, commit);
      return commit;
    },
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    close: async () => {},
  };
  const current = (): CommitSha | undefined =>
    !(head instanceof FaultError) && head.kind === 'commit' ? head.commit : undefined;
  const advance = (commit: CommitSha): CommitSha => {
    head = { kind: 'commit', commit };
    wake();
    return commit;
  };
  const write = (
    parent: CommitSha | undefined,
    files: Readonly<Record<string, string | undefined>>,
    subject: string,
    author = 'A Tester',
  ): CommitSha => {
    const merged = new Map(parent === undefined ? [] : commits.get(parent)!.files);
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) merged.delete(path);
      else merged.set(path, text);
    }
    for (const text of merged.values()) blobs.set(sha(text), text);
    const commit = commitSha(
      sha(JSON.stringify([parent, subject, [...merged]]) + (author === 'A Tester' ? '' : author)),
    );
    const info = {
      commit,
      parents: parent === undefined ? [] : [parent],
      subject,
      author,
      committedAtMs: 0,
    };
    commits.set(commit, { info, files: merged });
    return commit;
  };
  return {
    repository,
    branchOff: (parent, files) => write(parent, files, 'proposed'),
    commit: (files, subject = 'change', author) => advance(write(current(), files, subject, author)),
    branch: (name) => branches.get(name),
    setBranch: (name, commit) => void branches.set(name, commit),
    squash: (commit, subject) => {
      const { info, files } = commits.get(commit)!;
      const before = commits.get(info.parents[0]!)!.files;
      const paths = [...new Set([...before.keys(), ...files.keys()])].filter(
        (path) => before.get(path) !== files.get(path),
      );
      const changed = paths.map((path) => [path, files.get(path)] as const);
      return advance(write(current(), Object.fromEntries(changed), subject));
    },
    text: (path, commit) => {
      const at = commit ?? current();
      return at === undefined ? undefined : commits.get(at)?.files.get(path);
    },
    setHead: (next) => {
      head = next;
      wake();
    },
    notes: (ref) => notes.get(ref) ?? new Map(),
    head: () => {
      const commit = current();
      if (commit === undefined) throw new Error('there is no commit yet');
      return commit;
    },
  };
}
