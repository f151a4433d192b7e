/** Protects: a tool, whatever is in its files, takes no more than it may, sees nothing of ours and outlives nothing. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digest, repositoryId } from '../../../src/core/model/id.ts';
import type { ToolResult, ToolRun } from '../../../src/core/model/tool.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { findIsolation } from '../../../src/edge/render-tool/program.ts';
import { type RenderToolSettings, renderToolDefaults } from '../../../src/edge/render-tool/settings.ts';
import { openTools } from '../../../src/edge/render-tool/tools.ts';
import type { Parser } from '../../../src/seam/parse.ts';
import type { ReadFiles } from '../../../src/seam/tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'landfall-test-tools-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const program = join(folder, 'helm');
writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dirname, 'fake-helm.ts')}" "$@"\n`);
chmodSync(program, 0o755);

const never = new AbortController().signal;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const parser: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};
const clock = systemClock;
const texts: Readonly<Record<string, string>> = { 'chart/Chart.yaml': 'name: web\n', 'values/eu.yaml': '{}\n' };
const read: ReadFiles = async (files) => files.map(({ path }) => Buffer.from(texts[path] ?? ''));

const helm = (settings: Partial<RenderToolSettings> = {}) =>
  openTools({ ...renderToolDefaults, programs: { helm: program }, ...settings }, { clock, log: quiet, parser }, never);

/** Opened once: finding out what a tool is takes processes of its own. */
const usual = helm();

type HelmRun = Extract<ToolRun, { kind: 'helm' }>;
const runOf = (values: HelmRun['values'], fields: Partial<HelmRun> = {}): HelmRun => ({
  kind: 'helm',
  key: digest(`sha256:${'0'.repeat(64)}`),
  repository: repositoryId('fleet'),
  chart: { kind: 'folder', folder: 'chart', files: [{ path: 'chart/Chart.yaml', oid: 'a' }] },
  releaseName: 'web',
  namespace: 'shop',
  values,
  valuesFiles: [],
  capabilities: undefined,
  ...fields,
});

const dataOf = (result: ToolResult): Readonly<Record<string, unknown>> => {
  ok(result.kind === 'made', JSON.stringify(result));
  return result.objects[0]?.data as Readonly<Record<string, unknown>>;
};
const failureOf = (result: ToolResult): string => (result.kind === 'failed' ? result.message : JSON.stringify(result));
const leftovers = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('landfall-tool-'));

test('openTools: knows the version of a tool, and says how to get one that is not here', async () => {
  const tools = await helm({ programs: { helm: program, kustomize: join(folder, 'none') } });
  deepEqual([...tools.versions], [['helm', 'v9.9.9']]);
  const kustomize: ToolRun = { ...runOf({}), kind: 'kustomize', folder: '', files: [], remotes: [] };
  const result = await tools.make(kustomize, read, never);
  ok(result.kind === 'failed');
  match(result.message, /`tools\.kustomize` of the settings names .*none, which is not there/);
  match(result.hint ?? '', /^install it where Landfall runs/);
});

test('openTools: a tool that comes later is found when it is needed again', async () => {
  const later = join(folder, 'later');
  const tools = await helm({ programs: { helm: later } });
  const missing = await tools.make(runOf({}), read, never);
  ok(missing.kind === 'failed' && missing.mayPass);
  equal(tools.versions.get('helm'), undefined);
  writeFileSync(later, readFileSync(program));
  chmodSync(later, 0o755);
  equal((await tools.make(runOf({}), read, never)).kind, 'made');
  equal(tools.versions.get('helm'), 'v9.9.9');
});

