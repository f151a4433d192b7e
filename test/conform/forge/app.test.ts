/** A GitHub App: whose token it is, and statuses as runs of checks. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import type { ForgeStatus } from '../../../src/edge/forge/forge.ts';
import { openForge } from '../../../src/edge/forge/open.ts';
import { handClock } from '../../builder/clock.ts';
import { type Recorded, recordedNet } from './recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'landfall-forge-'));
after(() => rmSync(folder, { recursive: true }));
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKeyFile = join(folder, 'app.pem');
writeFileSync(privateKeyFile, privateKey.export({ type: 'pkcs1', format: 'pem' }));

const sha = 'a'.repeat(40);
const never = new AbortController().signal;
const home = 'https://api.github.com/repos/team/fleet';
const tokens = 'https://api.github.com/app/installations/67/access_tokens';
const hourMs = 3_600_000;

function opened(exchanges: readonly Recorded[], keyFile = privateKeyFile) {
  const clock = handClock();
  const asked: (string | undefined)[] = [];
  const net = recordedNet(exchanges, (given, url) => {
    if (url === tokens) checkProof(given ?? '', clock.nowMs());
    else asked.push(given);
  });
  const auth = { kind: 'app', id: 12, installationID: 67, privateKeyFile: keyFile } as const;
  const forge = openForge(
    {
      kind: 'github',
      apiURL: 'https://api.github.com',
      project: 'team/fleet',
      auth,
      caFile: undefined,
      proxyURL: undefined,
      version: '1',
    },
    { net, clock, onSpent: () => {} },
  );
  return { forge, net, clock, asked };
}

function checkProof(given: string, nowMs: number): void {
  const [head = '', claims = '', signature = ''] = given.replace('Bearer ', '').split('.');
  ok(verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url')));
  deepEqual(JSON.parse(Buffer.from(head, 'base64url').toString()), { alg: 'RS256', typ: 'JWT' });
  const { iat, exp, iss } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  equal(iss, '12');
  ok(iat < nowMs / 1_000 && exp > nowMs / 1_000 && exp - iat <= 600, 'good for no more than ten minutes');
}

const start = handClock().nowMs();
const token = (text: string, endsAtMs: number): Recorded => ({
  method: 'POST',
  url: tokens,
  status: 201,
  answer: { token: text, expires_at: new Date(endsAtMs).toISOString() },
});
const runs = (...check_runs: readonly unknown[]): Recorded => ({
  method: 'GET',
  url: `${home}/commits/${sha}/check-runs?app_id=12&filter=latest&per_page=100&page=1`,
  status: 200,
  answer: { total_count: check_runs.length, check_runs },
});
const begins: ForgeStatus = {
  name: 'landfall/shop/web',
  state: 'pending',
  text: '1/3 ok',
  url: 'https://landfall.example.com/commits/fleet/a',
  details: ['eu-1: <img> *waits*', 'us-1: waits'],
};
const running = {
  name: 'landfall/shop/web',
  status: 'in_progress',
  details_url: 'https://landfall.example.com/commits/fleet/a',
  output: { title: '1/3 ok', summary: '- eu\\-1: \\<img\\> \\*waits\\*\n- us\\-1: waits' },
};

test('github app: a run of a check begins, ends, and begins anew as another', async () => {
  const ends: ForgeStatus = { name: 'landfall/shop/web', state: 'error', text: 'superseded by abc' };
  const { forge, net, asked } = opened([
    token('ghs_1', start + hourMs),
    runs(),
    { method: 'POST', url: `${home}/check-runs`, body: { ...running, head_sha: sha }, status: 201, answer: { id: 5 } },
    {
      method: 'PATCH',
      url: `${home}/check-runs/5`,
      body: {
        name: 'landfall/shop/web',
        status: 'completed',
        conclusion: 'cancelled',
        output: { title: 'superseded by abc', summary: 'superseded by abc' },
      },
      status: 200,
      answer: { id: 5 },
    },
    { method: 'POST', url: `${home}/check-runs`, body: { ...running, head_sha: sha }, status: 201, answer: { id: 6 } },
    { method: 'PATCH', url: `${home}/check-runs/6`, status: 404, answer: { message: 'Not Found' } },
    { method: 'POST', url: `${home}/check-runs`, status: 201, answer: { id: 7 } },
  ]);
  for (const status of [begins, ends, begins, begins]) equal(await forge.post(sha, status, never), 'taken');
  equal(net.left(), 0);
  deepEqual([...new Set(asked)], ['Bearer ghs_1'], 'with one token for all of it');
});

test('github app: what another process told is read, and gone on with', async () => {
  const { forge, net } = opened([
    token('ghs_1', start + hourMs),
    runs(
      { id: 9, name: 'landfall/shop/api', status: 'completed', conclusion: 'success', output: { title: '3/3 ok' } },
      { id: 8, name: 'landfall/shop/api', status: 'in_progress', conclusion: null, output: { title: '2/3 ok' } },
      { id: 7, name: 'landfall/shop/db', status: 'completed', conclusion: 'timed_out', output: { title: null } },
    ),
    { method: 'PATCH', url: `${home}/check-runs/9`, status: 200, answer: { id: 9 } },
  ]);
  deepEqual(await forge.read(sha, never), [
    { name: 'landfall/shop/db', state: 'pending', text: '' },
    { name: 'landfall/shop/api', state: 'pending', text: '2/3 ok' },
    { name: 'landfall/shop/api', state: 'success', text: '3/3 ok' },
  ]);
  await forge.post(sha, { name: 'landfall/shop/api', state: 'failure', text: '2/3 ok' }, never);
  equal(net.left(), 0);
});

test('github app: a commit that is not there is gone', async () => {
  const { forge } = opened([
    token('ghs_1', start + hourMs),
    runs(),
    {
      method: 'POST',
      url: `${home}/check-runs`,
      status: 422,
      answer: { message: `No commit found for SHA: ${sha}` },
    },
  ]);
  equal(await forge.post(sha, begins, never), 'gone');
});

test('github app: a token is asked for once, however many wait, and again shortly before its end', async () => {
  const pull = {
    method: 'GET',
    url: `${home}/pulls?state=open&base=main&sort=created&direction=asc&per_page=50&page=1`,
  };
  const none: Recorded = { ...pull, status: 200, answer: [] };
  const { forge, net, clock, asked } = opened([
    token('ghs_1', start + hourMs),
    none,
    none,
    none,
    token('ghs_2', start + 2 * hourMs),
    none,
    { ...pull, status: 401, answer: { message: 'Bad credentials' } },
    token('ghs_3', start + 2 * hourMs),
    none,
  ]);
  const open = () => forge.pullRequests.open('main', never);
  await Promise.all([open(), open()]);
  await clock.advance(hourMs - 6 * 60_000);
  await open();
  await clock.advance(2 * 60_000);
  await open();
  await rejects(open(), (error) => error instanceof FaultError && error.fault.kind === 'unauthenticated');
  await open();
  equal(await forge.token(never), 'ghs_3', 'which Git may use as well');
  deepEqual(
    asked.map((each) => each?.slice(-5)),
    ['ghs_1', 'ghs_1', 'ghs_1', 'ghs_2', 'ghs_2', 'ghs_3'],
  );
  equal(net.left(), 0);
});

test('github app: its own comments are those that are marked with it', async () => {
  const { forge } = opened([
    token('ghs_1', start + hourMs),
    {
      method: 'GET',
      url: `${home}/issues/7/comments?per_page=100&page=1`,
      status: 200,
      answer: [
        { id: 1, body: 'plan', user: { id: 99 }, performed_via_github_app: { id: 12 } },
        { id: 2, body: 'nice', user: { id: 98 }, performed_via_github_app: null },
      ],
    },
  ]);
  deepEqual(
    (await forge.pullRequests.comments(7, never)).map(({ isOurs }) => isOurs),
    [true, false],
  );
});

const badKeys = [
  { name: 'that is none', text: 'secret words', fault: 'misconfigured' },
  {
    name: 'of another kind',
    text: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fault: 'misconfigured',
  },
] as const;
for (const { name, text, fault } of badKeys)
  test(`github app: a key ${name} is ${fault}, and in no message`, async () => {
    const keyFile = join(folder, 'bad.pem');
    writeFileSync(keyFile, text);
    const { forge } = opened([], keyFile);
    await rejects(forge.read(sha, never), (error) => {
      ok(error instanceof FaultError);
      equal(error.fault.kind, fault);
      match(String(error), /holds no RSA key/);
      return true;
    });
  });

test('github app: an App that is not installed there is missing', async () => {
  const { forge } = opened([{ method: 'POST', url: tokens, status: 404, answer: { message: 'Not Found' } }]);
  await rejects(forge.read(sha, never), (error) => error instanceof FaultError && error.fault.kind === 'missing');
});
