/** Pull requests of a sandbox forge, over its API. */
import { at, type Json, textOf } from '../../core/json/value.ts';
import type { ApiAnswer } from '../api/exchange.ts';
import { answer, done, notFound, pageOf, refusal } from './answers.ts';
import { type MergeStyle, mergeStyles } from './merging.ts';
import type { MergeAnswer, Project } from './project.ts';
import type { Pull } from './pull.ts';
import type { Renderer } from './render.ts';
import type { Call, ForgeRoute } from './route.ts';

/** Source: Gitea's `routers/api/v1/repo/pull.go`, as its swagger describes it. */
export const pullRoutes: readonly ForgeRoute[] = [
  { method: 'GET', path: /^pulls$/, act: list },
  { method: 'POST', path: /^pulls$/, act: create },
  { method: 'GET', path: /^pulls\/(\d+)$/, act: (call) => withPull(call, (pull) => told(call, pull, 200)) },
  { method: 'PATCH', path: /^pulls\/(\d+)$/, act: (call) => withPull(call, (pull) => edit(call, pull)) },
  { method: 'GET', path: /^pulls\/(\d+)\/merge$/, act: (call) => withPull(call, isMerged) },
  { method: 'POST', path: /^pulls\/(\d+)\/merge$/, act: (call) => withPull(call, (pull) => merge(call, pull)) },
  { method: 'GET', path: /^pulls\/([^/]+)\/(.+)$/, act: between },
];

function withPull(
  { project, parts: [number] }: Call,
  act: (pull: Pull) => ApiAnswer | Promise<ApiAnswer>,
): ApiAnswer | Promise<ApiAnswer> {
  const pull = project.pull(Number(number));
  return pull === undefined ? notFound : act(pull);
}

/** One pull request as the API writes it now. */
export async function pullJson(project: Project, pull: Pull, render: Renderer): Promise<Json> {
  return render.pull(project.name, pull, { ...project.sightOf(pull), isMergeable: await project.isMergeable(pull) });
}

const told = async ({ project, render }: Call, pull: Pull, status: number): Promise<ApiAnswer> =>
  answer(status, await pullJson(project, pull, render));

async function list({ project, query, render, pageMax }: Call): Promise<ApiAnswer> {
  const state = query.get('state') ?? 'open';
  const base = query.get('base_branch');
  const fitting = project.pulls.filter(
    (pull) =>
      (state === 'all' || (pull.state.kind === 'open') === (state === 'open')) && [null, '', pull.base].includes(base),
  );
  const sorted = query.get('sort') === 'oldest' ? fitting.toReversed() : fitting;
  const { items, total } = pageOf(sorted, query, pageMax);
  const pulls: Json[] = [];
  for (const pull of items) pulls.push(await pullJson(project, pull, render));
  return answer(200, pulls, { 'x-total-count': String(total) });
}

async function create(call: Call): Promise<ApiAnswer> {
  const { project, user, body } = call;
  const text = (field: string): string => textOf(at(body, field)) ?? '';
  const [base, branch] = [text('base'), ownBranch(text('head'), project)];
  if (base === branch) return refusal(422, 'Invalid PullRequest: There are no changes between the head and the base');
  const opened = await project.open({ author: user, title: text('title'), body: text('body'), base, branch });
  switch (opened.kind) {
    case 'opened':
      return told(call, opened.pull, 201);
    case 'exists':
      return refusal(409, `pull request already exists for these targets [issue_id: ${opened.pull.number}]`);
    case 'noBranch':
      return notFound;
    case 'noPast':
      return refusal(500, 'the branches have no past in common');
  }
}

/** The first of a branch to another that there ever was, whatever has become of it: as Gitea looks it up. */
function between(call: Call): ApiAnswer | Promise<ApiAnswer> {
  const {
    project,
    parts: [base, head = ''],
  } = call;
  const branch = ownBranch(head, project);
  const pull = project.pulls.findLast((each) => each.base === base && each.branch === branch);
  return pull === undefined ? notFound : told(call, pull, 200);
}

/** `owner:branch` is a branch of a copy; here nobody has one, so the owner is this project's or nobody. */
function ownBranch(head: string, { name }: Project): string {
  const [owner = ''] = name.split('/');
  return head.startsWith(`${owner}:`) ? head.slice(owner.length + 1) : head;
}

function edit(call: Call, pull: Pull): ApiAnswer | Promise<ApiAnswer> {
  const { project, user, body } = call;
  const [title, text, state] = [textOf(at(body, 'title')), textOf(at(body, 'body')), textOf(at(body, 'state'))];
  if (state !== undefined && pull.state.kind === 'merged')
    return refusal(412, 'cannot change state of this pull request, it was already merged');
  if (state !== undefined && state !== 'open' && state !== 'closed') return refusal(422, `unknown state: ${state}`);
  const edited = project.edit(
    pull,
    { ...(title && { title }), ...(text !== undefined && { body: text }), ...(state && { state }) },
    user,
  );
  return told(call, edited, 201);
}

const isMerged = ({ state }: Pull): ApiAnswer => (state.kind === 'merged' ? done(204) : notFound);

async function merge({ project, user, body, render }: Call, pull: Pull): Promise<ApiAnswer> {
  const text = (field: string): string => (textOf(at(body, field)) ?? '').trim();
  const wanted = text('Do') || 'merge';
  const style = mergeStyles.find((each) => each === wanted);
  if (style === undefined) return refusal(405, `${wanted} is not allowed an allowed merge style for this repository`);
  const title = text('MergeTitleField') || defaultTitle(pull, style);
  const more = text('MergeMessageField') || `Reviewed-on: ${render.pageOf(project.name, pull.number)}`;
  const head = text('head_commit_id') || undefined;
  return mergeAnswers[await project.merge(pull, { style, head, message: `${title}\n\n${more}` }, user)];
}

export const defaultTitle = ({ title, number, branch, base }: Pull, style: MergeStyle): string =>
  style === 'squash'
    ? `${title} (#${number})`
    : `Merge pull request '${title}' (#${number}) from ${branch} into ${base}`;

const mergeAnswers: Readonly<Record<MergeAnswer, ApiAnswer>> = {
  merged: done(),
  closed: notFound,
  already: refusal(405, ''),
  draft: refusal(405, 'Work in progress PRs cannot be merged'),
  moved: refusal(409, 'head out of date'),
  conflict: refusal(405, 'Please try again later'),
  outOfDate: refusal(409, 'merge push out of date'),
};
