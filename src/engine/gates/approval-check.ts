/** Who has approved, and who has written what is approved: both as Git tells. */
import { at, isArray, textOf } from '../../core/json/value.ts';
import type { Approval } from '../../core/model/gate.ts';
import type { CommitSha, RepositoryId } from '../../core/model/id.ts';
import { pinNameOf } from '../../core/promotion/subject.ts';
import { judgeApprovers } from '../../core/rollout/approvers.ts';
import { readManifests } from '../../core/yaml/read.ts';
import type { Contribution, GitRepository } from '../../seam/git.ts';
import { type Check, pass, unknown } from './answer.ts';
import type { ApprovalStanding } from './approval-standing.ts';
import type { PlacedAsk } from './gate-view.ts';

export type ApprovalGit = Pick<GitRepository, 'blobs' | 'contributions' | 'fetch' | 'files'>;

export type ApprovalDeps = {
  /** Shape: undefined while it is not known. */
  readonly standingOf: (asked: PlacedAsk) => ApprovalStanding | undefined;
  readonly gitOf: (repository: RepositoryId) => ApprovalGit | undefined;
};

/** Nobody can say. */
export const noApprovals: ApprovalDeps = { standingOf: () => undefined, gitOf: () => undefined };

export function approvalCheck({ standingOf, gitOf }: ApprovalDeps): Check<'approval'> {
  return async ({ asked }, signal) => {
    const { placement, ask } = asked;
    const standing = standingOf(asked);
    const git = gitOf(placement.repository);
    if (standing === undefined || git === undefined) return unknown('approved, and it is not known by whom yet');
    const { running } = standing;
    if (running.kind === 'unread') return unknown('approved, and it has not been read yet what runs');
    if (running.kind === 'same') return pass('approved, and all of the stage runs it already');
    const { revision } = ask.subject;
    const reader = new PinReader(git, standing.path, pinNameOf({ placement: placement.id, stage: ask.stage }), signal);
    const since = await git.contributions(revision, standing.head, [standing.path], signal);
    const bases = running.kind === 'nothing' ? [undefined] : running.revisions;
    const authors = await authorsOf(bases, revision, standing, git, signal);
    const approvers = await Promise.all((ask.approvals ?? []).map((each) => reader.approversOf(each, since)));
    return judgeApprovers({ approvers, authors });
  };
}

/** Shape: undefined when nobody can say; a way back to what was before has no author. */
async function authorsOf(
  bases: readonly (CommitSha | undefined)[],
  revision: CommitSha,
  { pinPaths }: ApprovalStanding,
  git: ApprovalGit,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const authors = new Set<string>();
  for (const base of bases) {
    const commits = await git.contributions(base, revision, pinPaths, signal);
    if (commits === undefined) return undefined;
    const own = new Set<string>();
    for (const commit of commits) {
      const isOfPins = !commit.touchesMore && (await holdsPinsOnly(commit, git, signal));
      if (!isOfPins) for (const author of commit.authors) own.add(author);
    }
    if (own.size === 0) return undefined;
    for (const author of own) authors.add(author);
  }
  return [...authors];
}

/** A file with a Pin may hold an App as well. */
async function holdsPinsOnly({ commit, parents, touched }: Contribution, git: ApprovalGit, signal: AbortSignal) {
  if (touched.length === 0) return true;
  for (const each of [commit, ...parents]) {
    for (const path of touched) {
      const bytes = await bytesAt(git, each, path, signal);
      const { documents, problems } = bytes === undefined ? noFile : readManifests(path, bytes);
      if (problems.length > 0 || documents.some(({ value }) => value.kind !== 'Pin')) return false;
    }
  }
  return true;
}

const noFile = { documents: [], problems: [] } as const;

async function bytesAt(git: ApprovalGit, commit: CommitSha, path: string, signal: AbortSignal) {
  await git.fetch(commit, signal);
  const file = (await git.files(commit, signal)).find((each) => each.path === path);
  const [blob] = file === undefined ? [] : await git.blobs([file.oid], signal);
  return blob?.kind === 'bytes' ? blob.bytes : undefined;
}

/** Looks up what one Pin approved of at commits. */
class PinReader {
  readonly #git: ApprovalGit;
  readonly #path: string;
  readonly #pin: ReturnType<typeof pinNameOf>;
  readonly #signal: AbortSignal;

  constructor(git: ApprovalGit, path: string, pin: ReturnType<typeof pinNameOf>, signal: AbortSignal) {
    this.#git = git;
    this.#path = path;
    this.#pin = pin;
    this.#signal = signal;
  }

  /**
   * All who have ever brought it in: a commit that has it, and none of whose parents has.
   *
   * Shape: undefined when no commit tells. `since`: what came after the revision, for nobody can name it before.
   */
  async approversOf(
    approval: Approval,
    since: readonly Contribution[] | undefined,
  ): Promise<readonly string[] | undefined> {
    if (since === undefined) return undefined;
    const people = new Set<string>();
    for (const { commit, parents, touched, authors, committer } of since) {
      if (touched.length === 0 || !(await this.#has(commit, approval))) continue;
      const before = await Promise.all(parents.map((parent) => this.#has(parent, approval)));
      if (before.includes(true)) continue;
      for (const person of [...authors, committer]) people.add(person);
    }
    return people.size === 0 ? undefined : [...people];
  }

  async #has(commit: CommitSha, { gate, revision, by, untilMs }: Approval): Promise<boolean> {
    const bytes = await bytesAt(this.#git, commit, this.#path, this.#signal);
    const { documents } = bytes === undefined ? noFile : readManifests(this.#path, bytes);
    const { name, namespace } = this.#pin;
    return documents.some(({ value }) => {
      const isPin =
        value.kind === 'Pin' &&
        textOf(at(value, 'metadata', 'name')) === name &&
        (textOf(at(value, 'metadata', 'namespace')) ?? 'default') === namespace;
      const approvals = isPin ? at(value, 'spec', 'approvals') : undefined;
      return (isArray(approvals) ? approvals : []).some((each) => {
        const until = textOf(at(each, 'until'));
        const isSame = textOf(at(each, 'gate')) === gate && textOf(at(each, 'revision')) === revision;
        const isUntil = (until === undefined ? undefined : Date.parse(until)) === untilMs;
        return isSame && isUntil && textOf(at(each, 'by')) === by;
      });
    });
  }
}
