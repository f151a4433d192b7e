/** What a repository would say if some files were its next commit. */
import { needsPast, pastSnapshot, readSnapshot as readDeclarations } from '../../core/dialect/read.ts';
import type { Reading } from '../../core/model/declarations.ts';
import type { Findings } from '../../core/model/diagnostic.ts';
import { noPast } from '../../core/model/source.ts';
import { type Made, withMade } from './made.ts';
import { followedBy, type PastDeps, type PastReader } from './past.ts';
import { type BlobCache, pruneCache, readSnapshot, type Tree } from './snapshot.ts';

export type Proposal = {
  readonly reading: Findings<Reading>;
  /** Paths of what was decrypted, now or before: values of theirs are shown to nobody. */
  readonly decrypted: ReadonlySet<string>;
};

/** Files, and what of them no commit holds. */
export type NextFiles = { readonly tree: Tree; readonly made: Made };

export type ProposalInput = NextFiles & {
  /** What it would be on top of. */
  readonly head: Tree;
  /** Left with what both are made of. */
  readonly cache: BlobCache;
  readonly isPlain: boolean;
  readonly url: string;
};

export type ProposalDeps = Omit<PastDeps, 'cache'> & { readonly past: PastReader };

/** Errors: FaultError. */
export async function readProposal(
  { tree, head, cache, made, isPlain, url }: ProposalInput,
  { past, ...deps }: ProposalDeps,
  signal: AbortSignal,
): Promise<Proposal> {
  const before = await readSnapshot(head, cache, deps, signal);
  const snapshot = await readSnapshot(tree, cache, { ...deps, git: withMade(deps.git, made) }, signal);
  pruneCache(cache, [tree, head]);
  const own = needsPast(snapshot)
    ? followedBy(await past.before(head.commit, { ...deps, cache: new Map(cache) }, signal), pastSnapshot(before))
    : noPast;
  const decrypted = [...before.files, ...snapshot.files].filter(({ isDecrypted }) => isDecrypted === true);
  return {
    reading: readDeclarations(snapshot, { isPlain, url, past: own }),
    decrypted: new Set(decrypted.map(({ path }) => path)),
  };
}
