/** Commit statuses of a sandbox forge, over its API. */
import { at, textOf } from '../../core/json/value.ts';
import type { ApiAnswer } from '../api/exchange.ts';
import { answer, pageOf, refusal } from './answers.ts';
import type { Call, ForgeRoute } from './route.ts';
import { newestPosts, type StoredPost } from './statuses.ts';

export type StatusBook = {
  readonly posts: readonly StoredPost[];
  readonly take: (post: Omit<StoredPost, 'id' | 'atMs'>) => StoredPost;
};

/** Source: Gitea's `routers/api/v1/repo/status.go`, as its swagger describes it. */
export const statusRoutes = (book: StatusBook): readonly ForgeRoute[] => [
  { method: 'GET', path: /^commits\/([^/]+)\/status$/, act: (call) => combined(book, call) },
  { method: 'GET', path: /^(?:commits\/([0-9a-f]+)\/statuses|statuses\/([0-9a-f]+))$/, act: (call) => all(book, call) },
  { method: 'POST', path: /^statuses\/([^/]+)$/, act: (call) => take(book, call) },
];

async function combined({ posts }: StatusBook, call: Call): Promise<ApiAnswer> {
  const {
    project,
    parts: [ref = ''],
    query,
    render,
    pageMax,
  } = call;
  const commit = project.headOf(ref) ?? ref;
  if (!(await project.repository.hasCommit(commit)))
    return answer(404, { message: 'not found', errors: [`object does not exist [id: ${ref}, rel_path: ]`] });
  const { items, total } = pageOf(newestPosts(posts, project.name, commit), query, pageMax);
  return answer(200, render.combined(commit, items), { 'x-total-count': String(total) });
}

/** Newest first, those that others have taken the place of among them. */
function all({ posts }: StatusBook, { project, parts, query, render, pageMax }: Call): ApiAnswer {
  const commit = parts.find((part) => part !== '');
  const own = posts.filter((post) => post.project === project.name && post.commit === commit).toReversed();
  const { items, total } = pageOf(own, query, pageMax);
  return answer(200, items.map(render.status), { 'x-total-count': String(total) });
}

async function take(book: StatusBook, { project, user, parts: [commit = ''], body, render }: Call): Promise<ApiAnswer> {
  const text = (field: string): string => textOf(at(body, field)) ?? '';
  const state = text('state');
  if (!(await project.repository.hasCommit(commit))) return refusal(500, `GetCommit[${commit}]: object does not exist`);
  const said = {
    context: text('context') || 'default',
    description: text('description'),
    targetURL: text('target_url'),
  };
  return answer(201, render.status(book.take({ ...said, commit, state, by: user, project: project.name })));
}
