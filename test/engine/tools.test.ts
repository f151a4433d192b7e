/** Protects: what tools make arrives like any manifest; what they cannot make changes nothing that runs. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import type { ToolRun } from '../../src/core/model/tool.ts';
import type { Tools } from '../../src/seam/tool.ts';
import { clusterManifests, testFleet } from '../builder/fleet.ts';
import { placement } from '../builder/manifest.ts';

const app = `apiVersion: landfall.dev/v1alpha1
kind: App
metadata: {name: web, namespace: shop}
spec:
  components:
  - {name: web, helm: {path: charts/web}, values: {host: "web.\${name}"}, valuesFiles: [{path: "values/\${name}.yaml", optional: true}]}
  - {name: overlay, kustomize: overlays/eu, dependsOn: [web]}
`;

const files = {
  ...clusterManifests(['a', 'b']),
  'web.yaml': `${app}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
  'charts/web/Chart.yaml': 'name: web\n',
  'charts/web/templates/config.yaml': '{{ template: [ }}\n',
  'values/b.yaml': 'b\n',
  'base/kustomization.yaml': 'resources: [config.yaml]\n',
  'base/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: base}\n',
  'overlays/eu/kustomization.yaml': 'resources: [../../base]\n',
};

/** Makes one ConfigMap of what it is given; a file that says `broken` fails. */
function pretendTools(): Tools & { readonly made: ToolRun[] } {
  const made: ToolRun[] = [];
  return {
    made,
    versions: new Map([
      ['helm', 'v1'],
      ['kustomize', 'v1'],
    ]),
    make: async (run, read, signal) => {
      made.push(run);
      const refs =
        run.kind === 'kustomize'
          ? run.files
          : [...(run.chart.kind === 'folder' ? run.chart.files : []), ...run.valuesFiles];
      const texts = (await read(refs, signal)).map((bytes) => Buffer.from(bytes).toString('utf8'));
      if (texts.includes('broken\n')) return { kind: 'failed', message: 'it is broken', hint: undefined };
      const data = Object.fromEntries(refs.map(({ path }, index) => [path.replaceAll('/', '.'), texts[index] ?? '']));
      const host = run.kind === 'helm' ? String(run.values.host) : '';
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: run.kind }, data: { ...data, host } };
      return { kind: 'made', objects: [object], warnings: [] };
    },
  };
}

const helmPath = '/api/v1/namespaces/shop/configmaps/helm';

test('tools: a chart and an overlay arrive on every cluster, each with its own values', async () => {
  const tools = pretendTools();
  const fleet = testFleet({ clusters: ['a', 'b'], tools });
  fleet.git.commit(files);
  await fleet.run(60_000);
  for (const cluster of ['a', 'b']) equal(fleet.cell('shop/web', cluster)?.state, 'Synced', fleet.table());
  equal(at(await fleet.get('a', helmPath), 'data', 'host'), 'web.a');
  equal(at(await fleet.get('b', helmPath), 'data', 'values.b.yaml'), 'b\n');
  const overlay = at(await fleet.get('b', '/api/v1/namespaces/shop/configmaps/kustomize'), 'data');
  deepEqual(Object.keys(overlay as object).toSorted(), [
    'base.config.yaml',
    'base.kustomization.yaml',
    'host',
    'overlays.eu.kustomization.yaml',
  ]);
  equal(tools.made.filter(({ kind }) => kind === 'kustomize').length, 1, 'what clusters share is made once');
  equal(new Set(tools.made.map(({ key }) => key)).size, tools.made.length, 'nothing is made twice');
  await fleet.close();
});

