/** The earlier commits of a branch, as far as their manifests still count: walked once, by first parents. */
import { pastSnapshot } from '../../core/dialect/read.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { CommitSha } from '../../core/model/id.ts';
import type { Past, Snapshot } from '../../core/model/source.ts';
import type { GitRepository } from '../../seam/git.ts';
import { type BlobCache, readSnapshot, readTree, type SnapshotDeps, type Tree } from './snapshot.ts';

export type PastDeps = Omit<SnapshotDeps, 'git'> & {
  readonly git: SnapshotDeps['git'] & Pick<GitRepository, 'changes' | 'fetch' | 'files' | 'history'>;
  readonly cache: BlobCache;
};

/** Commits asked for in one message. */
const batchSize = 200;
/** Beyond so many, what is older does not count: the numbers of things that are that old cannot be told. */
const commitsMax = 2_000;

const nothing: Past = { snapshots: [], isWhole: true };
const cutOff: Past = { snapshots: [], isWhole: false };

export class PastReader {
  /** Of each commit: all up to it, itself included. */
  readonly #known = new Map<CommitSha, Past>();

  /**
   * What was before a commit. Cost: the commits since the last that was asked for.
   *
   * Errors: FaultError, but not for history that is nowhere to be had: then the past begins later, and says so.
   */
  async before(commit: CommitSha, deps: PastDeps, signal: AbortSignal): Promise<Past> {
    const { commits, base } = await this.#unknownBefore(commit, deps, signal);
    let past = base;
    let tree: Tree | undefined;
    for (const each of commits.toReversed()) {
      try {
        tree = await readTree(each, tree, deps.git, signal);
        const snapshot = pastSnapshot(await readSnapshot(tree, deps.cache, deps, signal));
        past = followedBy(past, snapshot);
      } catch (error) {
        if (!isMissing(error)) throw error;
        [past, tree] = [cutOff, undefined];
      }
      this.#known.set(each, past);
    }
    return past;
  }

  /** Shape: newest first, without the commit itself; `base` is what comes before the last of them. */
  async #unknownBefore(
    commit: CommitSha,
    { git }: PastDeps,
    signal: AbortSignal,
  ): Promise<{ readonly commits: readonly CommitSha[]; readonly base: Past }> {
    const commits: CommitSha[] = [];
    let from = commit;
    while (commits.length < commitsMax) {
      const found = await git.history(from, undefined, batchSize, signal);
      for (const { commit: here } of found.slice(from === commit ? 0 : 1)) {
        const known = here === commit ? undefined : this.#known.get(here);
        if (known !== undefined) return { commits, base: known };
        if (here !== commit) commits.push(here);
      }
      const last = found.at(-1);
      if (last === undefined || last.parents.length === 0) return { commits, base: nothing };
      if (last.commit === from) break;
      from = last.commit;
    }
    return { commits, base: cutOff };
  }
}

const isMissing = (error: unknown): boolean => error instanceof FaultError && error.fault.kind === 'missing';

/** Shape: a commit that changes nothing of what counts adds nothing. */
export function followedBy({ snapshots, isWhole }: Past, next: Snapshot): Past {
  const last = snapshots.at(-1);
  if (last !== undefined && textOf(last) === textOf(next)) return { snapshots, isWhole };
  return { snapshots: [...snapshots, next], isWhole };
}

const textOf = ({ files }: Snapshot): string => files.map(({ path, digest }) => `${path}\0${digest}`).join('\n');
