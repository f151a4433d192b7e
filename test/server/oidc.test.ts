/** Protects: people log in at a provider, and nobody gets in by what is forged, old, another's or used before. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/seam/log.ts';
import type { AdmissionRules } from '../../src/server/access/admission.ts';
import { isAdmitted, nameOf } from '../../src/server/access/admission.ts';
import { testFolder } from '../builder/command.ts';
import { type DashboardOptions, serveDashboard } from '../builder/dashboard.ts';
import { type TestFleet, testFleet } from '../builder/fleet.ts';
import { openProvider, type TestProvider } from '../builder/openid-provider.ts';

const clientSecret = 'a-secret-of-the-provider';
const accounts = {
  ann: { name: 'Ann <b>Admin</b>', email: 'ann@example.com', email_verified: true, groups: ['platform', 'people'] },
  bob: { name: 'Bob', email: 'bob@elsewhere.example', email_verified: true, groups: ['people'] },
};

const nobody: AdmissionRules = { everyone: false, groups: [], groupsClaim: 'groups', emails: [], claims: {} };

type Scene = { readonly url: string; readonly fleet: TestFleet; readonly provider: TestProvider };

async function withLogin(
  options: DashboardOptions & {
    readonly rules?: Partial<AdmissionRules>;
    readonly isPublicClient?: boolean;
    readonly lifeMs?: number;
  },
  use: (scene: Scene) => Promise<void>,
): Promise<void> {
  const { rules, isPublicClient, lifeMs = 3_600_000, ...shownAs } = options;
  using folder = testFolder({ secret: `${clientSecret}\n` });
  const fleet = testFleet({ clusters: ['a'] });
  const opened = Promise.withResolvers<TestProvider>();
  const shown = await serveDashboard(fleet, {
    isPublic: true,
    provider: async (url) => {
      const client = { clientID: 'landfall', redirectURL: `${url}/login/callback` };
      opened.resolve(
        openProvider({ ...client, accounts, ...(isPublicClient === true ? { isTokenFull: true } : { clientSecret }) }),
      );
      return {
        ...client,
        issuer: (await opened.promise).issuer,
        clientSecretFile: isPublicClient === true ? undefined : `${folder.path}/secret`,
        scopes: ['openid', 'profile', 'email', 'groups'],
        rules: { ...nobody, groups: ['platform'], ...rules },
        sessionLifeMs: lifeMs,
        caFile: undefined,
        proxyURL: undefined,
      };
    },
    ...shownAs,
  });
  const provider = await opened.promise;
  try {
    await use({ url: shown.url, fleet, provider });
  } finally {
    await shown.close();
    await fleet.close();
    await provider.close();
  }
}

/** A browser as far as logging in goes: follows nothing by itself, and keeps cookies of each server. */
class Visit {
  readonly jar = new Map<string, Map<string, string>>();

  cookies(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const own = this.jar.get(origin) ?? new Map<string, string>();
    this.jar.set(origin, own);
    return own;
  }

  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const own = this.cookies(url);
    const cookie = [...own].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', ...init, headers: { cookie, ...init.headers } });
    for (const text of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(text)) own.delete(name);
      else own.set(name, value);
    }
    return answer;
  }

  /** Until somebody has to do something. */
  async follow(
    url: string,
    init: RequestInit = {},
    isEnd = (_: string) => false,
  ): Promise<readonly [Response, string]> {
    let [answer, here] = [await this.ask(url, init), url];
    for (let hop = 0; hop < 12; hop += 1) {
      const location = answer.headers.get('location');
      if (location === null) break;
      here = new URL(location, here).href;
      if (isEnd(here)) break;
      answer = await this.ask(here);
    }
    return [answer, here];
  }

  /** To the provider, as this person, and back to the address it sends to, which is not asked for yet. */
  async toCallback(url: string, name: string, back = '/clusters'): Promise<string> {
    const [, form] = await this.follow(`${url}/login/begin?${new URLSearchParams({ back })}`);
    const init = { method: 'POST', body: new URLSearchParams({ name }) };
    const [, here] = await this.follow(form, init, (next) => next.startsWith(`${url}/login/callback`));
    return here;
  }
}

