/** One project of a sandbox forge: its pull requests and their comments, kept in step with the branches of a real repository. */
import type { Clock } from '../../seam/clock.ts';
import { type MergeStyle, mergedCommit } from './merging.ts';
import { type ForgeEvent, isDraft, type Pull, type PullAction, type PullComment, type PullState } from './pull.ts';
import type { PullSight } from './render.ts';
import type { ForgeRepository } from './repository.ts';

export type ProjectDeps = {
  readonly clock: Clock;
  /** Numbers of comments, which a forge gives out once for all of its projects. */
  readonly nextId: () => number;
  readonly onEvent: (event: ForgeEvent) => void;
};

export type Opened =
  | { readonly kind: 'opened' | 'exists'; readonly pull: Pull }
  | { readonly kind: 'noBranch' | 'noPast' };

export type MergeAnswer = 'merged' | 'closed' | 'already' | 'draft' | 'moved' | 'conflict' | 'outOfDate';

export type PullChange = { readonly title?: string; readonly body?: string; readonly state?: 'open' | 'closed' };

export class Project {
  /** `owner/name` */
  readonly name: string;
  readonly repository: ForgeRepository;
  readonly #deps: ProjectDeps;
  readonly #pulls = new Map<number, Pull>();
  readonly #comments = new Map<number, PullComment>();
  #branches: ReadonlyMap<string, string> = new Map();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(name: string, repository: ForgeRepository, deps: ProjectDeps) {
    this.name = name;
    this.repository = repository;
    this.#deps = deps;
  }

  /** Newest first. */
  get pulls(): readonly Pull[] {
    return [...this.#pulls.values()].toReversed();
  }

  pull(number: number): Pull | undefined {
    return this.#pulls.get(number);
  }

  /** Oldest first. */
  commentsOn(number: number): readonly PullComment[] {
    return [...this.#comments.values()].filter(({ pull }) => pull === number);
  }

  comment(id: number): PullComment | undefined {
    return this.#comments.get(id);
  }

  /** One after the other, each with what the branches are at its beginning. */
  inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#turn.then(async () => {
      await this.#follow();
      return work();
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async open(wish: Pick<Pull, 'author' | 'title' | 'body' | 'base' | 'branch'>): Promise<Opened> {
    const [base, head] = [this.#branches.get(wish.base), this.#branches.get(wish.branch)];
    if (base === undefined || head === undefined) return { kind: 'noBranch' };
    const same = this.pulls.find(
      ({ state, ...pull }) => state.kind === 'open' && pull.base === wish.base && pull.branch === wish.branch,
    );
    if (same !== undefined) return { kind: 'exists', pull: same };
    const mergeBase = await this.repository.mergeBase(base, head);
    if (mergeBase === undefined) return { kind: 'noPast' };
    const nowMs = this.#deps.clock.nowMs();
    const number = this.#pulls.size + 1;
    const times = { createdMs: nowMs, updatedMs: nowMs };
    const pull: Pull = { ...wish, ...times, number, head, mergeBase, state: { kind: 'open' } };
    await this.repository.setRef(headRef(pull), head, undefined);
    this.#set(pull, 'opened', wish.author);
    return { kind: 'opened', pull };
  }

  edit(pull: Pull, { title, body, state }: PullChange, by: string): Pull {
    const told = { title: title ?? pull.title, body: body ?? pull.body };
    let edited = { ...pull, ...told };
    if (told.title !== pull.title || told.body !== pull.body) edited = this.#set(edited, 'edited', by);
    if (state === undefined || (state === 'open') === (pull.state.kind === 'open')) return edited;
    const next: PullState = state === 'open' ? { kind: 'open' } : { kind: 'closed', atMs: this.#deps.clock.nowMs() };
    return this.#set({ ...edited, state: next }, state === 'open' ? 'reopened' : 'closed', by);
  }

  /** `head`: the commit that is wanted; undefined: whatever it is now. */
  async merge(
    pull: Pull,
    wish: { readonly style: MergeStyle; readonly head: string | undefined; readonly message: string },
    by: string,
  ): Promise<MergeAnswer> {
    if (pull.state.kind !== 'open') return pull.state.kind === 'merged' ? 'already' : 'closed';
    if (isDraft(pull)) return 'draft';
    if (wish.head !== undefined && wish.head !== pull.head) return 'moved';
    const base = this.#branches.get(pull.base);
    if (base === undefined) return 'conflict';
    const atMs = this.#deps.clock.nowMs();
    const commit = await mergedCommit(this.repository, { ...wish, base, head: pull.head, atMs });
    if (commit === undefined) return 'conflict';
    // Whoever pushed meanwhile goes first.
    if (!(await this.repository.setRef(`refs/heads/${pull.base}`, commit, base))) return 'outOfDate';
    await this.#follow(by);
    this.#set({ ...pull, state: { kind: 'merged', atMs, by, commit } }, 'closed', by);
    return 'merged';
  }

  /** Would it merge without a contradiction? */
  async isMergeable({ state, base, head }: Pull): Promise<boolean> {
    const there = this.#branches.get(base);
    if (state.kind !== 'open' || there === undefined) return false;
    return (await this.repository.mergedTree(there, head)) !== undefined;
  }

  /** What else there is to tell of it at once. */
  sightOf({ number, base, branch }: Pull): Omit<PullSight, 'isMergeable'> {
    return {
      comments: this.commentsOn(number).length,
      baseCommit: this.#branches.get(base),
      hasBranch: this.#branches.has(branch),
    };
  }

  /** The head of a branch. */
  headOf(branch: string): string | undefined {
    return this.#branches.get(branch);
  }

  addComment(pull: Pull, body: string, author: string): PullComment {
    const nowMs = this.#deps.clock.nowMs();
    const comment = { id: this.#deps.nextId(), pull: pull.number, author, body, createdMs: nowMs, updatedMs: nowMs };
    this.#comments.set(comment.id, comment);
    return comment;
  }

  editComment(comment: PullComment, body: string): PullComment {
    const edited = { ...comment, body, updatedMs: this.#deps.clock.nowMs() };
    this.#comments.set(comment.id, edited);
    return edited;
  }

  /** Tells what pushes have changed since, and takes pull requests along. */
  async #follow(by = pusher): Promise<void> {
    const known = this.#branches;
    const found = await this.repository.branches();
    this.#branches = found;
    for (const branch of new Set([...known.keys(), ...found.keys()])) {
      const [before, after] = [known.get(branch), found.get(branch)];
      if (before === after) continue;
      this.#deps.onEvent({ kind: 'push', branch, before, after, by });
      for (const pull of this.#pulls.values())
        if (pull.branch === branch && pull.state.kind === 'open') await this.#followHead(pull, after, by);
    }
  }

  async #followHead(pull: Pull, head: string | undefined, by: string): Promise<void> {
    if (head === undefined) {
      this.#set({ ...pull, state: { kind: 'closed', atMs: this.#deps.clock.nowMs() } }, 'closed', by);
      return;
    }
    await this.repository.setRef(headRef(pull), head, undefined);
    const mergeBase = await this.repository.mergeBase(this.#branches.get(pull.base) ?? pull.mergeBase, head);
    this.#set({ ...pull, head, mergeBase: mergeBase ?? pull.mergeBase }, 'synchronized', by);
  }

  #set(pull: Pull, action: PullAction, by: string): Pull {
    const stored = { ...pull, updatedMs: this.#deps.clock.nowMs() };
    this.#pulls.set(pull.number, stored);
    this.#deps.onEvent({ kind: 'pull', action, pull: stored, by });
    return stored;
  }
}

/** Git over HTTP asks nobody for a name. */
const pusher = 'git';

const headRef = ({ number }: Pick<Pull, 'number'>): string => `refs/pull/${number}/head`;
