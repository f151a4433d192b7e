/** One repository, followed: its branch is polled, a new head is read whole, and only then does it count. */

import type { Source } from '../../core/compile/world.ts';
import { needsPast, readSnapshot as readDeclarations } from '../../core/dialect/read.ts';
import type { Reading } from '../../core/model/declarations.ts';
import type { Findings } from '../../core/model/diagnostic.ts';
import type { CommitSha, RepositoryId } from '../../core/model/id.ts';
import { noPast, type Snapshot } from '../../core/model/source.ts';
import { type Clock, deadlineOf } from '../../seam/clock.ts';
import type { GitRepository, Head, TreeFile } from '../../seam/git.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import type { Parser } from '../../seam/parse.ts';
import type { Rng } from '../../seam/rng.ts';
import { describeFault, faultOf } from '../fault-text.ts';
import { Wake } from '../wake.ts';
import { PastReader } from './past.ts';
import { type NextFiles, type Proposal, readProposal } from './proposal.ts';
import { type Schedule, turnOf } from './schedule.ts';
import { type BlobCache, pruneCache, readSnapshot, readTree, type SnapshotDeps, type Tree } from './snapshot.ts';

export type RepositorySettings = {
  readonly id: RepositoryId;
  /** As written in the settings and in Tenants. */
  readonly url: string;
  readonly branch: string;
  readonly role: Source['role'];
  readonly isPlain: boolean;
  /** Only below this folder; empty: the whole repository. */
  readonly root: string;
  readonly schedule: Schedule;
  /** For one poll with all that it fetches and reads. */
  readonly timeoutMs: number;
};

export type RepositoryDeps = {
  readonly git: GitRepository;
  readonly parser: Parser;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly metrics: Metrics;
};

export type RepositoryState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'following' }
  /** The last head that could be read stays in force. */
  | { readonly kind: 'stale'; readonly reason: string; readonly sinceMs: number };

/** Beside those that are needed: what people look at, and what was the head a while ago. */
const revisionsMax = 16;
const retryMinMs = 1_000;
const retryMaxMs = 300_000;

export class FollowedRepository {
  readonly settings: RepositorySettings;
  readonly #deps: RepositoryDeps;
  readonly #wake: Wake;
  readonly #blobs: BlobCache = new Map();
  /** The one that was asked for last comes last. */
  readonly #revisions = new Map<CommitSha, Findings<Reading>>();
  readonly #trees = new Map<CommitSha, Tree>();
  /** What is being read: its files are not to be forgotten half way. */
  readonly #reading = new Set<Tree>();
  readonly #past = new PastReader();
  readonly #pollListeners = new Set<() => void>();
  readonly #onHead: (before: CommitSha | undefined) => void;
  #head: Findings<Reading> | undefined;
  #state: RepositoryState = { kind: 'starting' };
  #failures = 0;

  /** `onHead` is called after each new head, with the one before. */
  constructor(settings: RepositorySettings, deps: RepositoryDeps, onHead: (before: CommitSha | undefined) => void) {
    this.settings = settings;
    this.#deps = deps;
    this.#wake = new Wake(deps.clock);
    this.#onHead = onHead;
  }

  get state(): RepositoryState {
    return this.#state;
  }

  get git(): GitRepository {
    return this.#deps.git;
  }