const textOf = async (answer: Response): Promise<string> => answer.text();

for (const isPublicClient of [false, true])
  test(`oidc: whoever is wanted gets in, and out again (${isPublicClient ? 'PKCE alone' : 'with a secret'})`, () =>
    withLogin({ isPublicClient }, async ({ url, provider }) => {
      const visit = new Visit();
      for (const path of ['/clusters', '/apps/shop/web'])
        equal((await visit.ask(`${url}${path}`)).headers.get('location'), `/login?back=${encodeURIComponent(path)}`);
      for (const path of ['status', 'events']) equal((await visit.ask(`${url}/api/v1/${path}`)).status, 401, path);
      match(await textOf(await visit.ask(`${url}/login`)), /href="\/login\/begin\?back=%2F"/);

      const callback = await visit.toCallback(url, 'ann');
      const { searchParams } = new URL(callback);
      ok(searchParams.has('code') && searchParams.has('state'), callback);
      const answer = await visit.ask(callback);
      deepEqual([answer.status, answer.headers.get('location')], [303, '/clusters']);
      const [session = ''] = answer.headers.getSetCookie();
      for (const part of ['landfall-visit=', 'HttpOnly', 'SameSite=Lax', 'Path=/;', 'Max-Age=3600'])
        ok(session.includes(part), session);
      ok(!visit.cookies(url).has('landfall-login'), 'what was needed on the way is gone');

      equal(provider.asked.includes('GET /me'), !isPublicClient, 'asked for more only where the token does not say it');
      const page = await textOf(await visit.ask(`${url}/`));
      ok(page.includes('Ann &lt;b&gt;Admin&lt;/b&gt;'), 'a name is text');
      for (const path of ['/clusters', '/promotions', '/api/v1/status'])
        equal((await visit.ask(`${url}${path}`)).status, 200, path);
      const out = await visit.ask(`${url}/logout`, { method: 'POST' });
      equal(out.headers.get('location'), '/login?out');
      match(await textOf(await visit.ask(`${url}/login?out`)), /\/session\/end\?[^"]*client_id=landfall/);
      equal((await visit.ask(`${url}/`)).status, 303);
    }));

test('oidc: whoever is not wanted is told so by name, and stays out', () =>
  withLogin({}, async ({ url }) => {
    const visit = new Visit();
    const answer = await visit.ask(await visit.toCallback(url, 'bob'));
    equal(answer.status, 403);
    match(await textOf(answer), /Bob is known to 127\.0\.0\.1:\d+, and is not among those who may look/);
    equal((await visit.ask(`${url}/`)).status, 303);
  }));

test('oidc: what the provider says no to is said', () =>
  withLogin({}, async ({ url }) => {
    const visit = new Visit();
    const answer = await visit.ask(await visit.toCallback(url, 'carol'));
    equal(answer.status, 403);
    match(await textOf(answer), /refuses the login: access_denied: who is that\?/);
  }));

test('oidc: what was used before, began elsewhere or was changed opens nothing', () =>
  withLogin({}, async ({ url }) => {
    const visit = new Visit();
    const callback = await visit.toCallback(url, 'ann');
    const login = visit.cookies(url).get('landfall-login') ?? '';
    const tell = (answer: Response): readonly [number, boolean] => [
      answer.status,
      answer.headers.getSetCookie().some((cookie) => /^landfall-visit=[^;]/.test(cookie)),
    ];
    deepEqual(tell(await new Visit().ask(callback)), [400, false], 'in another browser');
    const changed = new URL(callback);
    changed.searchParams.set('state', 'another');
    deepEqual(tell(await fetch(changed, { redirect: 'manual', headers: { cookie: `landfall-login=${login}` } })), [
      400,
      false,
    ]);
    for (const cookie of [`${login.slice(0, -2)}xx`, `x${login}`, '', 'a.b.c.d.e', login.slice(0, 40)]) {
      const headers = { cookie: `landfall-login=${cookie}` };
      deepEqual(tell(await fetch(callback, { redirect: 'manual', headers })), [400, false], cookie);
    }
    deepEqual(tell(await visit.ask(callback)), [303, true]);
    deepEqual(tell(await visit.ask(callback)), [400, false], 'again');
    const headers = { cookie: `landfall-login=${login}` };
    deepEqual(
      tell(await fetch(callback, { redirect: 'manual', headers })),
      [403, false],
      'again, with the cookie it had',
    );
    for (const query of ['', '?state=x', '?code=x', '?error=access_denied&state=x', '?code=a&code=b&state=c&state=d'])
      equal((await fetch(`${url}/login/callback${query}`, { redirect: 'manual', headers })).status, 400, query);
  }));

test('oidc: a session ends when it is over, changed, for something else, or of another key', () =>
  withLogin({}, async ({ url, fleet }) => {
    const visit = new Visit();
    const callback = await visit.toCallback(url, 'ann');
    const login = visit.cookies(url).get('landfall-login') ?? '';
    await visit.ask(callback);
    const session = visit.cookies(url).get('landfall-visit') ?? '';
    const statusWith = async (cookie: string): Promise<number> =>
      (await fetch(`${url}/`, { redirect: 'manual', headers: { cookie: `landfall-visit=${cookie}` } })).status;
    equal(await statusWith(session), 200);
    ok(!/ann|Ann|platform/.test(Buffer.from(session, 'base64url').toString('latin1')), 'nobody can read it');
    for (let at = 0; at < session.length; at += 17) {
      const other = session[at] === 'A' ? 'B' : 'A';
      equal(await statusWith(session.slice(0, at) + other + session.slice(at + 1)), 303, `changed at ${at}`);
    }
    equal(await statusWith(login), 303, 'what was sealed for the login is no session');
    await fleet.clock.advance(3_601_000);
    equal(await statusWith(session), 303);
  }));

test('oidc: a stream of events ends with the session', () =>
  withLogin({ lifeMs: 60_000 }, async ({ url, fleet }) => {
    const visit = new Visit();
    await visit.ask(await visit.toCallback(url, 'ann'));
    const stream = await visit.ask(`${url}/api/v1/events`);
    equal(stream.status, 200);
    const reader = stream.body?.getReader();
    ok(!(await reader?.read())?.done);
    await fleet.clock.advance(80_000);
    const ended = (async () => {
      while ((await reader?.read())?.done === false);
    })();
    await ended.catch(() => undefined);
    equal((await visit.ask(`${url}/api/v1/events`)).status, 401);
  }));

test('oidc: two Landfalls with one key take each other’s sessions, and other rules take none', async () => {
  using folder = testFolder({ key: 'a key that two of them have' });
  const sessionKeyFile = `${folder.path}/key`;
  await withLogin({ sessionKeyFile }, async ({ url, provider }) => {
    const visit = new Visit();
    await visit.ask(await visit.toCallback(url, 'ann'));
    const headers = { cookie: `landfall-visit=${visit.cookies(url).get('landfall-visit')}` };
    const statusAt = async (rules: AdmissionRules, keyFile: string | undefined): Promise<number> => {
      const fleet = testFleet({ clusters: ['a'] });
      const shown = await serveDashboard(fleet, {
        ...(keyFile === undefined ? {} : { sessionKeyFile: keyFile }),
        provider: async (other) => ({
          ...{ clientID: 'landfall', issuer: provider.issuer, clientSecretFile: undefined, scopes: ['openid'], rules },
          ...{
            redirectURL: `${other}/login/callback`,
            sessionLifeMs: 3_600_000,
            caFile: undefined,
            proxyURL: undefined,
          },
        }),
      });
      try {
        return (await fetch(`${shown.url}/`, { redirect: 'manual', headers })).status;
      } finally {
        await shown.close();
        await fleet.close();
      }
    };
    const same = { ...nobody, groups: ['platform'] };
    equal(await statusAt(same, sessionKeyFile), 200);
    equal(await statusAt(same, undefined), 303, 'a key of its own');
    equal(await statusAt({ ...same, groups: ['others'] }, sessionKeyFile), 303, 'whoever was let in by other rules');
    folder.write({ key: 'another key that two of them have' });
    equal((await fetch(`${url}/`, { redirect: 'manual', headers })).status, 303, 'a key that was changed');
  });
});

test('oidc: a provider that is away keeps nobody from working, and it is said where people log in', async () => {
  const warnings: string[] = [];
  const log = {
    ...silentLog,
    warn: (message: string, fields?: object) => void warnings.push(message + JSON.stringify(fields)),
  };
  await withLogin({ log }, async ({ url, provider, fleet }) => {
    await provider.close();
    const answer = await fetch(`${url}/login/begin`, { redirect: 'manual' });
    equal(answer.status, 503);
    match(await textOf(answer), /cannot be asked now/);
    match(warnings.join('\n'), /login not possible.*127\.0\.0\.1/);
    ok(fleet.engine !== undefined);
    equal((await fetch(`${url}/login`)).status, 200);
  });
});

const admissions: readonly (readonly [name: string, claims: object, rules: Partial<AdmissionRules>, isIn: boolean])[] =
  [
    ['no rule: nobody', { sub: 'a', groups: ['x'] }, {}, false],
    ['everyone', { sub: 'a' }, { everyone: true }, true],
    ['a group', { groups: ['x', 'y'] }, { groups: ['y'] }, true],
    ['no group of theirs', { groups: ['x'] }, { groups: ['y'] }, false],
    ['one group that is no list', { groups: 'y' }, { groups: ['y'] }, true],
    ['groups elsewhere', { roles: ['y'], groups: [] }, { groups: ['y'], groupsClaim: 'roles' }, true],
    [
      'groups of objects are none',
      { groups: [{ name: 'y' }, null] },
      { groups: ['y', '[object Object]', 'null'] },
      false,
    ],
    ['what every object has is no claim', {}, { groups: ['x'], groupsClaim: 'constructor' }, false],
    ['an address', { email: 'A@example.com', email_verified: true }, { emails: ['a@Example.com'] }, true],
    ['one that nobody has verified', { email: 'a@example.com' }, { emails: ['a@example.com'] }, false],
    [
      'verified is true and no word',
      { email: 'a@example.com', email_verified: 'true' },
      { emails: ['a@example.com'] },
      false,
    ],
    ['a domain', { email: 'a@example.com', email_verified: true }, { emails: ['@example.com'] }, true],
    ['a domain below', { email: 'a@x.example.com', email_verified: true }, { emails: ['@example.com'] }, false],
    [
      'a domain before',
      { email: 'a@example.com@evil.example', email_verified: true },
      { emails: ['@example.com'] },
      false,
    ],
    ['a claim', { hd: 'example.com' }, { claims: { hd: ['example.com'] } }, true],
    ['a number', { tenant: 7 }, { claims: { tenant: ['7'] } }, true],
    ['another value', { hd: 'evil.example' }, { claims: { hd: ['example.com'] } }, false],
  ];
for (const [name, claims, rules, isIn] of admissions)
  test(`admission: ${name}`, () => equal(isAdmitted({ ...claims }, { ...nobody, ...rules }), isIn));

test('admission: people go by the first name that the provider knows', () => {
  equal(nameOf({ sub: '7', name: '', email: 'a@example.com' }), 'a@example.com');
  equal(nameOf({ sub: '7', name: 'x'.repeat(500) }).length, 100);
});
