/** Protects: nobody looks who may not, and the token never travels but from whoever has it. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { readSecret, Secret } from '../../src/server/access/secret-file.ts';
import { endOfSession, newSession, sessionCookie } from '../../src/server/access/session.ts';
import { testFolder } from '../builder/command.ts';
import { type DashboardOptions, serveDashboard } from '../builder/dashboard.ts';
import { type TestFleet, testFleet } from '../builder/fleet.ts';

const token = 'correct-horse-battery-staple';

async function withDashboard(
  options: DashboardOptions,
  use: (url: string, fleet: TestFleet) => Promise<void>,
): Promise<void> {
  const fleet = testFleet({ clusters: ['a'] });
  const shown = await serveDashboard(fleet, options);
  try {
    await use(shown.url, fleet);
  } finally {
    await shown.close();
    await fleet.close();
  }
}

const ask = (url: string, init: RequestInit = {}): Promise<Response> => fetch(url, { redirect: 'manual', ...init });
const login = (url: string, offered: string, headers: Record<string, string> = {}): Promise<Response> =>
  ask(`${url}/login`, { method: 'POST', body: new URLSearchParams({ token: offered, back: '/clusters' }), headers });

const paths = ['/', '/clusters', '/apps/shop/web', '/commits', '/promotions', '/api/v1/status', '/api/v1/events'];

test('access: on this machine alone, without a token, everybody may look', () =>
  withDashboard({}, async (url) => {
    equal((await ask(`${url}/`)).status, 200);
    equal((await ask(`${url}/api/v1/status`)).status, 200);
    equal((await ask(`${url}/login`)).status, 404);
  }));

test('access: where others can ask and there is no token, nothing is shown and it is said why', () =>
  withDashboard({ isPublic: true }, async (url) => {
    for (const path of paths) {
      const answer = await ask(`${url}${path}`);
      equal(answer.status, 403, path);
      match(await answer.text(), /dashboard\.tokenFile/);
    }
  }));

test('access: without a session pages lead to the login, and the API says what is missing', async () => {
  using folder = testFolder({ token });
  await withDashboard({ tokenFile: `${folder.path}/token`, isPublic: true }, async (url) => {
    for (const path of paths) {
      const answer = await ask(`${url}${path}`);
      if (path.startsWith('/api/')) equal(answer.status, 401, path);
      else deepEqual([answer.status, answer.headers.get('location')], [303, `/login?back=${encodeURIComponent(path)}`]);
    }
    equal((await ask(`${url}/login`)).status, 200);
    equal((await ask(`${url}/api/v1/status`, { headers: { authorization: `Bearer ${token}` } })).status, 200);
    equal(
      (await ask(`${url}/api/v1/status`, { headers: { authorization: 'Bearer something-else-entirely' } })).status,
      401,
    );
  });
});

test('access: the token opens a session, which ends when it is old, or the token another', async () => {
  using folder = testFolder({ token: `${token}\n` });
  await withDashboard({ tokenFile: `${folder.path}/token` }, async (url, fleet) => {
    const answer = await login(url, token);
    deepEqual([answer.status, answer.headers.get('location')], [303, '/clusters']);
    const cookie = answer.headers.get('set-cookie') ?? '';
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/']) ok(cookie.includes(part), cookie);
    ok(!cookie.includes(token));
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    equal((await ask(`${url}/`, { headers })).status, 200);
    equal((await ask(`${url}/`, { headers: { cookie: `${headers.cookie.slice(0, -2)}xx` } })).status, 303);
    folder.write({ token: 'another-token-that-is-long' });
    equal((await ask(`${url}/`, { headers })).status, 303);
    folder.write({ token });
    equal((await ask(`${url}/`, { headers })).status, 200);
    await fleet.clock.advance(13 * 3_600_000);
    equal((await ask(`${url}/`, { headers })).status, 303);
    const out = await ask(`${url}/logout`, { method: 'POST', headers });
    match(out.headers.get('set-cookie') ?? '', new RegExp(`^${sessionCookie}=; .*Max-Age=0`));
  });
});

test('access: wrong tokens are refused, and after a few not even looked at', async () => {
  using folder = testFolder({ token });
  await withDashboard({ tokenFile: `${folder.path}/token` }, async (url, fleet) => {
    const wrong = await login(url, 'wrong');
    equal(wrong.status, 403);
    equal(wrong.headers.get('set-cookie'), null);
    for (let turn = 0; turn < 9; turn++) await login(url, `wrong ${turn}`);
    equal((await login(url, token)).status, 429);
    await fleet.clock.advance(61_000);
    equal((await login(url, token)).status, 303);
  });
});

test('access: a form of another site logs nobody in or out, and leads nowhere else', async () => {
  using folder = testFolder({ token });
  await withDashboard({ tokenFile: `${folder.path}/token` }, async (url) => {
    equal((await login(url, token, { 'sec-fetch-site': 'cross-site' })).status, 403);
    for (const back of [
      '//elsewhere.example',
      'https://elsewhere.example',
      '/\\elsewhere.example',
      '/a b\r\nset-cookie: x=y',
      '',
    ]) {
      const answer = await ask(`${url}/login`, { method: 'POST', body: new URLSearchParams({ token, back }) });
      equal(answer.headers.get('location'), '/', back);
    }
  });
});

test('session: only under its own key, and only before its end', () => {
  const [key, other] = [new Secret(token), new Secret('another-token-that-is-long')];
  const session = newSession(key, 1_000);
  equal(endOfSession(session, key, 2_000), 1_000 + 12 * 3_600_000);
  equal(endOfSession(session, other, 2_000), undefined);
  equal(endOfSession(session, key, 1_000 + 13 * 3_600_000), undefined);
  equal(endOfSession(`9${session}`, key, 2_000), undefined, 'a later end needs another seal');
  for (const text of ['', '.', 'x.y', session.slice(0, 5)]) equal(endOfSession(text, key, 0), undefined);
});

test('secret: prints as nothing, and a short one is none', async () => {
  const secret = new Secret(token);
  deepEqual(
    [String(secret), JSON.stringify({ secret }), inspect(secret)],
    ['[redacted]', '{"secret":"[redacted]"}', '[redacted]'],
  );
  using folder = testFolder({ short: 'hunter2' });
  await rejects(
    readSecret(`${folder.path}/short`),
    (error: Error) => !error.message.includes('hunter2') && /16 characters/.test(error.message),
  );
  await rejects(readSecret(`${folder.path}/none`), /cannot be read \(ENOENT\)/);
});
