/** A forge in memory: pull requests, their comments and the statuses of commits, and all that may go wrong on the way. */
import { FaultError } from '../../src/core/model/fault.ts';
import type { CommitSha } from '../../src/core/model/id.ts';
import type { Forge, ForgeStatus } from '../../src/edge/forge/forge.ts';
import type { Comment, Merged, PullRequest, PullRequests } from '../../src/seam/pull-request.ts';

export type ForgeRequest = {
  readonly name: keyof Omit<PullRequests, 'bodyMax' | 'markup'> | keyof Pick<Forge, 'post' | 'read'>;
  /** Of the pull request, or the commit. */
  readonly of: number | string;
};

/** `lost`: it is done, and nobody hears of it. `silent`: nobody answers until the signal fires. */
export type ForgeTrouble = FaultError | 'lost' | 'silent' | undefined;

export type PostedComment = Comment & { readonly editions: number };

export type TestForge = {
  readonly pullRequests: PullRequests;
  readonly statuses: Forge;
  /** Somebody opens one. Shape: its number. */
  readonly propose: (wish: {
    readonly branch: string;
    readonly head: CommitSha;
    readonly base?: string;
    readonly title?: string;
    readonly body?: string;
    readonly isForeign?: boolean;
  }) => number;
  /** Somebody pushes to its branch, forced or not. */
  readonly push: (number: number, head: CommitSha) => void;
  readonly close: (number: number) => void;
  readonly get: (number: number) => PullRequest;
  readonly all: () => readonly PullRequest[];
  /** Oldest first. */
  readonly comments: (number: number) => readonly PostedComment[];
  /** Somebody else writes one. */
  readonly remark: (number: number, body: string) => void;
  readonly removeComment: (number: number, id: string) => void;
  /** The newest of a name; undefined when there is none. */
  readonly status: (commit: CommitSha, name: string) => ForgeStatus | undefined;
  /** All that were ever taken, oldest first. */
  readonly posts: () => readonly (ForgeStatus & { readonly commit: string })[];
  /** All that were asked, whatever came of it. */
  readonly requests: readonly ForgeRequest[];
  /** What happens to a request; asked once for each. */
  trouble: (request: ForgeRequest) => ForgeTrouble;
};

export type TestForgeOptions = {
  readonly bodyMax?: number;
  readonly markup?: PullRequests['markup'];
  /** Where a branch of the repository stands: for those that are opened through the API. */
  readonly headOf?: (branch: string) => CommitSha | undefined;
  /** Carries out a merge. Shape: what the base branch is now; a text is the reason why not. */
  readonly merge?: (request: PullRequest, message: string) => CommitSha | string;
};

