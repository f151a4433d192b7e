/** Ways into a cluster. */
import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CredentialSource, credentials } from '../../../src/edge/kube/credentials.ts';
import type { Credentials } from '../../../src/edge/kube/login.ts';
import { type HandClock, handClock } from '../../builder/clock.ts';
import { isFault } from '../../builder/fault.ts';
import { never } from '../../builder/kube.ts';

type Parts = {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
  readonly current?: string | null;
};

/** A kubeconfig with one context, `here`. */
const kubeconfig = ({ cluster = {}, user = {}, context = {}, current = 'here' }: Parts = {}): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current ?? undefined,
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', ...context } }, { name: 'broken' }],
    clusters: [{ name: 'broken' }, { name: 'c', cluster: { server: 'https://k.test:6443/base/', ...cluster } }],
    users: [{ name: 'u', user }],
  });

const of = (
  source: CredentialSource,
  clock: HandClock = handClock(),
  environment = {},
  proxyURL?: string,
): Credentials => credentials(source, { clock, environment }, proxyURL);
const data = (text: string, context?: string): Credentials =>
  of({ kind: 'text', name: 'Secret landfall/eu-1', text, context });

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'landfall-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('text: server, base path, certificates and token', async () => {
  const text = kubeconfig({
    cluster: { 'certificate-authority-data': base64('CA'), 'tls-server-name': 'name.test' },
    user: { token: 'secret', 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
  });
  const login = await data(text).login(never);
  deepEqual(login, {
    endpoint: {
      origin: 'https://k.test:6443',
      ca: 'CA',
      cert: 'CERT',
      key: 'KEY',
      serverName: 'name.test',
      isInsecure: false,
      proxyURL: undefined,
    },
    basePath: '/base',
    headers: { authorization: 'Bearer secret' },
    user: undefined,
  });
});

test('text: YAML is fine too; a password; impersonation with everything', async () => {
  const text = `
current-context: here
contexts: [{name: here, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://k.test"}}]
users:
- name: u
  user:
    username: me
    password: pass
    as: bob
    as-groups: [g1, g2]
    as-uid: u1
    as-user-extra: {scope: [a]}
`;
  const login = await data(text).login(never);
  equal(login.headers.authorization, `Basic ${base64('me:pass')}`);
  deepEqual([login.user?.name, login.user?.groups, login.user?.uid], ['bob', ['g1', 'g2'], 'u1']);
  deepEqual([...(login.user?.extra ?? [])], [['scope', ['a']]]);
});

const wrong = [
  { name: 'no YAML', text: '{', says: /is not YAML/ },
  { name: 'empty', text: '', says: /empty/ },
  { name: 'a list', text: '[]', says: /no mapping/ },
  { name: 'no current context', text: kubeconfig({ current: null }), says: /no current context/ },
  { name: 'no such context', text: kubeconfig({ current: 'there' }), says: /no context named "there"/ },
  { name: 'no such cluster', text: kubeconfig({ context: { cluster: 'x' } }), says: /no cluster named "x"/ },
  { name: 'no such user', text: kubeconfig({ context: { user: 'x' } }), says: /no user named "x"/ },
  { name: 'no server', text: kubeconfig({ cluster: { server: undefined } }), says: /without the fields/ },
  { name: 'a server that is no URL', text: kubeconfig({ cluster: { server: 'k.test' } }), says: /no URL/ },
  { name: 'a server of another type', text: kubeconfig({ cluster: { server: 7 } }), says: /fields|type/ },
  { name: 'a token of another type', text: kubeconfig({ user: { token: 7 } }), says: /type/ },
  { name: 'groups of nobody', text: kubeconfig({ user: { 'as-groups': ['g'] } }), says: /without a user/ },
  { name: 'in the clear', text: kubeconfig({ cluster: { server: 'http://k.test' } }), says: /in the clear/ },
  { name: 'very deep', text: `${'['.repeat(2_000)}${']'.repeat(2_000)}`, says: /too deeply/ },
  { name: 'very deep, in blocks', text: `${'- '.repeat(2_000)}a`, says: /too deeply/ },
  { name: 'very long', text: `# ${'x'.repeat(600_000)}`, says: /larger/ },
];
for (const { name, text, says } of wrong) {
  test(`text: ${name} is for the operator`, () => rejects(data(text).login(never), isFault('misconfigured', says)));
}

test('text: this machine may be reached in the clear', async () => {
  const text = kubeconfig({ cluster: { server: 'http://127.0.0.1:6443/clusters/c-1' } });
  equal((await data(text).login(never)).basePath, '/clusters/c-1');
});

