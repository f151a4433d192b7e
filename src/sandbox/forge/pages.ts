/** The web pages of a sandbox forge: projects, pull requests, and a button that merges. For this machine's own user only. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Rng } from '../../seam/rng.ts';
import type { ApiAnswer, ApiRequest } from '../api/exchange.ts';
import { bodyText } from './answers.ts';
import type { Html } from './html.ts';
import { mergeWords, projectsPage, pullPage, pullsPage, style } from './page-views.ts';
import type { MergeAnswer, Project } from './project.ts';
import type { Pull } from './pull.ts';
import { defaultTitle } from './pull-routes.ts';
import type { Renderer } from './render.ts';
import { newestPosts, type StoredPost } from './statuses.ts';

export type PagesDeps = {
  readonly projects: ReadonlyMap<string, Project>;
  readonly posts: readonly StoredPost[];
  readonly render: Renderer;
  readonly rng: Rng;
};

/** Whoever merges in a browser. */
const visitor = 'you';

export function forgePages(deps: PagesDeps): (request: ApiRequest) => Promise<ApiAnswer> {
  const key = deps.rng.bytes(32);
  // Only a page of ours can know it, and no other page can read ours.
  const tokenOf = (project: string, number: number): string =>
    createHmac('sha256', key).update(`merge ${project} ${number}`).digest('hex');

  const shown = async (project: Project, pull: Pull, status: number, notice = ''): Promise<ApiAnswer> => {
    const posts = newestPosts(deps.posts, project.name, pull.head);
    const base = project.headOf(pull.base);
    const diff = base === undefined ? '' : await project.repository.diff(pull.mergeBase, pull.head);
    const isMergeable = await project.isMergeable(pull);
    const comments = project.commentsOn(pull.number);
    const token = tokenOf(project.name, pull.number);
    return page(status, pullPage(project.name, pull, { posts, comments, diff, isMergeable, token, notice }));
  };

  const merge = async (project: Project, pull: Pull, body: ApiRequest['body']): Promise<ApiAnswer> => {
    const form = new URLSearchParams(bodyText(body));
    if (!isSame(form.get('token') ?? '', tokenOf(project.name, pull.number)))
      return shown(project, pull, 403, 'This page was too old; nothing was merged. Try again.');
    const message = `${defaultTitle(pull, 'merge')}\n\nReviewed-on: ${deps.render.pageOf(project.name, pull.number)}`;
    const head = form.get('head') ?? '';
    const result: MergeAnswer = await project.merge(pull, { style: 'merge', head, message }, visitor);
    const { number } = pull;
    if (result !== 'merged') return shown(project, project.pull(number) ?? pull, 409, mergeWords[result]);
    return { status: 303, headers: { ...guards, location: `/${project.name}/pulls/${number}` }, body: '' };
  };

  const inProject = async ({ method, body }: ApiRequest, project: Project, rest: string): Promise<ApiAnswer> => {
    if (rest === '' && method === 'GET')
      return { status: 303, headers: { ...guards, location: `/${project.name}/pulls` }, body: '' };
    if (rest === '/pulls' && method === 'GET') return page(200, pullsPage(project.name, project.pulls));
    const { number, action } = /^\/pulls\/(?<number>\d+)(?<action>\/merge)?$/.exec(rest)?.groups ?? {};
    const pull = project.pull(Number(number));
    if (pull === undefined) return missing;
    if (action === undefined) return method === 'GET' ? shown(project, pull, 200) : missing;
    return method === 'POST' ? merge(project, pull, body) : missing;
  };

  return async (request) => {
    // A page of somebody else's may give its own name this address.
    if (!isLocal(request.headers.host ?? '')) return text(421, 'this forge answers to localhost');
    const path = new URL(request.path, 'http://forge').pathname;
    if (path === '/forge.css')
      return { status: 200, headers: { ...guards, 'content-type': 'text/css; charset=utf-8' }, body: style };
    if (path === '/' && request.method === 'GET') return page(200, projectsPage([...deps.projects.values()]));
    const { name = '', rest = '' } = /^\/(?<name>[^/]+\/[^/]+)(?<rest>\/.*)?$/.exec(path)?.groups ?? {};
    const project = deps.projects.get(name);
    return project === undefined ? missing : project.inTurn(() => inProject(request, project, rest));
  };
}

const guards = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

const page = (status: number, { html }: Html): ApiAnswer => ({
  status,
  headers: { ...guards, 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html>\n${html}\n`,
});

const text = (status: number, words: string): ApiAnswer => ({
  status,
  headers: { ...guards, 'content-type': 'text/plain; charset=utf-8' },
  body: `${words}\n`,
});

const missing = text(404, 'there is no such page');

const isLocal = (host: string): boolean =>
  /^(?:(?:[a-z0-9-]+\.)*localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d+)?$/i.test(host);

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
