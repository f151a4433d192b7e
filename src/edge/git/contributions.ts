/** Who has brought what between two commits. */
import { type CommitSha, commitSha } from '../../core/model/id.ts';
import type { Contribution } from '../../seam/git.ts';
import type { Holding } from './holding.ts';
import type { Commit } from './objects/commit.ts';
import { changesOf, type Walker, type WalkLimits } from './objects/walk.ts';
import type { Call } from './remote/remote.ts';

/** How far back a server is asked for history, one step after the other. Units: commits. */
const depths = [50, 200, 1_000];
const commitsMax = 1_000;
/** Of what is old already: beyond, too much counts as new, and never too little. */
const ancestorsMax = 5_000;

type Ask = {
  readonly holding: Holding;
  readonly limits: WalkLimits;
  readonly from: CommitSha | undefined;
  readonly to: CommitSha;
  readonly paths: readonly string[];
};

/** Shape: as the seam says. */
export async function contributionsOf(ask: Ask, call: Call): Promise<readonly Contribution[] | undefined> {
  const { holding, from, to } = ask;
  let found = between(holding.view().walker, from, to);
  for (const depth of depths) {
    if (found !== 'cut') break;
    await holding.deepen(to, depth, call);
    if (from !== undefined) await holding.deepen(from, depth, call);
    found = between(holding.view().walker, from, to);
  }
  if (found === 'cut' || found.size > commitsMax) return undefined;
  const { walker } = holding.view();
  return [...found].map(([oid, commit]) => contribution(walker, oid, commit, ask));
}

/** Cut: what is new goes on further back than histories are here. */
function between(walker: Walker, from: string | undefined, to: string): ReadonlyMap<string, Commit> | 'cut' {
  const old = from === undefined ? nothing : reach(walker, from, new Map(), ancestorsMax);
  const news = reach(walker, to, old.commits, commitsMax + 1);
  if (news.commits.size > commitsMax) return news.commits;
  return news.cut.every((oid) => old.cut.includes(oid)) ? news.commits : 'cut';
}

type Reached = { readonly commits: ReadonlyMap<string, Commit>; readonly cut: readonly string[] };

const nothing: Reached = { commits: new Map(), cut: [] };

/** Newest first by steps; those that are `known` already are not entered. */
function reach(walker: Walker, tip: string, known: ReadonlyMap<string, Commit>, max: number): Reached {
  const commits = new Map<string, Commit>();
  const cut: string[] = [];
  let front: readonly string[] = [tip];
  while (front.length > 0) {
    const next: string[] = [];
    for (const oid of front) {
      if (commits.has(oid) || known.has(oid) || cut.includes(oid)) continue;
      if (commits.size >= max || !walker.hasCommit(oid)) {
        cut.push(oid);
        continue;
      }
      const commit = walker.commit(oid);
      commits.set(oid, commit);
      next.push(...commit.parents);
    }
    front = next;
  }
  return { commits, cut };
}

function contribution(walker: Walker, oid: string, commit: Commit, { limits, paths }: Ask): Contribution {
  const trees = commit.parents.map((parent) => walker.commit(parent).tree);
  const [first, ...others] = (trees.length === 0 ? [undefined] : trees).map(
    (tree) => new Set(changesOf(walker, tree, commit.tree, limits).map(({ path }) => path)),
  );
  const changed = [...(first ?? [])].filter((path) => others.every((each) => each.has(path)));
  return {
    commit: commitSha(oid),
    parents: commit.parents.map(commitSha),
    authors: commit.authorEmails,
    committer: commit.committerEmail,
    touched: changed.filter((path) => paths.includes(path)),
    touchesMore: changed.some((path) => !paths.includes(path)),
  };
}