const reaching = [
  { name: 'exec', user: { exec: { command: 'touch', args: ['/tmp/x'] } } },
  { name: 'auth-provider', user: { 'auth-provider': { name: 'oidc' } } },
  { name: 'tokenFile', user: { tokenFile: '/etc/passwd' } },
  { name: 'token-file', user: { 'token-file': '/etc/passwd' } },
  { name: 'client-certificate', user: { 'client-certificate': '/etc/passwd' } },
  { name: 'client-key', user: { 'client-key': '/etc/passwd' } },
  { name: 'certificate-authority', cluster: { 'certificate-authority': '/etc/passwd' } },
  { name: 'insecure-skip-tls-verify', cluster: { 'insecure-skip-tls-verify': true } },
  { name: 'proxy-url', cluster: { 'proxy-url': 'http://proxy.test' } },
];
for (const { name, ...parts } of reaching) {
  test(`text: ${name} reaches into this machine and is refused`, () =>
    rejects(data(kubeconfig(parts)).login(never), isFault('misconfigured', new RegExp(`uses ${name},`))));
}

test('text: no message shows what the text holds', async () => {
  const texts = [
    'token: topsecret: x',
    kubeconfig({ user: { token: ['topsecret'] } }),
    kubeconfig({ user: { token: 'topsecret', exec: {} } }),
  ];
  for (const text of texts) {
    await rejects(
      data(text).login(never),
      (error: unknown) => !JSON.stringify([error, String(error)]).includes('topsecret'),
    );
  }
});

test('file: relative paths start at the file; changed files are read again after a minute, the connection kept if it can be', async (t) => {
  const clock = handClock();
  const path = folder(t);
  writeFileSync(join(path, 'ca.pem'), 'CA');
  writeFileSync(join(path, 'cert.pem'), 'CERT');
  writeFileSync(join(path, 'key.pem'), 'KEY');
  writeFileSync(join(path, 'token'), 'one\n');
  const parts = {
    cluster: { 'certificate-authority': 'ca.pem', 'insecure-skip-tls-verify': true, 'proxy-url': 'http://proxy.test' },
    user: { tokenFile: 'token', 'client-certificate': 'cert.pem', 'client-key': join(path, 'key.pem') },
  };
  writeFileSync(join(path, 'config'), kubeconfig(parts));
  const own = of({ kind: 'file', path: join(path, 'config') }, clock);
  const first = await own.login(never);
  deepEqual([first.endpoint.ca, first.endpoint.cert, first.endpoint.key], ['CA', 'CERT', 'KEY']);
  deepEqual([first.endpoint.isInsecure, first.endpoint.proxyURL], [true, 'http://proxy.test']);
  equal(first.headers.authorization, 'Bearer one');
  writeFileSync(join(path, 'token'), 'two');
  await clock.advance(30_000);
  equal(await own.login(never), first);
  await clock.advance(31_000);
  const second = await own.login(never);
  equal(second.headers.authorization, 'Bearer two');
  equal(second.endpoint, first.endpoint);
  writeFileSync(join(path, 'cert.pem'), 'CERT2');
  await clock.advance(61_000);
  notEqual((await own.login(never)).endpoint, first.endpoint);
});

test('file: a file that is missing is for the operator; a moment without it is forgiven', async (t) => {
  const clock = handClock();
  const path = folder(t);
  await rejects(of({ kind: 'file', path: join(path, 'config') }).login(never), isFault('misconfigured', /ENOENT/));
  writeFileSync(join(path, 'config'), kubeconfig({ user: { tokenFile: 'token' } }));
  const own = of({ kind: 'file', path: join(path, 'config') }, clock);
  await rejects(own.login(never), isFault('misconfigured', /token, which cannot be read \(ENOENT\)/));
  writeFileSync(join(path, 'token'), 'one');
  const login = await own.login(never);
  rmSync(join(path, 'token'));
  await clock.advance(61_000);
  equal(await own.login(never), login);
  await clock.advance(61_000);
  await rejects(own.login(never), isFault('misconfigured'));
});

test('file: what the server refuses is read again, kubeconfig included', async (t) => {
  const clock = handClock();
  const path = folder(t);
  writeFileSync(join(path, 'config'), kubeconfig({ user: { token: 'one' } }));
  const own = of({ kind: 'file', path: join(path, 'config') }, clock);
  const first = await own.login(never);
  writeFileSync(join(path, 'config'), kubeconfig({ user: { token: 'two' } }));
  equal(await own.login(never), first);
  await clock.advance(10_000);
  own.forget(first);
  const second = await own.login(never);
  equal(second.headers.authorization, 'Bearer two');
  // A refusal of the login before is no news about this one.
  own.forget(first);
  equal(await own.login(never), second);
});