  /** What it says now, with those of `revisions` that could be read. Undefined before the first head was read. */
  source(revisions: ReadonlySet<CommitSha>): Source | undefined {
    if (this.#head === undefined) return undefined;
    const { id, url, branch, role } = this.settings;
    const known = [...this.#revisions].filter(([commit]) => revisions.has(commit));
    return { id, url, branch, role, head: this.#head, revisions: new Map(known) };
  }

  /** Calls `listener` after each look at the branch, whatever came of it; the result stops it. */
  onPoll(listener: () => void): () => void {
    this.#pollListeners.add(listener);
    return () => this.#pollListeners.delete(listener);
  }

  /** Looks at the branch soon. */
  wake(): void {
    this.#wake.now();
  }

  /** Follows the branch until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    const unwatch = this.#deps.git.watch?.(() => this.wake());
    try {
      while (!signal.aborted) {
        await this.poll(signal);
        await this.#pause(signal);
      }
    } finally {
      unwatch?.();
    }
  }

  /** One look at the branch. Never rejects but for a bug: a failure is a state. */
  async poll(signal: AbortSignal): Promise<void> {
    const { clock, metrics } = this.#deps;
    const startMs = clock.nowMs();
    using deadline = deadlineOf(clock, this.settings.timeoutMs, signal);
    try {
      const head = await this.#deps.git.head(deadline.signal);
      const reason = missing(head, this.settings.branch);
      if (head.kind === 'commit') await this.#advance(head.commit, deadline.signal);
      if (reason === undefined) this.#recover();
      else this.#fail(reason);
    } catch (error) {
      if (signal.aborted) return;
      this.#fail(reasonOf(error));
    }
    metrics.observe('git_poll_seconds', { repository: this.settings.id }, (clock.nowMs() - startMs) / 1000);
    for (const listener of this.#pollListeners) listener();
  }

  /** Reads an older revision, once. Shape: undefined when it cannot be had. */
  async read(revision: CommitSha, signal: AbortSignal): Promise<Findings<Reading> | undefined> {
    const known = this.#revisions.get(revision);
    if (known !== undefined) {
      this.#revisions.delete(revision);
      this.#revisions.set(revision, known);
      return known;
    }
    if (this.#head?.value.commit === revision) return this.#head;
    using deadline = deadlineOf(this.#deps.clock, this.settings.timeoutMs, signal);
    try {
      const reading = await this.#read(revision, deadline.signal);
      this.#revisions.set(revision, reading);
      return reading;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#deps.log.warn('revision not available', {
        repository: this.settings.id,
        commit: revision,
        reason: reasonOf(error),
      });
      return undefined;
    }
  }

  /** A file of a commit that was read. Shape: undefined when there is none of that path. */
  fileAt(commit: CommitSha, path: string): TreeFile | undefined {
    return this.#trees.get(commit)?.files.find((file) => file.path === path);
  }

  /** All files of a commit that was read. Shape: undefined when it was not, or was forgotten. */
  filesAt(commit: CommitSha): readonly TreeFile[] | undefined {
    return this.#trees.get(commit)?.files;
  }

  /** The head with all of its files. Shape: undefined before the first was read. */
  get tree(): Tree | undefined {
    return this.#head === undefined ? undefined : this.#trees.get(this.#head.value.commit);
  }

  /**
   * Reads files as if they were the next commit on top of the head; nothing of what is followed moves.
   *
   * Shape: with all that is decrypted in it or in the head. `made` is what no commit holds of them, and `cache` is the
   *   caller's. Errors: FaultError.
   */
  async readNext(next: NextFiles, head: Tree, cache: BlobCache, signal: AbortSignal): Promise<Proposal> {
    const { tree, made } = next;
    for (const { oid } of [...head.files, ...tree.files]) {
      const known = this.#blobs.get(oid);
      if (known !== undefined) cache.set(oid, known);
    }
    const { git, parser } = this.#deps;
    const { root, isPlain, url } = this.settings;
    const deps = { git, parser, paths: { root }, past: this.#past };
    return readProposal({ tree, head, cache, made, isPlain, url }, deps, signal);
  }

  /** Files of a commit that was read whose values are secrets: in Git they are encrypted. */
  decryptedAt(commit: CommitSha): ReadonlySet<string> {
    const files = this.#trees.get(commit)?.files ?? [];
    return new Set(files.flatMap(({ path, oid }) => (this.#blobs.get(oid)?.isDecrypted === true ? [path] : [])));
  }

  /** Forgets revisions that nobody needs, but for the last few. */
  keepRevisions(needed: ReadonlySet<CommitSha>): void {
    const others = [...this.#revisions.keys()].filter((commit) => !needed.has(commit));
    const old = others.slice(0, -revisionsMax);
    for (const commit of old) this.#revisions.delete(commit);
    if (old.length > 0) this.#forget();
  }

  async #advance(commit: CommitSha, signal: AbortSignal): Promise<void> {
    const before = this.#head?.value.commit;
    if (before === commit) return;
    const reading = await this.#read(commit, signal);
    if (this.#head !== undefined) this.#revisions.set(this.#head.value.commit, this.#head);
    this.#head = reading;
    const errors = reading.diagnostics.filter(({ severity }) => severity === 'error').length;
    this.#deps.log.info('new head', { repository: this.settings.id, commit, before, errors });
    this.#onHead(before);
  }

  async #read(commit: CommitSha, signal: AbortSignal): Promise<Findings<Reading>> {
    const { git, parser } = this.#deps;
    const nearest = this.#head === undefined ? undefined : this.#trees.get(this.#head.value.commit);
    const tree = await readTree(commit, nearest, git, signal);
    const deps = { git, parser, paths: { root: this.settings.root } };
    const snapshot = await this.#snapshotOf(tree, deps, signal);
    this.#trees.set(commit, tree);
    const past = needsPast(snapshot)
      ? await this.#past.before(commit, { ...deps, cache: this.#blobs }, signal)
      : noPast;
    const { isPlain, url } = this.settings;
    return readDeclarations(snapshot, { isPlain, url, past });
  }

  async #snapshotOf(tree: Tree, deps: SnapshotDeps, signal: AbortSignal): Promise<Snapshot> {
    this.#reading.add(tree);
    try {
      return await readSnapshot(tree, this.#blobs, deps, signal);
    } finally {
      this.#reading.delete(tree);
    }
  }

  /** Keeps what the head and the older revisions in use are made of. */
  #forget(): void {
    const kept = new Set([this.#head?.value.commit, ...this.#revisions.keys()]);
    for (const commit of this.#trees.keys()) if (!kept.has(commit)) this.#trees.delete(commit);
    pruneCache(this.#blobs, [...this.#trees.values(), ...this.#reading]);
  }

  #recover(): void {
    if (this.#state.kind === 'stale') this.#deps.log.info('repository answers again', { repository: this.settings.id });
    this.#failures = 0;
    this.#state = { kind: 'following' };
    this.#deps.metrics.gauge('git_stale', { repository: this.settings.id }, 0);
  }

  #fail(reason: string): void {
    const { clock, log, metrics } = this.#deps;
    this.#failures += 1;
    const sinceMs = this.#state.kind === 'stale' ? this.#state.sinceMs : clock.nowMs();
    if (this.#state.kind !== 'stale' || this.#state.reason !== reason)
      log.warn('repository cannot be read', { repository: this.settings.id, reason });
    this.#state = { kind: 'stale', reason, sinceMs };
    metrics.gauge('git_stale', { repository: this.settings.id }, 1);
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const { clock, rng } = this.#deps;
    if (this.#failures > 0) {
      await this.#wake.wait(Math.min(retryMinMs * 2 ** (this.#failures - 1), retryMaxMs), signal);
      return;
    }
    for (;;) {
      const turn = turnOf(this.settings.schedule, { clock, rng });
      const isWoken = await this.#wake.wait(turn.waitMs, signal);
      if (isWoken || signal.aborted || turn.isDue(clock.nowMs())) return;
    }
  }
}

function missing(head: Head, branch: string): string | undefined {
  if (head.kind === 'branchMissing') return `there is no branch ${branch}`;
  return head.kind === 'emptyRepository' ? 'the repository is empty' : undefined;
}

const reasonOf = (error: unknown): string => describeFault(faultOf(error));
