/** What is asked of every forge: the same questions and the same meaning, in the words of its own API description. */
import { type CommitSha, commitSha } from '../../../../src/core/model/id.ts';
import type { ForgeStatus, Posted } from '../../../../src/edge/forge/forge.ts';
import type { OpenForge } from '../../../../src/edge/forge/open.ts';
import type { ForgeKind } from '../../../../src/edge/forge/place.ts';
import type { Comment, PullRequest } from '../../../../src/seam/pull-request.ts';
import type { Recorded } from '../recorded.ts';

export const head = commitSha('a'.repeat(40));
export const pushed = commitSha('b'.repeat(40));
export const mergeCommit = commitSha('c'.repeat(40));
export const never = new AbortController().signal;

export const branch = 'landfall/promote/shop/web';
export const base = 'main';
export const title = 'Promote shop/web to production';
export const body = 'Canary is well.';
export const message = `${title}\n\nAll checks passed.`;

/** What a forge knows of a pull request, before it puts that into its own words. */
export type Facts = {
  readonly number: number;
  readonly state: PullRequest['state'];
  readonly commit: CommitSha;
  readonly isForeign: boolean;
  readonly isDraft: boolean;
};
export const open: Facts = { number: 7, state: 'open', commit: head, isForeign: false, isDraft: false };
export const draft: Facts = { ...open, number: 8, isForeign: true, isDraft: true };
export const merged: Facts = { ...open, state: 'merged' };
export const closed: Facts = { ...open, number: 6, state: 'closed' };
export const moved: Facts = { ...open, commit: pushed };

export const status: ForgeStatus = { name: 'landfall/shop/web', state: 'pending', text: '0/3 ok' };

/** One forge: what it is asked for each of the questions, and what it answers. */
export type Contract = {
  readonly kind: ForgeKind;
  /** Of the repository, as people clone it. */
  readonly address: string;
  readonly authorization: string;
  /** The page of a pull request. */
  readonly page: (number: number) => string;
  /** Of two comments, the first of them ours. */
  readonly comments?: readonly [string, string];
  readonly answers: { readonly [question in Question]: readonly Recorded[] };
};

const said = (contract: Contract, { number, state, commit, isForeign, isDraft }: Facts): PullRequest => ({
  number,
  url: contract.page(number),
  title,
  body,
  state,
  isDraft,
  base,
  head: { branch, commit, isForeign },
  mergedAs: state === 'merged' ? mergeCommit : undefined,
});

const idsOf = ({ comments = ['31', '32'] }: Contract): readonly [string, string] => comments;

type Ask = {
  readonly act: (forge: OpenForge, contract: Contract) => Promise<unknown>;
  readonly result: (contract: Contract) => unknown;
};

const fixed = (value: unknown) => () => value;
const wish = { head, message };

const asked = {
  'a status is taken': { act: (forge) => forge.post(head, status, never), result: fixed('taken' satisfies Posted) },
  'statuses are read': { act: (forge) => forge.read(head, never), result: fixed([status]) },
  'pull requests that are open, the oldest first': {
    act: ({ pullRequests }) => pullRequests.open(base, never),
    result: (contract) => [said(contract, open), said(contract, draft)],
  },
  'the newest from a branch': {
    act: ({ pullRequests }) => pullRequests.from(branch, base, never),
    result: (contract) => said(contract, merged),
  },
  'none from a branch': { act: ({ pullRequests }) => pullRequests.from(branch, base, never), result: fixed(undefined) },
  'a pull request by its number': {
    act: ({ pullRequests }) => pullRequests.get(7, never),
    result: (contract) => said(contract, open),
  },
  'a number that nothing has': { act: ({ pullRequests }) => pullRequests.get(7, never), result: fixed(undefined) },
  'a project that is hidden is no absence': {
    act: ({ pullRequests }) => pullRequests.get(7, never).catch(({ fault }) => fault.kind),
    result: fixed('missing'),
  },
  'one is made': {
    act: ({ pullRequests }) => pullRequests.create({ branch, base, title, body }, never),
    result: (contract) => said(contract, open),
  },
  'one that is there already is found instead': {
    act: ({ pullRequests }) => pullRequests.create({ branch, base, title, body }, never),
    result: (contract) => said(contract, open),
  },
  'title and body are edited': {
    act: ({ pullRequests }) => pullRequests.edit(7, { title, body }, never),
    result: fixed(undefined),
  },
  'it is closed': {
    act: ({ pullRequests }) => pullRequests.edit(7, { state: 'closed' }, never),
    result: fixed(undefined),
  },
  'it is merged': {
    act: ({ pullRequests }) => pullRequests.merge(7, wish, never),
    result: fixed({ kind: 'merged', commit: mergeCommit }),
  },
  'its head has moved': {
    act: ({ pullRequests }) => pullRequests.merge(7, wish, never),
    result: fixed({ kind: 'moved' }),
  },
  'it is not merged yet': {
    act: ({ pullRequests }) => pullRequests.merge(7, wish, never),
    result: fixed({ kind: 'refused', reason: 'a review is missing' }),
  },
  'it has been merged before': {
    act: ({ pullRequests }) => pullRequests.merge(7, wish, never),
    result: fixed({ kind: 'merged', commit: mergeCommit }),
  },
  'comments, and whose they are': {
    act: ({ pullRequests }) => pullRequests.comments(7, never),
    result: (contract) => {
      const [ours, theirs] = idsOf(contract);
      const all: readonly Comment[] = [
        { id: ours, body: 'plan', isOurs: true },
        { id: theirs, body: 'nice', isOurs: false },
      ];
      return all;
    },
  },
  'a comment is written': {
    act: ({ pullRequests }) => pullRequests.comment(7, 'plan', never),
    result: (contract) => idsOf(contract)[0],
  },
  'a comment is written anew': {
    act: ({ pullRequests }, contract) => pullRequests.editComment(7, idsOf(contract)[0], 'plan 2', never),
    result: fixed(undefined),
  },
} as const satisfies Readonly<Record<string, Ask>>;

export type Question = keyof typeof asked;

export const questions: Readonly<Record<Question, Ask>> = asked;