test('file: another context, and a proxy that goes before', async (t) => {
  const path = join(folder(t), 'config');
  writeFileSync(path, kubeconfig({ current: null, cluster: { 'proxy-url': 'http://a.test' } }));
  const own = of({ kind: 'file', path, context: 'here' }, handClock(), {}, 'http://b.test');
  equal((await own.login(never)).endpoint.proxyURL, 'http://b.test');
});

test('file: an auth-provider that is no more', async (t) => {
  const path = join(folder(t), 'config');
  writeFileSync(path, kubeconfig({ user: { 'auth-provider': { name: 'gcp', config: { 'cmd-path': 'touch' } } } }));
  await rejects(of({ kind: 'file', path }).login(never), isFault('misconfigured', /exec plugin instead/));
});

test('file: OIDC: a token that holds is used, one that ended without a way to renew it is for the operator', async (t) => {
  const path = join(folder(t), 'config');
  const jwt = (exp: number): string =>
    [`{"alg":"none"}`, `{"exp":${exp}}`, 's'].map((part) => Buffer.from(part).toString('base64url')).join('.');
  const user = (exp: number): object => ({ 'auth-provider': { name: 'oidc', config: { 'id-token': jwt(exp) } } });
  writeFileSync(path, kubeconfig({ user: user(4_000_000_000) }));
  const login = await of({ kind: 'file', path }).login(never);
  equal(login.headers.authorization, `Bearer ${jwt(4_000_000_000)}`);
  writeFileSync(path, kubeconfig({ user: user(1_000_000_000) }));
  await rejects(of({ kind: 'file', path }).login(never), isFault('misconfigured', /cannot be refreshed/));
});

test('inCluster: address, CA and token of the pod', async (t) => {
  const path = folder(t);
  writeFileSync(join(path, 'ca.crt'), 'CA');
  writeFileSync(join(path, 'token'), 'pod\n');
  const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  const login = await of({ kind: 'inCluster', folder: path }, handClock(), environment).login(never);
  deepEqual([login.endpoint.origin, login.endpoint.ca], ['https://[fd00::1]', 'CA']);
  equal(login.headers.authorization, 'Bearer pod');
  await rejects(
    of({ kind: 'inCluster', folder: path }).login(never),
    isFault('misconfigured', /do not run in a cluster/),
  );
});

/** A plugin in JavaScript: counts its runs in a file, then does what it is told. */
function plugin(path: string, body: string): { readonly exec: object; readonly runs: () => number } {
  const script = join(path, 'plugin.mjs');
  const log = join(path, 'runs');
  writeFileSync(log, '');
  writeFileSync(
    script,
    `import { appendFileSync } from 'node:fs';
     appendFileSync(${JSON.stringify(log)}, 'x');
     const credential = (status) => console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status }));
     ${body}`,
  );
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: [script],
    interactiveMode: 'IfAvailable',
  };
  return { exec, runs: () => readFileSync(log, 'utf8').length };
}
const execUser = (path: string, exec: object, cluster: object = {}): Credentials => {
  writeFileSync(join(path, 'config'), kubeconfig({ cluster, user: { exec } }));
  return of({ kind: 'file', path: join(path, 'config') }, handClock(Date.now()), { PATH: process.env.PATH });
};

test('exec: one run for all who ask at once, kept until a minute before its end', async (t) => {
  const path = folder(t);
  const { exec, runs } = plugin(
    path,
    "credential({ token: 'told', expirationTimestamp: new Date(Date.now() + 3_600_000).toISOString() })",
  );
  writeFileSync(join(path, 'ca.pem'), 'CA');
  writeFileSync(join(path, 'config'), kubeconfig({ cluster: { 'certificate-authority': 'ca.pem' }, user: { exec } }));
  const clock = handClock(Date.now());
  const own = of({ kind: 'file', path: join(path, 'config') }, clock, { PATH: process.env.PATH });
  const logins = await Promise.all(Array.from({ length: 20 }, () => own.login(never)));
  ok(logins.every((login) => login.headers.authorization === 'Bearer told'));
  equal(runs(), 1);
  // The CA file is read every minute; the plugin is not run for that.
  await clock.advance(3_500_000);
  await own.login(never);
  equal(runs(), 1);
  await clock.advance(60_000);
  const renewed = await own.login(never);
  equal(runs(), 2);
  own.forget(renewed);
  await own.login(never);
  equal(runs(), 2, 'a fresh one that is refused is not asked for again at once');
  await clock.advance(6_000);
  own.forget(renewed);
  await own.login(never);
  equal(runs(), 3);
});

