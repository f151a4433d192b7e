/** Protects: the charts that people have, library and parent charts and large ones, are made by the real Helm or told of. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { digest, repositoryId } from '../../../src/core/model/id.ts';
import type { ToolResult } from '../../../src/core/model/tool.ts';
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

async function make(files: Readonly<Record<string, string>>): Promise<ToolResult> {
  const settings = { ...renderToolDefaults, programs: { helm: programs?.helm ?? '' } };
  const tools = await openTools(settings, { clock: systemClock, log, parser }, never);
  const run = {
    kind: 'helm',
    key: digest(`sha256:${'0'.repeat(64)}`),
    repository: repositoryId('fleet'),
    chart: { kind: 'folder', folder: 'web', files: Object.keys(files).map((path) => ({ path, oid: path })) },
    releaseName: 'web',
    namespace: 'shop',
    values: {},
    valuesFiles: [],
    capabilities: undefined,
  } as const;
  return tools.make(run, async (asked) => asked.map(({ path }) => Buffer.from(files[path] ?? '')), never);
}

const head = (name: string, more = ''): string => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`;
const library = {
  'web/charts/words/Chart.yaml': head('words', 'type: library\n'),
  'web/charts/words/templates/_words.tpl':
    '{{ define "words.config" }}apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n{{ end }}',
};
const needs = 'dependencies: [{name: words, version: 1.0.0, repository: "file://../words"}]\n';

test('helm: a library chart that is committed below its parent', { skip }, async () => {
  const result = await make({
    'web/Chart.yaml': head('web', needs),
    'web/templates/a.yaml': '{{ include "words.config" . }}',
    ...library,
  });
  ok(result.kind === 'made', JSON.stringify(result));
  deepEqual(
    result.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ['ConfigMap web'],
  );
});

test('helm: a chart that it depends on and that is not there is told, with what to do', { skip }, async () => {
  const result = await make({
    'web/Chart.yaml': head('web', needs),
    'web/templates/a.yaml': '{{ include "words.config" . }}',
  });
  ok(result.kind === 'failed', JSON.stringify(result));
  match(result.message, /words/);
  match(result.hint ?? '', /commit what `helm dependency build` puts into `charts\/`/);
});

test('helm: ten megabytes of objects', { skip }, async () => {
  const result = await make({
    'web/Chart.yaml': head('web'),
    'web/templates/a.yaml': `{{ range untilStep 0 400 1 }}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c-{{ . }}}\ndata: {text: ${'x'.repeat(25_000)}}\n{{ end }}`,
  });
  ok(result.kind === 'made', JSON.stringify(result).slice(0, 500));
  equal(result.objects.length, 400);
});

test('helm: a chart that looks something up is told that it finds nothing', { skip }, async () => {
  const result = await make({
    'web/Chart.yaml': head('web'),
    'web/templates/a.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {known: {{ (lookup "v1" "Secret" "shop" "key") | empty | quote }}}\n',
    'web/templates/b.yaml': '# lookup is a word\n',
  });
  ok(result.kind === 'made', JSON.stringify(result));
  deepEqual(result.warnings, [
    'web/templates/a.yaml calls `lookup`, which finds nothing here: a chart is rendered from Git alone, the same whatever runs',
  ]);
});