export function testForge({ bodyMax = 65_536, markup = 'html', headOf, merge }: TestForgeOptions = {}): TestForge {
  const known = new Map<number, PullRequest>();
  const comments = new Map<number, PostedComment[]>();
  const posts: (ForgeStatus & { readonly commit: string })[] = [];
  const requests: ForgeRequest[] = [];
  let ids = 0;

  const found = (number: number): PullRequest => {
    const request = known.get(number);
    if (request === undefined) throw new FaultError({ kind: 'missing', detail: `there is no pull request ${number}` });
    return request;
  };
  const change = (number: number, fields: Partial<PullRequest>): void => {
    known.set(number, { ...found(number), ...fields });
  };
  const add = (wish: Pick<PullRequest, 'base' | 'body' | 'head' | 'title'>): PullRequest => {
    const number = known.size + 1;
    const url = `https://forge.example.com/pulls/${number}`;
    const request: PullRequest = { ...wish, number, url, state: 'open', isDraft: false, mergedAs: undefined };
    known.set(number, request);
    return request;
  };
  const say = (number: number, body: string, isOurs: boolean): string => {
    const id = String(++ids);
    comments.set(number, [...(comments.get(number) ?? []), { id, body, isOurs, editions: 1 }]);
    return id;
  };
  const ask = async <T>(
    name: ForgeRequest['name'],
    of: ForgeRequest['of'],
    work: () => T,
    signal: AbortSignal,
  ): Promise<T> => {
    signal.throwIfAborted();
    const request = { name, of };
    requests.push(request);
    const trouble = forge.trouble(request);
    if (trouble instanceof FaultError) throw trouble;
    if (trouble === 'silent')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    const answer = work();
    if (trouble === 'lost') throw new FaultError({ kind: 'unreachable', detail: 'the connection was cut' });
    return answer;
  };

  const pullRequests: PullRequests = {
    bodyMax,
    markup,
    open: (base, signal) =>
      ask(
        'open',
        base,
        () => [...known.values()].filter((each) => each.state === 'open' && each.base === base),
        signal,
      ),
    from: (branch, base, signal) =>
      ask(
        'from',
        branch,
        () =>
          [...known.values()].findLast(
            (each) => each.head.branch === branch && each.base === base && !each.head.isForeign,
          ),
        signal,
      ),
    get: (number, signal) => ask('get', number, () => known.get(number), signal),
    create: ({ branch, base, title, body }, signal) =>
      ask(
        'create',
        branch,
        () => {
          const commit = headOf?.(branch);
          if (commit === undefined) throw new FaultError({ kind: 'invalid', detail: `there is no branch ${branch}` });
          return add({ base, title, body, head: { branch, commit, isForeign: false } });
        },
        signal,
      ),
    edit: (number, fields, signal) => ask('edit', number, () => change(number, fields), signal),
    merge: (number, { head, message }, signal) =>
      ask(
        'merge',
        number,
        (): Merged => {
          const request = found(number);
          if (request.head.commit !== head) return { kind: 'moved' };
          const commit = merge?.(request, message) ?? head;
          if (!/^[0-9a-f]{40}$/.test(commit)) return { kind: 'refused', reason: commit };
          const mergedAs = commit as CommitSha;
          change(number, { state: 'merged', mergedAs });
          return { kind: 'merged', commit: mergedAs };
        },
        signal,
      ),
    comments: (number, signal) => ask('comments', number, () => comments.get(number) ?? [], signal),
    comment: (number, body, signal) =>
      ask(
        'comment',
        number,
        () => {
          found(number);
          refuseLong(body, bodyMax);
          return say(number, body, true);
        },
        signal,
      ),
    editComment: (number, id, body, signal) =>
      ask(
        'editComment',
        number,
        () => {
          refuseLong(body, bodyMax);
          const all = comments.get(number) ?? [];
          if (!all.some((each) => each.id === id && each.isOurs))
            throw new FaultError({ kind: 'missing', detail: `there is no comment ${id}` });
          comments.set(
            number,
            all.map((each) => (each.id === id ? { ...each, body, editions: each.editions + 1 } : each)),
          );
        },
        signal,
      ),
  };
  const newest = (commit: string): readonly ForgeStatus[] => {
    const own = posts.filter((each) => each.commit === commit);
    return [...new Map(own.map(({ name, state, text, url }) => [name, { name, state, text, url }])).values()];
  };
  const statuses: Forge = {
    name: 'test',
    abilities: { refreshesPending: true, nameMax: 255, rate: { burst: 60, perHour: 440 } },
    read: (commit, signal) => ask('read', commit, () => newest(commit), signal),
    post: (commit, status, signal) =>
      ask(
        'post',
        commit,
        () => {
          posts.push({ ...status, commit });
          return 'taken' as const;
        },
        signal,
      ),
  };
  const forge: TestForge = {
    pullRequests,
    statuses,
    propose: ({ branch, head, base = 'main', title = 'A change', body = '', isForeign = false }) =>
      add({ base, title, body, head: { branch, commit: head, isForeign } }).number,
    push: (number, head) => change(number, { head: { ...found(number).head, commit: head } }),
    close: (number) => change(number, { state: 'closed' }),
    get: found,
    all: () => [...known.values()],
    comments: (number) => comments.get(number) ?? [],
    remark: (number, body) => void say(number, body, false),
    removeComment: (number, id) =>
      void comments.set(
        number,
        (comments.get(number) ?? []).filter((each) => each.id !== id),
      ),
    status: (commit, name) => newest(commit).find((each) => each.name === name),
    posts: () => posts,
    requests,
    trouble: () => undefined,
  };
  return forge;
}

function refuseLong(body: string, bodyMax: number): void {
  if (body.length > bodyMax)
    throw new FaultError({ kind: 'invalid', detail: `a body of ${body.length} characters is too long` });
}
