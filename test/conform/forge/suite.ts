/** One suite for forges that speak Gitea's API: the sandbox's always, a real Gitea where there is one. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { at, type Json } from '../../../src/core/json/value.ts';
import { commitSha } from '../../../src/core/model/id.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { type OpenForge, openForge } from '../../../src/edge/forge/open.ts';
import { systemNet } from '../../../src/edge/net/net.ts';
import type { PullRequest } from '../../../src/seam/pull-request.ts';
import { type Branches, branchesOf } from './branches.ts';
import { type Heard, listenForHooks } from './hearing.ts';

export type ForgeStage = {
  /** Without a slash at the end. */
  readonly url: string;
  /** `owner/name`; empty at the beginning. */
  readonly project: string;
  readonly token: string;
  /** Whose token it is. */
  readonly login: string;
  /** To push to, with whatever it needs. */
  readonly gitURL: string;
  readonly close: () => Promise<void>;
};

type Told = { readonly status: number; readonly headers: Headers; readonly json: Json };

type Scene = ForgeStage & {
  readonly branches: Branches;
  readonly forge: OpenForge;
  /** Straight to the API below the project. */
  readonly api: (method: string, path: string, body?: Json) => Promise<Told>;
};

const never = new AbortController().signal;
const pollMs = 50;
const patienceMs = 20_000;

