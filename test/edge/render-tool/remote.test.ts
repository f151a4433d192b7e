/** Protects: charts and bases from elsewhere are fetched by the real tools, where they are granted and nowhere else. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { digest, repositoryId } from '../../../src/core/model/id.ts';
import type { ToolResult, ToolRun } from '../../../src/core/model/tool.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { type RenderToolSettings, renderToolDefaults } from '../../../src/edge/render-tool/settings.ts';
import { openTools } from '../../../src/edge/render-tool/tools.ts';
import { serveGit } from '../../../src/sandbox/serve-git.ts';
import type { Parser } from '../../../src/seam/parse.ts';
import { testCertificate } from '../../builder/certificate.ts';
import { serveCharts } from '../../builder/chart-server.ts';
import { testFolder } from '../../builder/command.ts';
import { buildRepository } from '../../builder/git-repository.ts';
import { findRenderTools, skipLine } from '../../cluster/render-tools.ts';

const programs = findRenderTools();
if (programs === undefined) console.error(`# ${skipLine}`);
const skip = programs === undefined;

const folder = testFolder({
  'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'web/templates/a.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {host: {{ .Values.host | quote }}}\n',
});
after(() => folder[Symbol.dispose]());
const certificate = testCertificate({ name: 'charts', hosts: ['127.0.0.1'] });
folder.write({ 'ca.pem': certificate.ca });

async function archiveOf(): Promise<Buffer> {
  if (programs === undefined) return Buffer.alloc(0);
  const environment = { env: { HOME: folder.path, PATH: process.env.PATH } };
  await promisify(execFile)(
    programs.helm,
    ['package', join(folder.path, 'web'), '--destination', join(folder.path, 'charts')],
    environment,
  );
  await promisify(execFile)(programs.helm, ['repo', 'index', join(folder.path, 'charts')], environment);
  return readFileSync(join(folder.path, 'charts/web-1.0.0.tgz'));
}

const archive = await archiveOf();
const git = await serveGit({ root: join(folder.path, 'git') });
const bare = await git.createRepository('platform/bases.git');
const bases = buildRepository(bare.folder, {});
const firstCommit = bases.commit({
  'page/kustomization.yaml': 'resources: [page.yaml]\n',
  'page/page.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: page}\n',
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-git}\n',
});
bases.git('tag', 'v1', firstCommit);
bases.git('tag', '--annotate', '--message=one', 'v1-annotated', firstCommit);
bases.git('tag', 'both', firstCommit);
bases.commit({
  'nested/kustomization.yaml': 'resources: ["https://bases.elsewhere.example/team/bases.git//page?ref=v1"]\n',
  'raw/kustomization.yaml': 'resources: ["https://raw.elsewhere.example/v1.2.3/page.yaml"]\n',
});
bases.git('tag', 'v2');
const head = bases.commit({ 'page/page.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: moved}\n' });
bases.git('branch', 'both', head);
bases.git('branch', 'release/1', firstCommit);
const served = await serveCharts(certificate, {
  files: skip
    ? new Map()
    : new Map([
        ['/charts/index.yaml', readFileSync(join(folder.path, 'charts/index.yaml'))],
        ['/charts/web-1.0.0.tgz', archive],
      ]),
  archives: new Map([['platform/web:1.0.0', archive]]),
  behind: git.url,
});
after(async () => {
  await served.close();
  await git.close();
});

const never = new AbortController().signal;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const parser: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};
const page = (query = '?ref=v1'): string => `https://${served.host}/platform/bases.git//page${query}`;
const overlay = (remote: string): string => `resources: ["${remote}"]\nnamePrefix: eu-\n`;

async function make(run: ToolRun, settings: Partial<RenderToolSettings> = {}): Promise<ToolResult> {
  const { helm = '', kustomize = '' } = programs ?? {};
  using cache = testFolder();
  const granted = { hosts: [served.host], mayFetch: () => true, caFile: join(folder.path, 'ca.pem') };
  const all = {
    ...renderToolDefaults,
    programs: { helm, kustomize },
    chartFolder: cache.path,
    ...granted,
    ...settings,
  };
  const tools = await openTools(all, { clock: systemClock, log, parser }, never);
  const [remote = ''] = run.kind === 'kustomize' ? run.remotes : [];
  return tools.make(run, async (files) => files.map(() => Buffer.from(overlay(remote))), never);
}

const common = { key: digest(`sha256:${'0'.repeat(64)}`), repository: repositoryId('fleet') };
const helmRun = {
  ...common,
  kind: 'helm',
  releaseName: 'shop',
  namespace: 'store',
  values: { host: 'eu' },
  valuesFiles: [],
  capabilities: undefined,
} as const;
const chart = (repository: string, version = '1.0.0'): ToolRun => ({
  ...helmRun,
  chart: { kind: 'remote', repository, name: 'web', version },
});
const base = (query?: string): ToolRun => ({
  ...common,
  kind: 'kustomize',
  folder: 'overlay',
  files: [{ path: 'overlay/kustomization.yaml', oid: 'a' }],
  remotes: [page(query)],
});

const inGit = (folder = 'charts/web', revision = 'v1'): ToolRun => {
  const url = `https://${served.host}/platform/bases.git`;
  return { ...helmRun, chart: { kind: 'git', url, revision, folder } };
};

for (const nested of ['nested', 'raw'])
  test(`remote: a base that names a base on another host (${nested}) brings nothing from there`, { skip }, async () => {
    const remote = `https://${served.host}/platform/bases.git//${nested}?ref=v2`;
    const result = await make({ ...base(), remotes: [remote] } as ToolRun);
    equal(result.kind, 'failed');
    match(JSON.stringify(result), /a base of it is from a host that the settings do not name.*tools\.hosts/);
  });

const runs: readonly (readonly [name: string, run: () => ToolRun, object: string])[] = [
  ['a chart of a repository', () => chart(`https://${served.host}/charts`), 'shop'],
  ['a chart of a registry', () => chart(`oci://${served.host}/platform`), 'shop'],
  ['a base at a tag', () => base(), 'eu-page'],
  ['a chart of another Git repository at a tag', () => inGit(), 'shop-git'],
];

const others: typeof runs = [
  ['a base at an annotated tag', () => base('?ref=v1-annotated'), 'eu-page'],
  ['a base at a commit', () => base(`?ref=${firstCommit}`), 'eu-page'],
  ['a base at a tag that is called like a branch', () => base('?ref=both'), 'eu-page'],
  ['a chart of another Git repository at a commit', () => inGit('charts/web', firstCommit), 'shop-git'],
];

for (const [name, run, object] of [...runs, ...others])
  test(`make: ${name}, fetched as granted`, { skip }, async () => {
    const result = await make(run());
    ok(result.kind === 'made', JSON.stringify(result));
    deepEqual(
      result.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      [`ConfigMap ${object}`],
    );
  });

for (const [name, run] of runs) {
  const refusals: readonly (readonly [why: string, settings: Partial<RenderToolSettings>, says: RegExp])[] = [
    ['by default', { hosts: [] }, /the settings let nothing be fetched from 127\.0\.0\.1/],
    ['for a tenant', { mayFetch: () => false }, /a tenant's repository fetches nothing/],
    ['from another host', { hosts: ['charts.example.com'] }, /let nothing be fetched from 127\.0\.0\.1/],
  ];
  for (const [why, settings, says] of refusals)
    test(`make: ${name} is not fetched ${why}, and nobody is asked`, { skip }, async () => {
      const before = served.asked.length;
      const result = await make(run(), settings);
      match(result.kind === 'failed' ? result.message : result.kind, says);
      equal(served.asked.length, before);
    });
}

const movings: readonly (readonly [name: string, run: () => ToolRun, says: RegExp, commit: string | undefined])[] = [
  ['a base at a branch', () => base('?ref=main'), /is at the branch main, which moves/, head],
  ['a base at another branch', () => base('?ref=release/1'), /is at the branch release\/1/, firstCommit],
  [
    'a base at a whole name of a branch',
    () => base('?ref=refs/heads/main'),
    /is at the branch refs\/heads\/main/,
    head,
  ],
  ['a base at nothing', () => base(''), /names no revision/, head],
  ['a base at HEAD', () => base('?ref=HEAD'), /is at the branch HEAD/, head],
  ['a base at what Kustomize may read otherwise', () => base('?ref=v1&timeout=%zz'), /names no revision/, head],
  ['a base at what is not there', () => base('?ref=v9'), /neither a tag nor a whole commit/, undefined],
  ['a base at a short commit', () => base(`?ref=${firstCommit.slice(0, 8)}`), /neither a tag nor/, undefined],
  ['a chart at a branch', () => inGit('charts/web', 'main'), /is at the branch main, which moves/, head],
];

for (const [name, run, says, commit] of movings)
  test(`make: ${name} is refused, and told which commit that is now`, { skip }, async () => {
    const asked = served.asked.length;
    const result = await make(run());
    ok(result.kind === 'failed', JSON.stringify(result));
    match(result.message, says);
    const told = run().kind === 'kustomize' ? `write ${page('')}?ref=${commit},` : `name the commit ${commit},`;
    if (commit === undefined) match(result.hint ?? '', /all 40 digits/);
    else ok(result.hint?.startsWith(told), result.hint);
    const fetched = served.asked.slice(asked).filter((line) => line.includes('/page'));
    deepEqual(fetched, [], 'nothing but names is asked for');
  });

test('make: a version that the repository does not have is no fault of the world', { skip }, async () => {
  const result = await make(chart(`https://${served.host}/charts`, '2.0.0'));
  match(result.kind === 'failed' ? result.message : result.kind, /2\.0\.0/);
});

test('make: a chart in Git does not lead out of its repository', { skip }, async () => {
  const result = await make(inGit('../../etc'));
  match(result.kind === 'failed' ? result.message : result.kind, /leads out of/);
});