test('exec: the plugin is told of the cluster when it wants to be, and has its environment and arguments', async (t) => {
  const path = folder(t);
  const { exec } = plugin(
    path,
    `const { spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
     credential({ token: [spec.interactive, spec.cluster.server, spec.cluster['certificate-authority-data'], process.env.FROM_CONFIG, process.argv[2]].join(' ') });`,
  );
  const own = execUser(
    path,
    {
      ...exec,
      args: [join(path, 'plugin.mjs'), '$(touch x); `touch y`'],
      env: [{ name: 'FROM_CONFIG', value: 'yes' }],
      provideClusterInfo: true,
    },
    { 'certificate-authority-data': base64('CA') },
  );
  const { headers } = await own.login(never);
  equal(headers.authorization, `Bearer false https://k.test:6443/base ${base64('CA')} yes $(touch x); \`touch y\``);
});

test('exec: a certificate instead of a token', async (t) => {
  const path = folder(t);
  const { exec } = plugin(path, "credential({ clientCertificateData: 'CERT', clientKeyData: 'KEY' })");
  const login = await execUser(path, exec).login(never);
  deepEqual([login.endpoint.cert, login.endpoint.key, login.headers], ['CERT', 'KEY', {}]);
});

const badPlugins = [
  {
    name: 'fails',
    body: "console.error('hello\\nno token for eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMyJ9.abc'); process.exit(3)",
    says: /ended with 3: no token for \[…\]$/,
  },
  { name: 'prints nothing', body: '', says: /no ExecCredential/ },
  { name: 'prints something else', body: "console.log('{}')", says: /no ExecCredential/ },
  {
    name: 'prints half a certificate',
    body: "credential({ clientCertificateData: 'CERT' })",
    says: /no ExecCredential/,
  },
  {
    name: 'prints without end',
    body: "const more = () => process.stdout.write('x'.repeat(100_000), more); more()",
    says: /without end/,
  },
];
for (const { name, body, says } of badPlugins) {
  test(`exec: a plugin that ${name}`, async (t) => {
    const path = folder(t);
    await rejects(execUser(path, plugin(path, body).exec).login(never), isFault('misconfigured', says));
  });
}

const badSections = [
  { name: 'no such program', exec: { command: './nowhere' }, says: /cannot be started/ },
  { name: 'no command', exec: { command: '' }, says: /without a command/ },
  { name: 'an old apiVersion', exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1' }, says: /apiVersion/ },
  { name: 'a terminal', exec: { interactiveMode: 'Always' }, says: /terminal/ },
];
for (const { name, exec, says } of badSections) {
  test(`exec: ${name}`, async (t) => {
    const path = folder(t);
    await rejects(execUser(path, { ...plugin(path, '').exec, ...exec }).login(never), isFault('misconfigured', says));
  });
}

test('exec: a plugin that does not end is ended', async (t) => {
  const path = folder(t);
  const { exec, runs } = plugin(path, "process.on('SIGTERM', () => {}); setInterval(() => {}, 1_000);");
  writeFileSync(join(path, 'config'), kubeconfig({ user: { exec } }));
  const clock = handClock(Date.now());
  const own = of({ kind: 'file', path: join(path, 'config') }, clock, {});
  const login = rejects(own.login(never), isFault('unreachable', /did not end/));
  while (runs() === 0) await clock.settle();
  await clock.advance(60_000);
  await clock.advance(6_000);
  await login;
});

test('exec: from the list of the operator, without a kubeconfig', async (t) => {
  const path = folder(t);
  plugin(path, "credential({ token: 'told' })");
  const source = {
    kind: 'exec',
    server: 'https://k.test',
    ca: 'CA',
    plugin: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [join(path, 'plugin.mjs')],
      env: {},
      clusterInfo: undefined,
    },
  } as const;
  const login = await of(source, handClock(), {}).login(never);
  deepEqual([login.endpoint.ca, login.headers.authorization], ['CA', 'Bearer told']);
  match(login.endpoint.origin, /k\.test/);
});

test('login: who gives up waits no longer, and the work goes on for the others', async (t) => {
  const path = folder(t);
  const { exec } = plugin(path, "setTimeout(() => credential({ token: 'told' }), 50)");
  const own = execUser(path, exec);
  const leaving = new AbortController();
  const left = rejects(own.login(leaving.signal), /enough/);
  const stays = own.login(never);
  leaving.abort(new Error('enough'));
  await left;
  equal((await stays).headers.authorization, 'Bearer told');
});