/** Asks until it is so; a real forge works some things out when it has answered. */
async function until<T>(ask: () => Promise<T>, isIt: (answer: T) => boolean): Promise<T> {
  const begunMs = performance.now();
  for (;;) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    ok(performance.now() - begunMs < patienceMs, `not in time; last seen: ${JSON.stringify(answer)?.slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** `open` is called once, before the first test. */
export function forgeSuite(name: string, open: () => Promise<ForgeStage>): void {
  const folder = mkdtempSync(join(tmpdir(), 'landfall-forge-'));
  let opening: Promise<Scene> | undefined;
  const scene = (): Promise<Scene> => {
    opening ??= sceneOn(open, folder);
    return opening;
  };
  after(async () => {
    const opened = await opening?.catch(() => undefined);
    opened?.forge.close();
    await opened?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const say = (what: string, run: (scene: Scene) => Promise<void>): void => {
    test(`${name}: ${what}`, async () => run(await scene()));
  };

  say('statuses are seen through its own API, with the page behind them', async ({ api, branches, forge }) => {
    const head = await branches.push('statuses', { a: '1' });
    deepEqual(await forge.read(head, never), []);
    for (const [context, state] of [
      ['landfall/shop/web', 'pending'],
      ['landfall/shop/api', 'success'],
    ] as const)
      equal(await forge.post(head, { name: context, state, text: `${context} ${state}` }, never), 'taken');
    equal(at((await api('GET', `/commits/${head}/status`)).json, 'state'), 'pending');
    const target_url = 'https://landfall.example.com/commits/1';
    const post = { context: 'landfall/shop/web', state: 'success', description: '3/3 ok', target_url };
    const posted = await api('POST', `/statuses/${head}`, post);
    deepEqual([posted.status, at(posted.json, 'status'), at(posted.json, 'target_url')], [201, 'success', target_url]);
    const { status, json } = await api('GET', `/commits/${head}/status`);
    deepEqual([status, at(json, 'sha'), at(json, 'state'), at(json, 'total_count')], [200, head, 'success', 2]);
    deepEqual(
      (await forge.read(head, never)).map(({ name: context, state, text }) => [context, state, text]).toSorted(),
      [
        ['landfall/shop/api', 'success', 'landfall/shop/api success'],
        ['landfall/shop/web', 'success', '3/3 ok'],
      ],
    );
    const all = (await api('GET', `/commits/${head}/statuses?sort=recentupdate`)).json as readonly Json[];
    equal(all.length, 3);
    await api('POST', `/statuses/${head}`, { ...post, state: 'error' });
    equal(at((await api('GET', `/commits/${head}/status`)).json, 'state'), 'failure');
  });

  say('a commit that it does not have has no status', async ({ forge }) => {
    const nobody = '1'.repeat(40);
    deepEqual(await forge.read(nobody, never), []);
    equal(await forge.post(nobody, { name: 'x', state: 'pending', text: 'x' }, never), 'gone');
  });

  say('a pull request is opened, and found in every way', async ({ api, branches, forge, login, url, project }) => {
    const { pullRequests } = forge;
    const branch = 'promote/web';
    equal(await pullRequests.from(branch, 'main', never), undefined);
    const head = await branches.push(branch, { pin: '1' });
    const request = { branch, base: 'main', title: 'Promote <web>', body: 'A *body*\nof two lines' };
    const opened = await pullRequests.create(request, never);
    const { number } = opened;
    deepEqual(opened, {
      number,
      url: `${url}/${project}/pulls/${number}`,
      title: 'Promote <web>',
      body: 'A *body*\nof two lines',
      state: 'open',
      isDraft: false,
      base: 'main',
      head: { branch, commit: commitSha(head), isForeign: false },
      mergedAs: undefined,
    } satisfies PullRequest);
    deepEqual(await pullRequests.get(number, never), opened);
    deepEqual(await pullRequests.from(branch, 'main', never), opened);
    deepEqual(await pullRequests.open('main', never), [opened]);
    deepEqual(await pullRequests.open('other', never), []);
    equal(await pullRequests.get(number + 999, never), undefined);
    equal(await branches.at(`refs/pull/${number}/head`), head);
    const again = await api('POST', '/pulls', { head: branch, base: 'main', title: 'x' });
    equal(again.status, 409);
    match(String(at(again.json, 'message')), /pull request already exists/);
    equal((await api('POST', '/pulls', { head: 'main', base: 'main', title: 'x' })).status, 422);
    equal((await api('POST', '/pulls', { head: 'nowhere', base: 'main', title: 'x' })).status, 404);
    const raw = await api('GET', `/pulls/main/${branch}`);
    deepEqual(
      [raw.status, at(raw.json, 'number'), at(raw.json, 'user', 'login'), at(raw.json, 'head', 'ref')],
      [200, number, login, branch],
    );
    equal(at(raw.json, 'merge_base'), await branches.at('refs/heads/main'));
    equal((await api('GET', '/pulls?state=open')).headers.get('x-total-count'), '1');
    const user = await fetch(`${url}/api/v1/user`, { headers: { authorization: `token ${(await scene()).token}` } });
    equal(at((await user.json()) as Json, 'login'), login);
    await pullRequests.edit(number, { state: 'closed' }, never);
  });

  say('a pull request follows its branch, and takes other words', async ({ api, branches, forge }) => {
    const { pullRequests } = forge;
    await branches.push('moves', { moves: '1' });
    const wish = { branch: 'moves', base: 'main', title: 'Moves', body: 'one' };
    const { number } = await pullRequests.create(wish, never);
    const next = await branches.add('moves', { moves: '2' });
    const seen = await until(
      () => pullRequests.get(number, never),
      (pull) => pull?.head.commit === next,
    );
    equal(seen?.state, 'open');
    equal(
      await until(
        () => branches.at(`refs/pull/${number}/head`),
        (id) => id === next,
      ),
      next,
    );
    const edited = await api('PATCH', `/pulls/${number}`, { title: 'Moved', body: '' });
    deepEqual([edited.status, at(edited.json, 'title'), at(edited.json, 'body')], [201, 'Moved', '']);
    await pullRequests.edit(number, { body: 'two' }, never);
    const { title, body } = (await pullRequests.get(number, never)) ?? {};
    deepEqual([title, body], ['Moved', 'two']);
    await pullRequests.edit(number, { state: 'closed' }, never);
  });

  say('a comment is made once, and updated in place', async ({ branches, forge, api }) => {
    const { pullRequests } = forge;
    await branches.push('comments', { comments: '1' });
    const wish = { branch: 'comments', base: 'main', title: 'Comments', body: '' };
    const { number } = await pullRequests.create(wish, never);
    deepEqual(await pullRequests.comments(number, never), []);
    const first = await pullRequests.comment(number, 'plan 1', never);
    const second = await pullRequests.comment(number, 'another', never);
    await pullRequests.editComment(number, first, 'plan 2', never);
    deepEqual(await pullRequests.comments(number, never), [
      { id: first, body: 'plan 2', isOurs: true },
      { id: second, body: 'another', isOurs: true },
    ]);
    equal((await api('POST', `/issues/${number}/comments`, { body: '' })).status, 422);
    equal((await api('PATCH', '/issues/comments/999999', { body: 'x' })).status, 404);
    await pullRequests.edit(number, { state: 'closed' }, never);
  });

  say('a head that has moved is not merged; the one that was named is', async ({ api, branches, forge, login }) => {
    const { pullRequests } = forge;
    const old = await branches.push('merges', { merged: '1' });
    const { number } = await pullRequests.create({ branch: 'merges', base: 'main', title: 'Merges', body: '' }, never);
    await mergeable(api, number);
    const head = await branches.add('merges', { merged: '2' }, 'Second');
    await until(
      () => pullRequests.get(number, never),
      (pull) => pull?.head.commit === head,
    );
    await mergeable(api, number);
    const message = 'Promote web\n\nBecause canary is well.';
    deepEqual(await pullRequests.merge(number, { head: commitSha(old), message }, never), { kind: 'moved' });
    equal((await pullRequests.get(number, never))?.state, 'open');
    // It may still be finding out whether what was pushed merges.
    const merged = await until(
      () => pullRequests.merge(number, { head: commitSha(head), message }, never),
      (answer) => answer.kind !== 'refused' || answer.reason !== 'Please try again later',
    );
    const main = await branches.at('refs/heads/main');
    deepEqual(merged, { kind: 'merged', commit: main });
    equal(await branches.read('main', 'merged'), '2');
    deepEqual(await branches.subjects('main', 1), ['Promote web']);
    const { json } = await api('GET', `/pulls/${number}`);
    deepEqual(
      [at(json, 'state'), at(json, 'merged'), at(json, 'merged_by', 'login'), at(json, 'merge_commit_sha')],
      ['closed', true, login, main],
    );
    equal((await api('GET', `/pulls/${number}/merge`)).status, 204);
    equal((await api('POST', `/pulls/${number}/merge`, { Do: 'merge' })).status, 405);
    equal((await api('PATCH', `/pulls/${number}`, { state: 'open' })).status, 412);
    equal((await pullRequests.get(number, never))?.mergedAs, main);
  });

  for (const style of ['squash', 'rebase'] as const)
    say(`merging by ${style} keeps main a line`, async ({ api, branches, forge }) => {
      await branches.push(`by-${style}`, { [`${style}-1`]: '1' }, 'First');
      await branches.add(`by-${style}`, { [`${style}-2`]: '2' }, 'Second');
      await branches.push('main', { [`beside-${style}`]: '1' }, 'Beside');
      const wish = { branch: `by-${style}`, base: 'main', title: `By ${style}`, body: '' };
      const { number } = await forge.pullRequests.create(wish, never);
      await mergeable(api, number);
      equal((await api('POST', `/pulls/${number}/merge`, { Do: style })).status, 200);
      const subjects = await branches.subjects('main', 4);
      const expected = style === 'squash' ? [`By squash (#${number})`, 'Beside'] : ['Second', 'First', 'Beside'];
      deepEqual(subjects.slice(0, expected.length), expected);
      equal(await branches.read('main', `${style}-2`), '2');
      equal((await forge.pullRequests.get(number, never))?.mergedAs, await branches.at('refs/heads/main'));
    });

  say('what contradicts main, is not ready or is closed is not merged', async ({ api, branches, forge }) => {
    const { pullRequests } = forge;
    const wish = { base: 'main', body: '' };
    const head = await branches.push('contradicts', { contested: 'theirs' });
    await branches.push('main', { contested: 'ours' });
    const bad = await pullRequests.create({ ...wish, branch: 'contradicts', title: 'Contradicts' }, never);
    await until(
      () => api('GET', `/pulls/${bad.number}`),
      ({ json }) => at(json, 'mergeable') === false,
    );
    const main = await branches.at('refs/heads/main');
    const merging = await pullRequests.merge(bad.number, { head: commitSha(head), message: 'x' }, never);
    equal(merging.kind, 'refused');
    equal((await api('POST', `/pulls/${bad.number}/merge`, { Do: 'nonsense' })).status >= 400, true);
    const draft = await branches.push('draft', { draft: '1' });
    const early = await pullRequests.create({ ...wish, branch: 'draft', title: 'WIP: early' }, never);
    equal(early.isDraft, true);
    equal((await pullRequests.merge(early.number, { head: commitSha(draft), message: 'x' }, never)).kind, 'refused');
    await pullRequests.edit(early.number, { state: 'closed', title: 'Ready' }, never);
    equal((await api('POST', `/pulls/${early.number}/merge`, { Do: 'merge' })).status, 404);
    await pullRequests.edit(early.number, { state: 'open' }, never);
    equal((await pullRequests.get(early.number, never))?.state, 'open');
    equal(await branches.at('refs/heads/main'), main, 'nothing was merged');
  });

  say('a pull request whose branch is gone is closed, and another can be opened', async ({ branches, forge }) => {
    const { pullRequests } = forge;
    const head = await branches.push('gone', { gone: '1' });
    const wish = { branch: 'gone', base: 'main', title: 'Gone', body: '' };
    const { number } = await pullRequests.create(wish, never);
    await branches.remove('gone');
    const closed = await until(
      () => pullRequests.get(number, never),
      (pull) => pull?.state === 'closed',
    );
    deepEqual(closed?.head, { branch: 'gone', commit: head, isForeign: false });
    equal(await branches.at(`refs/pull/${number}/head`), head);
    await branches.push('gone', { gone: '2' });
    const again = await pullRequests.create(wish, never);
    ok(again.number > number);
    equal((await pullRequests.from('gone', 'main', never))?.number, again.number, 'the newest');
  });

  say('long lists come in pages, each pull request once', async ({ api, branches, forge }) => {
    const base = 'pages';
    await branches.push(base, {});
    const opened: number[] = [];
    for (const branch of ['page-1', 'page-2', 'page-3']) {
      await branches.push(branch, { [branch]: '1' });
      opened.push((await forge.pullRequests.create({ branch, base, title: branch, body: '' }, never)).number);
    }
    deepEqual(
      (await forge.pullRequests.open(base, never)).map(({ number }) => number),
      opened,
    );
    const page = async (query: string): Promise<readonly unknown[]> =>
      ((await api('GET', `/pulls?base_branch=${base}&${query}`)).json as readonly Json[]).map((each) =>
        at(each, 'number'),
      );
    const [one, two, three] = opened;
    deepEqual(await page('limit=2'), [three, two]);
    deepEqual(await page('limit=2&page=2'), [one]);
    deepEqual(await page('limit=2&page=3'), []);
    deepEqual(await page('sort=oldest&limit=2'), [one, two]);
    deepEqual(await page('state=closed'), []);
  });

  say('who does not say who it is, is told nothing', async ({ url, project }) => {
    const ask = (authorization: string): Promise<Response> =>
      fetch(`${url}/api/v1/repos/${project}/pulls`, { headers: { authorization } });
    equal((await ask('token nobody')).status, 401);
  });

  say('webhooks tell of pushes and pull requests, and their signature is accepted', async (scene) => {
    const { api, branches, forge, project, gitURL } = scene;
    await using hearing = await listenForHooks('first-secret', gitURL);
    const config = { url: hearing.url, content_type: 'json', secret: 'first-secret' };
    const events = ['push', 'pull_request', 'pull_request_sync'];
    const made = await api('POST', '/hooks', { type: 'gitea', active: true, events, config });
    equal(made.status, 201);
    const head = await branches.push('hooked', { hooked: '1' });
    const pushed = await hearing.heard(({ event }) => event === 'push');
    deepEqual(
      [at(pushed.json, 'ref'), at(pushed.json, 'after'), at(pushed.json, 'repository', 'full_name')],
      ['refs/heads/hooked', head, project],
    );
    match(String(at(pushed.json, 'repository', 'clone_url')), /^http.*\.git$/);
    const wish = { branch: 'hooked', base: 'main', title: 'Hooked', body: '' };
    const { number } = await forge.pullRequests.create(wish, never);
    const ofPull = (action: string) => (each: Heard) =>
      each.event === 'pull_request' && at(each.json, 'action') === action && at(each.json, 'number') === number;
    const told = await hearing.heard(ofPull('opened'));
    equal(at(told.json, 'pull_request', 'head', 'sha'), head);
    await branches.add('hooked', { hooked: '2' });
    await hearing.heard(ofPull('synchronized'));
    await forge.pullRequests.edit(number, { state: 'closed' }, never);
    await hearing.heard(ofPull('closed'));
    deepEqual(
      hearing.all.filter(({ status }) => status !== 202),
      [],
    );
    ok(hearing.woken.includes('head of fleet') && hearing.woken.includes('pull requests of fleet'));
    const deliveries = hearing.all.map(({ delivery }) => delivery);
    equal(new Set(deliveries).size, deliveries.length, 'each has a name of its own');
    ok(deliveries.every((delivery) => /^[0-9a-f-]{36}$/.test(delivery)));
    equal((await api('DELETE', `/hooks/${String(at(made.json, 'id'))}`)).status, 204);
  });
}

/** Until the forge has found out that it merges. */
async function mergeable(api: Scene['api'], number: number): Promise<void> {
  await until(
    () => api('GET', `/pulls/${number}`),
    ({ json }) => at(json, 'mergeable') === true,
  );
}

async function sceneOn(open: () => Promise<ForgeStage>, folder: string): Promise<Scene> {
  const stage = await open();
  const { url, project, token, gitURL } = stage;
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${token}\n`);
  const branches = await branchesOf(gitURL, join(folder, 'clone'));
  await branches.push('main', { 'README.md': 'A fleet.\n' });
  const access = { kind: 'gitea', auth: { kind: 'token', tokenFile }, caFile: undefined, proxyURL: undefined } as const;
  const forge = openForge(
    { ...access, apiURL: `${url}/api/v1`, project, version: '1' },
    { net: systemNet({ clock: systemClock }), clock: systemClock, onSpent: () => undefined },
  );
  return {
    ...stage,
    branches,
    forge,
    api: async (method, path, body) => {
      const response = await fetch(`${url}/api/v1/repos/${project}${path}`, {
        method,
        headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        json: text === '' ? null : (JSON.parse(text) as Json),
      };
    },
  };
}
