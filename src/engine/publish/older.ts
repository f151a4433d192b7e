/** Commits behind the head: which were passed over, and what they want. */
import { compile } from '../../core/compile/compile.ts';
import type { Reading } from '../../core/model/declarations.ts';
import type { Findings } from '../../core/model/diagnostic.ts';
import { faultRules } from '../../core/model/fault.ts';
import type { CommitSha } from '../../core/model/id.ts';
import { type CommitView, viewCommit } from '../../core/report/commit-view.ts';
import type { Context } from '../../core/report/context.ts';
import type { PassedCommit } from '../../core/report/passed.ts';
import type { GitRepository } from '../../seam/git.ts';
import { faultOf } from '../fault-text.ts';
import { worldAt } from '../held.ts';
import type { Revision } from '../reviser.ts';
import type { FollowedRepository } from '../source/repository.ts';
import type { EngineView } from './facts.ts';
import { compiledCommit } from './truth.ts';

/** Commits of one poll beyond which the older ones are not told of. */
const passedMax = 100;

/**
 * First-parent commits that `to` has and `from` has not, without `to` itself; oldest first.
 *
 * Shape: after a push that rewrote history, those since the two histories part; at most a hundred, the newest.
 * Errors: FaultError, when trying again may help.
 */
export async function passedOver(
  git: Pick<GitRepository, 'history'>,
  from: CommitSha,
  to: CommitSha,
  signal: AbortSignal,
): Promise<readonly CommitSha[]> {
  const news = await git.history(to, from, passedMax + 1, signal);
  const passed = news.slice(1).map(({ commit }) => commit);
  const isFollowing = news.at(-1)?.parents[0] === from;
  if (passed.length === 0 || isFollowing) return passed.slice(0, passedMax).toReversed();
  const known = new Set((await historyOrNone(git, from, signal)).map(({ commit }) => commit));
  const parting = passed.findIndex((commit) => known.has(commit));
  return (parting === -1 ? passed : passed.slice(0, parting)).slice(0, passedMax).toReversed();
}

/** What was pushed over may be gone from the server. */
async function historyOrNone(git: Pick<GitRepository, 'history'>, from: CommitSha, signal: AbortSignal) {
  try {
    return await git.history(from, undefined, passedMax, signal);
  } catch (error) {
    const fault = faultOf(error);
    if (fault.kind === 'missing' || faultRules[fault.kind].actor !== 'nobody') return [];
    throw error;
  }
}

export type Stamped<T> = {
  readonly value: T;
  /** What the engine had compiled then; what is compared must be of the same. */
  readonly revision: Revision | undefined;
};

/** Views kept: a commit and the one before it, for a list that is gone through in order. */
const viewsMax = 2;

export class OlderCommits {
  readonly #repository: Pick<FollowedRepository, 'git' | 'read' | 'settings'>;
  readonly #engine: Pick<EngineView, 'revision'>;
  readonly #views = new Map<CommitSha, CommitView>();
  #revision: Revision | undefined;

  constructor(repository: Pick<FollowedRepository, 'git' | 'read' | 'settings'>, engine: Pick<EngineView, 'revision'>) {
    this.#repository = repository;
    this.#engine = engine;
  }

  /** What a commit would want if it were the head now. Shape: undefined when it cannot be read. */
  async viewOf(commit: CommitSha, signal: AbortSignal): Promise<Stamped<CommitView | undefined>> {
    const reading = await this.#read(commit, signal);
    const { revision } = this.#engine;
    return { value: this.#compile(reading, revision), revision };
  }

  /** What there is to tell of a commit that was passed over. */
  async passed(commit: CommitSha, signal: AbortSignal): Promise<Stamped<PassedCommit>> {
    const reading = await this.#read(commit, signal);
    if (reading === undefined)
      return { value: { commit, check: undefined, wishes: new Map() }, revision: this.#engine.revision };
    const [, parent] = await this.#repository.git.history(commit, undefined, 2, signal);
    const before = parent === undefined ? undefined : await this.#read(parent.commit, signal);
    const { revision } = this.#engine;
    const view = this.#compile(reading, revision);
    const wishes = view === undefined ? new Map() : changedWishes(this.#compile(before, revision), view);
    return { value: { commit, check: view?.check, wishes }, revision };
  }

  async #read(commit: CommitSha, signal: AbortSignal): Promise<Findings<Reading> | undefined> {
    const reading = await this.#repository.read(commit, signal);
    signal.throwIfAborted();
    return reading;
  }

  /** Cost: a pass over all cells; what a commit shares with the head is not rendered again. */
  #compile(reading: Findings<Reading> | undefined, revision: Revision | undefined): CommitView | undefined {
    if (reading === undefined || revision === undefined) return undefined;
    if (this.#revision !== revision) this.#views.clear();
    this.#revision = revision;
    const { repository, commit } = reading.value;
    const known = this.#views.get(commit);
    if (known !== undefined) return known;
    const compiled = compile(worldAt(revision.world, repository, commit, reading), revision.compiled.memo);
    const view = viewCommit(compiledCommit(compiled), repository);
    this.#views.set(commit, view);
    for (const oldest of [...this.#views.keys()].slice(0, -viewsMax)) this.#views.delete(oldest);
    return view;
  }
}

function changedWishes(before: CommitView | undefined, after: CommitView): ReadonlyMap<Context, string> {
  const contexts = new Set([
    ...(before?.apps.keys() ?? []),
    ...after.apps.keys(),
    ...(before?.pins.keys() ?? []),
    ...after.pins.keys(),
  ]);
  const wishIn = (view: CommitView | undefined, context: Context): string =>
    view?.apps.get(context)?.wish ?? view?.pins.get(context)?.wish ?? '';
  return new Map(
    [...contexts]
      .filter((context) => wishIn(before, context) !== wishIn(after, context))
      .map((context) => [context, wishIn(after, context)]),
  );
}