test('tools: what is not changed is not made again, and what cannot be made stays as it runs', async () => {
  const tools = pretendTools();
  const fleet = testFleet({ clusters: ['a', 'b'], tools });
  fleet.git.commit(files);
  await fleet.run(60_000);
  const before = tools.made.length;
  fleet.git.commit({ 'README.md': 'words' });
  await fleet.run(60_000);
  equal(tools.made.length, before);
  fleet.git.commit({ 'charts/web/templates/config.yaml': 'broken\n' });
  await fleet.run(60_000);
  equal(tools.made.length, before + 2, 'the chart, for each of two clusters');
  match(fleet.cell('shop/web', 'a')?.message ?? '', /cannot/);
  equal(at(await fleet.get('a', helmPath), 'data', 'host'), 'web.a');
  fleet.git.commit({ 'charts/web/templates/config.yaml': 'mended\n' });
  await fleet.run(60_000);
  equal(at(await fleet.get('a', helmPath), 'data', 'charts.web.templates.config.yaml'), 'mended\n');
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
  await fleet.close();
});

const application = (traits: string): string => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: web, namespace: shop}
spec:
  components:
  - {name: web, type: helm, properties: {repoType: git, url: "memory:fleet", chart: charts/web, values: {host: x}}, traits: [${traits}]}
  - {name: queue, type: helmchart, properties: {chart: {source: queue, repoURL: "https://charts.example.com", version: 1.0.0}}, traits: [{type: annotations, properties: {team: b}}]}
  policies:
  - {name: a, type: topology, properties: {clusters: [a]}}
  - {name: keep, type: garbage-collect, properties: {rules: [{selector: {componentNames: [web]}, strategy: never}]}}
`;

test('tools: traits change the values of a release, the first object of a chart, and what they name', async () => {
  const tools = pretendTools();
  const fleet = testFleet({ clusters: ['a'], tools });
  const patch = '{type: json-merge-patch, properties: {spec: {values: {host: new}, targetNamespace: web}}}';
  const labels = '{type: helm-labels, properties: {apiVersion: v1, kind: ConfigMap, name: helm, labels: {tier: one}}}';
  const { 'web.yaml': _, ...charts } = files;
  for (const name of ['shop', 'web'])
    await fleet.request('a', 'POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  fleet.git.commit({ ...charts, 'web.yaml': application(patch) });
  await fleet.run(60_000);
  const path = '/api/v1/namespaces/web/configmaps/helm';
  equal(at(await fleet.get('a', path), 'data', 'host'), 'new', fleet.table());
  equal(at(await fleet.get('a', path), 'metadata', 'annotations', 'landfall.dev/on-delete'), 'Orphan');
  equal(at(await fleet.get('a', helmPath), 'metadata', 'annotations', 'team'), 'b', 'of the other chart');
  fleet.git.commit({ 'web.yaml': application(`${patch}, ${labels.replace('name: helm', 'name: other')}`) });
  await fleet.run(60_000);
  match(fleet.cell('shop/web', 'a')?.message ?? '', /there is no ConfigMap other in what was made/);
  await fleet.close();
});

test('tools: what is not about the files is tried again, less and less often, and real errors are not', async () => {
  const tools = pretendTools();
  let isHere = false;
  const asked: string[] = [];
  const late: Tools = {
    versions: tools.versions,
    make: async (run, read, signal) => {
      asked.push(run.kind);
      if (isHere) return tools.make(run, read, signal);
      const message = `there is no ${run.kind}`;
      return run.kind === 'helm'
        ? { kind: 'failed', message, hint: undefined, mayPass: true }
        : { kind: 'failed', message: 'a template is wrong', hint: undefined };
    },
  };
  const fleet = testFleet({ clusters: ['a'], tools: late });
  fleet.git.commit({ ...files, ...clusterManifests(['a']), 'clusters/b.yaml': undefined });
  await fleet.run(10_000);
  deepEqual([...new Set(asked)].toSorted(), ['helm', 'kustomize']);
  await fleet.run(2 * 3_600_000);
  const tried = asked.filter((kind) => kind === 'helm').length;
  equal(tried > 8 && tried < 20, true, `${tried} times in two hours`);
  equal(asked.filter((kind) => kind === 'kustomize').length, 1);
  isHere = true;
  fleet.git.commit({ 'base/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mended}\n' });
  await fleet.run(20 * 60_000);
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
  await fleet.close();
});
