/** What a repository would say if some files were its next commit. */
import { needsPast, pastSnapshot, readSnapshot as readDeclarations } from '../../core/dialect/read.ts';
import type { Reading } from '../../core/model/declarations.ts';
import type { Findings } from '../../core/model/diagnostic.ts';
import { noPast } from '../../core/model/source.ts';
import { followedBy, type PastDeps, type PastReader } from './past.ts';
import { type BlobCache, pruneCache, readSnapshot, type Tree } from './snapshot.ts';

export type Proposal = {
  readonly reading: Findings<Reading>;
  /** Paths of what was decrypted, now or before: values of theirs are shown to nobody. */
  readonly decrypted: ReadonlySet<string>;
};

export type ProposalInput = {
  readonly tree: Tree;
  /** What it would be on top of. */
  readonly head: Tree;
  /** Left with what both are made of. */
  readonly cache: BlobCache;
  readonly isPlain: boolean;
};

export type ProposalDeps = Omit<PastDeps, 'cache'> & { readonly past: PastReader };

/** Errors: FaultError. */
export async function readProposal(
  { tree, head, cache, isPlain }: ProposalInput,
  { past, ...deps }: ProposalDeps,
  signal: AbortSignal,
): Promise<Proposal> {
  const before = await readSnapshot(head, cache, deps, signal);
  const snapshot = await readSnapshot(tree, cache, deps, signal);
  pruneCache(cache, [tree, head]);
  const own = needsPast(snapshot)
    ? followedBy(await past.before(head.commit, { ...deps, cache: new Map(cache) }, signal), pastSnapshot(before))
    : noPast;
  const decrypted = [...before.files, ...snapshot.files].filter(({ isDecrypted }) => isDecrypted === true);
  return {
    reading: readDeclarations(snapshot, { isPlain, past: own }),
    decrypted: new Set(decrypted.map(({ path }) => path)),
  };
}
