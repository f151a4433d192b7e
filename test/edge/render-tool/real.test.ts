/** Protects: the commands and limits are those that Helm and Kustomize themselves can live with. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../src/core/json/value.ts';
import { digest, repositoryId } from '../../../src/core/model/id.ts';
import type { ToolResult, ToolRun } from '../../../src/core/model/tool.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { renderToolDefaults } from '../../../src/edge/render-tool/settings.ts';
import { openTools } from '../../../src/edge/render-tool/tools.ts';
import type { Parser } from '../../../src/seam/parse.ts';
import { findRenderTools, skipLine } from '../../cluster/render-tools.ts';

const programs = findRenderTools();
if (programs === undefined) console.error(`# ${skipLine}`);
const skip = programs === undefined;

const never = new AbortController().signal;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const parser: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};

const texts: Readonly<Record<string, string>> = {
  'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\nkubeVersion: ">=1.30.0-0"\n',
  'web/values.yaml': 'host: nowhere\nreplicas: 1\n',
  'web/crds/widget.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.example.com}\n',
  'web/templates/all.yaml': [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }}}',
    'data:\n  host: {{ .Values.host | quote }}\n  replicas: {{ .Values.replicas | quote }}',
    '  gateway: {{ .Capabilities.APIVersions.Has "example.com/v1/Widget" | quote }}',
    '  version: {{ .Capabilities.KubeVersion.Version }}',
    '  file: {{ .Files.Get "files/page.bin" | quote }}',
    '  live: {{ lookup "v1" "Namespace" "" "default" | toString | quote }}\n',
  ].join('\n'),
  'web/templates/tests/test.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: test, annotations: {helm.sh/hook: test}}\n',
  'web/files/page.bin': 'any\tbytes',
  'broken/Chart.yaml': 'apiVersion: v2\nname: broken\nversion: 1.0.0\n',
  'broken/templates/a.yaml': 'a: {{ .Values.missing.field }}\n',
  'values/eu.yaml': 'host: eu\nreplicas: 2\n',
  'base/kustomization.yaml': 'resources: [config.yaml]\n',
  'base/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: page}\n',
  'overlay/kustomization.yaml': 'resources: [../base]\nnamePrefix: eu-\ncommonLabels: {region: eu}\n',
  'out/kustomization.yaml': 'resources: [../base]\nconfigMapGenerator: [{name: a, files: [../base/config.yaml]}]\n',
};
const refsIn = (...folders: readonly string[]) =>
  Object.keys(texts)
    .filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)))
    .map((path) => ({ path, oid: path }));

const make = async (run: ToolRun): Promise<ToolResult> => {
  const { helm = '', kustomize = '' } = programs ?? {};
  const settings = { ...renderToolDefaults, programs: { helm, kustomize } };
  const tools = await openTools(settings, { clock: systemClock, log, parser }, never);
  return tools.make(run, async (files) => files.map(({ path }) => Buffer.from(texts[path] ?? '')), never);
};

const common = { key: digest(`sha256:${'0'.repeat(64)}`), repository: repositoryId('fleet') };
const chart = (folder: string): ToolRun => ({
  ...common,
  kind: 'helm',
  chart: { kind: 'folder', folder, files: refsIn(folder) },
  releaseName: 'shop',
  namespace: 'store',
  values: { replicas: 3 },
  valuesFiles: [{ path: 'values/eu.yaml', oid: 'eu' }],
  capabilities: { kubeVersion: 'v1.36.0', apiVersions: ['v1', 'example.com/v1', 'example.com/v1/Widget'] },
});
const build = (folder: string): ToolRun => ({
  ...common,
  kind: 'kustomize',
  folder,
  files: refsIn(folder, 'base'),
  remotes: [],
});

test('helm: values, capabilities, CRDs and files of a chart; no tests, and nothing of any cluster', {
  skip,
}, async () => {
  const result = await make(chart('web'));
  ok(result.kind === 'made', JSON.stringify(result));
  deepEqual(result.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted(), [
    'ConfigMap shop',
    'CustomResourceDefinition widgets.example.com',
  ]);
  const config = result.objects.find(({ kind }) => kind === 'ConfigMap');
  equal(config?.metadata.namespace, 'store');
  deepEqual(config?.data, {
    host: 'eu',
    replicas: '3',
    gateway: 'true',
    version: 'v1.36.0',
    file: 'any\tbytes',
    live: 'map[]',
  });
});

test('helm: documents of values are over the files, the last over the first, and under the component’s own', {
  skip,
}, async () => {
  const held = ['host: us\nreplicas: 7\n', '{"host": "asia"}'];
  const result = await make({ ...chart('web'), held } as ToolRun);
  ok(result.kind === 'made', JSON.stringify(result));
  const config = result.objects.find(({ kind }) => kind === 'ConfigMap');
  deepEqual([at(config, 'data', 'host'), at(config, 'data', 'replicas')], ['asia', '3']);
});

test('helm: what is wrong names the template and the line', { skip }, async () => {
  const result = await make(chart('broken'));
  ok(result.kind === 'failed');
  match(result.message, /broken\/templates\/a\.yaml:1:/);
  ok(!result.message.includes('landfall-tool'), result.message);
});

test('kustomize: an overlay of a base, and its warnings', { skip }, async () => {
  const result = await make(build('overlay'));
  ok(result.kind === 'made', JSON.stringify(result));
  deepEqual(
    result.objects.map(({ metadata }) => [metadata.name, metadata.labels]),
    [['eu-page', { region: 'eu' }]],
  );
  match(result.warnings.join('\n'), /commonLabels/);
});

test('kustomize: a file outside of its folder is not read', { skip }, async () => {
  const result = await make(build('out'));
  ok(result.kind === 'failed', JSON.stringify(result));
  match(result.message, /not in or below|security/);
});

test('kustomize: patches and a namespace over a folder that has its own kustomization', { skip }, async () => {
  const run = build('overlay');
  ok(run.kind === 'kustomize');
  const patches = [
    { patch: JSON.stringify([{ op: 'add', path: '/data', value: { a: 'b' } }]), target: { kind: 'ConfigMap' } },
    { patch: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'eu-page' }, data: { c: 'd' } }) },
  ];
  const result = await make({ ...run, overlay: { over: 'folder', fields: { namespace: 'eu', patches } } });
  ok(result.kind === 'made', JSON.stringify(result));
  deepEqual(
    result.objects.map(({ metadata, data }) => [metadata.name, metadata.namespace, data]),
    [['eu-page', 'eu', { a: 'b', c: 'd' }]],
  );
});
