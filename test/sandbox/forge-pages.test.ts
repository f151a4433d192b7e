/** The web pages of the sandbox forge: a person merges with one button, and hostile text stays text. */
import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { serveForge } from '../../src/sandbox/forge/serve-forge.ts';
import { scratch } from '../builder/git-work.ts';
import { seededRng } from '../builder/rng.ts';
import { branchesOf } from '../conform/forge/branches.ts';

const hostile = '</pre><script>alert(1)</script>"\'&\u202e';

async function opened() {
  const place = scratch();
  const options = { project: 'team/fleet', token: 'tok-1', root: place.path('git') };
  const served = await serveForge(options, { clock: systemClock, rng: seededRng(3) });
  const branches = await branchesOf(served.repository?.url ?? '', place.path('clone'));
  await branches.push('main', { README: 'one\n' });
  const head = await branches.push('promote', { pin: hostile });
  const api = async (path: string, body: object): Promise<Response> =>
    fetch(`${served.url}/api/v1/repos/team/fleet/${path}`, {
      method: 'POST',
      headers: { authorization: 'token tok-1' },
      body: JSON.stringify(body),
    });
  equal((await api('pulls', { head: 'promote', base: 'main', title: hostile, body: hostile })).status, 201);
  await api('issues/1/comments', { body: hostile });
  const status = { state: 'success', context: hostile, description: hostile };
  await api(`statuses/${head}`, { ...status, target_url: 'javascript:alert(1)' });
  await api(`statuses/${head}`, { ...status, context: 'landfall/plan', target_url: 'http://127.0.0.1/plan' });
  const close = async (): Promise<void> => {
    await served.close();
    place.close();
  };
  return { ...served, branches, head, api, close };
}

let scene: ReturnType<typeof opened> | undefined;
const shared = (): ReturnType<typeof opened> => {
  scene ??= opened();
  return scene;
};
after(async () => (await scene)?.close());

const page = async (path: string): Promise<{ readonly response: Response; readonly text: string }> => {
  const response = await fetch(`${(await shared()).url}${path}`);
  return { response, text: await response.text() };
};

const hidden = (text: string, name: string): string =>
  new RegExp(`name="${name}" value="([0-9a-f]+)"`).exec(text)?.[1] ?? '';

const post = async (path: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${(await shared()).url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

test('forge pages: lists lead to the pull request', async () => {
  match((await page('/')).text, /<a href="\/team\/fleet\/pulls">team\/fleet<\/a> <small>1 open/);
  match((await page('/team/fleet')).text, /href="\/team\/fleet\/pulls\/1"/);
  for (const path of ['/nobody/fleet/pulls', '/team/fleet/pulls/2', '/team/fleet/pulls/1/merge', '/team/fleet/x'])
    equal((await page(path)).response.status, 404, path);
});

test('forge pages: hostile text is shown as text, and no page can do anything but look like ours', async () => {
  for (const path of ['/', '/team/fleet/pulls', '/team/fleet/pulls/1']) {
    const { response, text } = await page(path);
    doesNotMatch(text, /<script|javascript:|\u202e/);
    const policy = response.headers.get('content-security-policy') ?? '';
    match(policy, /default-src 'none'/);
    doesNotMatch(policy, /unsafe|script-src/);
    equal(response.headers.get('x-content-type-options'), 'nosniff');
  }
  const { text } = await page('/team/fleet/pulls/1');
  equal(text.split('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;').length - 1, 8);
  match(text, /<a href="http:\/\/127\.0\.0\.1\/plan" rel="noreferrer">landfall\/plan<\/a>/);
  match(text, /<span class="more">\+/);
});

test('forge pages: another name for this machine is refused', async () => {
  const { url } = await shared();
  const status = await new Promise((resolve) =>
    request(`${url}/team/fleet/pulls`, { headers: { host: 'evil.example.com' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end(),
  );
  equal(status, 421);
});

test('forge pages: nobody else can press the button, nor press it for what was not seen', async () => {
  const { branches, head } = await shared();
  const main = await branches.at('refs/heads/main');
  const { text } = await page('/team/fleet/pulls/1');
  const token = hidden(text, 'token');
  equal(hidden(text, 'head'), head);
  equal((await post('/team/fleet/pulls/1/merge', { head })).status, 403);
  equal((await post('/team/fleet/pulls/1/merge', { head, token: '0'.repeat(token.length) })).status, 403);
  const old = await post('/team/fleet/pulls/1/merge', { head: '1'.repeat(40), token });
  equal(old.status, 409);
  match(await old.text(), /role="alert">It has changed since/);
  equal(await branches.at('refs/heads/main'), main);
});

test('forge pages: the button merges', async () => {
  const { branches, head } = await shared();
  const { text } = await page('/team/fleet/pulls/1');
  match(text, /<button>Merge into main<\/button>/);
  const merged = await post('/team/fleet/pulls/1/merge', { head, token: hidden(text, 'token') });
  deepEqual([merged.status, merged.headers.get('location')], [303, '/team/fleet/pulls/1']);
  equal(await branches.read('main', 'pin'), hostile);
  const after = await page('/team/fleet/pulls/1');
  match(after.text, /Merged by you as/);
  ok(!after.text.includes('<form'));
});
