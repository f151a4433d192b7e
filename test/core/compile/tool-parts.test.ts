import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/core/compile/compile.ts';
import { ToolParts } from '../../../src/core/compile/tool-parts.ts';
import type { Cluster } from '../../../src/core/model/fleet.ts';
import type { Intent } from '../../../src/core/model/intent.ts';
import { noTooling, type Tooling, type ToolSource } from '../../../src/core/model/tool.ts';
import { worldOf } from '../../builder/world.ts';

const files = {
  'all.yaml': `apiVersion: landfall.dev/v1alpha1
kind: Cluster
metadata: {name: eu, labels: {topology.kubernetes.io/region: europe}}
spec: {access: {inCluster: true}}
---
apiVersion: landfall.dev/v1alpha1
kind: Cluster
metadata: {name: us}
spec: {access: {inCluster: true}}
---
apiVersion: landfall.dev/v1alpha1
kind: App
metadata: {name: web, namespace: shop}
spec: {components: [{name: web, objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]}]}
`,
};
const { gathered } = compile(worldOf(files));
const [eu, us] = [...gathered.fleet.values()] as [Cluster, Cluster];
const plain = [...gathered.intents.values()][0] as Intent;
const [part] = plain.parts;
const { origin } = plain;

const refs = (...paths: readonly string[]) => paths.map((path) => ({ path, oid: `oid of ${path}` }));
const chart: Extract<ToolSource, { kind: 'helm' }> = {
  kind: 'helm',
  chart: { kind: 'folder', folder: 'chart', files: refs('chart/Chart.yaml') },
  releaseName: 'web',
  values: { host: 'web' },
  valuesFiles: [],
};
const intentOf = (tool: ToolSource): Intent => ({ ...plain, parts: [{ ...part!, source: { kind: 'tool', tool } }] });
const byCluster: ToolSource = { ...chart, values: { host: 'web.${name}' } };
const byRegion = (isOptional: boolean): ToolSource => ({
  ...chart,
  valuesFiles: [{ origin, path: 'values/${region}.yaml', isOptional, candidates: refs('values/europe.yaml') }],
});

const keysOf = (intent: Intent, tooling: Tooling = noTooling): readonly string[] => {
  const parts = new ToolParts(tooling);
  for (const cluster of [eu, us]) parts.of(intent, cluster);
  return [...parts.runs.keys()];
};

test('ToolParts: an App without tools is itself, and asks for nothing', () => {
  const parts = new ToolParts(noTooling);
  deepEqual(parts.of(plain, eu), { kind: 'made', intent: plain, warnings: [] });
  equal(parts.runs.size, 0);
});

test('ToolParts: clusters that need the same share one run', () => {
  equal(keysOf(intentOf(chart)).length, 1);
  equal(keysOf(intentOf(byCluster)).length, 2);
});

test('ToolParts: whatever a run depends on is in its key', () => {
  const [key] = keysOf(intentOf(chart));
  const others: readonly (readonly [string, Intent, Tooling])[] = [
    [
      'a file',
      intentOf({ ...chart, chart: { kind: 'folder', folder: 'chart', files: refs('chart/a.tpl') } }),
      noTooling,
    ],
    ['a value', intentOf({ ...chart, values: { host: 'other' } }), noTooling],
    ['the release', intentOf({ ...chart, releaseName: 'other' }), noTooling],
    ['the tool', intentOf(chart), { ...noTooling, versions: new Map([['helm', 'v4']]) }],
    [
      'the cluster',
      intentOf(chart),
      { ...noTooling, capabilities: new Map([[eu.id, { kubeVersion: 'v1.36.0', apiVersions: ['v1'] }]]) },
    ],
  ];
  for (const [what, intent, tooling] of others) notEqual(keysOf(intent, tooling)[0], key, what);
});

test('ToolParts: until it is made a part is waited for, then it is objects', () => {
  const intent = intentOf(chart);
  const parts = new ToolParts(noTooling);
  equal(parts.of(intent, eu).kind, 'waiting');
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'made' } };
  const [key] = parts.runs.keys();
  const results = new Map([[key ?? '', { kind: 'made', objects: [object], warnings: ['old API'] } as const]]);
  const made = new ToolParts({ ...noTooling, results }).of(intent, eu);
  ok(made.kind === 'made');
  deepEqual(made.intent.parts[0]?.source, { kind: 'objects', objects: [{ object, origin: part?.origin }] });
  deepEqual(
    made.warnings.map(({ code, message }) => [code, message]),
    [['A1321', 'old API']],
  );
});

test('ToolParts: what a tool cannot make is told where the component is written', () => {
  const intent = intentOf(chart);
  const [key] = keysOf(intent);
  const results = new Map([[key ?? '', { kind: 'failed', message: 'no such template', hint: 'see it' } as const]]);
  const made = new ToolParts({ ...noTooling, results }).of(intent, eu);
  ok(made.kind === 'failed');
  deepEqual(made.diagnostics, [
    {
      code: 'A1320',
      severity: 'error',
      origin: part?.origin,
      message: 'helm cannot make component web: no such template',
      hint: 'see it',
    },
  ]);
});

test('ToolParts: a values file that only some clusters have', () => {
  const optional = new ToolParts(noTooling);
  equal(optional.of(intentOf(byRegion(true)), eu).kind, 'waiting');
  equal(optional.of(intentOf(byRegion(true)), us).kind, 'waiting', 'a cluster without a region has none');
  const needed = new ToolParts(noTooling);
  equal(needed.of(intentOf(byRegion(false)), eu).kind, 'waiting');
  const refused = needed.of(intentOf(byRegion(false)), us);
  deepEqual(refused.kind === 'failed' && refused.diagnostics.map(({ code }) => code), ['A1307']);
});

test('ToolParts: another version of a tool is other content', () => {
  const versions = (version: string): Tooling => ({ ...noTooling, versions: new Map([['helm', version]]) });
  const contentAt = (version: string) => new ToolParts(versions(version)).contentOf(intentOf(chart));
  notEqual(contentAt('v3.1.0'), contentAt('v3.2.0'));
  equal(new ToolParts(versions('v3.1.0')).contentOf(plain), plain.digest);
});