test('make: helm is told everything, in the order in which it counts', async () => {
  const run = runOf(
    { does: 'arguments' },
    {
      valuesFiles: [{ path: 'values/eu.yaml', oid: 'b' }],
      capabilities: { kubeVersion: 'v1.36.0', apiVersions: ['v1', 'apps/v1/Deployment'] },
    },
  );
  const args = JSON.parse(String(dataOf(await (await usual).make(run, read, never)).args)) as readonly string[];
  const [release, chart, ...rest] = args.map((arg) => arg.replace(/^.*landfall-tool-[^/]*\//, ''));
  deepEqual([release, chart], ['web', 'files/chart']);
  deepEqual(rest.slice(0, 4), ['--namespace', 'shop', '--include-crds', '--skip-tests']);
  deepEqual(rest.slice(4, 8), ['--values', 'files/values/eu.yaml', '--values', 'own/values.json']);
  deepEqual(rest.slice(8), ['--kube-version', 'v1.36.0', '--api-versions', 'v1,apps/v1/Deployment']);
});

test('make: a tool sees its files, and nothing of our environment', async () => {
  process.env.LANDFALL_TEST_SECRET = 'hidden';
  try {
    const tools = await usual;
    const environment = dataOf(await tools.make(runOf({ does: 'environment' }), read, never));
    equal(environment.LANDFALL_TEST_SECRET, undefined);
    match(String(environment.HOME), /landfall-tool-[^/]*\/home$/);
    const files = dataOf(await tools.make(runOf({ does: 'files' }), read, never));
    deepEqual(files, { all: 'Chart.yaml', around: 'files home own tmp' });
  } finally {
    delete process.env.LANDFALL_TEST_SECRET;
  }
  deepEqual(leftovers(), []);
});

test('make: a path out of its folder is not written', async () => {
  const outside = join(folder, 'outside');
  const files = ['../../outside', '/etc/x', 'a/../../b', 'a//b'].map((path) => ({ path, oid: path }));
  const chart = { kind: 'folder', folder: 'chart', files: [...files, { path: 'chart/Chart.yaml', oid: 'a' }] } as const;
  dataOf(await (await usual).make(runOf({}, { chart }), read, never));
  equal(existsSync(outside), false);
});

test('make: a tool without an end is stopped with all that it has started', async () => {
  const pids = join(folder, 'pids');
  const result = await (await helm({ timeoutMs: 4_000 })).make(runOf({ does: 'hang', file: pids }), read, never);
  match(failureOf(result), /^it did not end within 4 s$/);
  equal(result.kind === 'failed' && result.mayPass, true, 'the machine may be quicker the next time');
  for (const pid of readFileSync(pids, 'utf8').split(' ')) equal(isRunning(Number(pid)), false, pid);
  deepEqual(leftovers(), []);
});

test('make: a tool that prints without end is stopped', async () => {
  const result = await (await helm({ outputBytesMax: 1024 * 1024 })).make(runOf({ does: 'flood' }), read, never);
  match(failureOf(result), /^it prints more than 1 MiB$/);
});

test('make: a tool gets no more memory than it may', { skip: process.platform !== 'linux' }, async () => {
  const result = await (await helm({ memoryBytesMax: 768 * 1024 * 1024 })).make(runOf({ does: 'bloat' }), read, never);
  ok(result.kind === 'failed', 'it did not get what it wanted');
});

test('make: a tool reaches nothing, not even this machine', async (t) => {
  if ((await findIsolation(clock, folder, never)).length === 0) return t.skip('this machine gives no namespaces');
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const tools = await usual;
    dataOf(await tools.make(runOf({ does: 'connect', file: String(port) }), read, never));
    equal(calls, 0);
  } finally {
    server.close();
  }
});

test('make: what is wrong is told with paths of the repository', async () => {
  const tools = await usual;
  equal(
    failureOf(await tools.make(runOf({ does: 'complain' }), read, never)),
    'chart/templates/a.yaml:3: no such value',
  );
  match(
    failureOf(await tools.make(runOf({ does: 'scrawl' }), read, never)),
    /^what web\/templates\/a.yaml makes cannot be read: /,
  );
  match(
    failureOf(await tools.make(runOf({ does: 'nameless' }), read, never)),
    /^what web\/templates\/b.yaml makes is no object/,
  );
});

test('make: warnings of a run that succeeds are kept', async () => {
  const result = await (await usual).make(runOf({ does: 'warn' }), read, never);
  deepEqual(result.kind === 'made' && result.warnings, ['an old habit']);
});

test('make: nothing is fetched that the settings do not grant', async () => {
  const chart = { kind: 'remote', repository: 'oci://quay.io/charts', name: 'web', version: '1.0.0' } as const;
  const ask = async (settings: Partial<RenderToolSettings>) =>
    failureOf(await (await helm(settings)).make(runOf({}, { chart }), read, never));
  match(await ask({}), /a tenant's repository fetches nothing/);
  match(await ask({ mayFetch: () => true }), /let nothing be fetched from quay\.io/);
  match(await ask({ mayFetch: () => true, hosts: ['other.io'] }), /let nothing be fetched from quay\.io/);
});

test('make: whoever no longer waits ends it', async () => {
  const stop = new AbortController();
  const reason = new Error('stopped');
  const made = (await usual).make(runOf({ does: 'hang', file: join(folder, 'other') }), read, stop.signal);
  stop.abort(reason);
  await rejects(made, (error) => error === reason);
  deepEqual(leftovers(), []);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended and that nobody has asked about is still listed.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
