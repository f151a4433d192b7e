/** Protects: whatever causes a change, one cluster shows it before a second takes it. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../src/core/json/value.ts';
import type { ToolName } from '../../src/core/model/tool.ts';
import type { Tools } from '../../src/seam/tool.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { deployment, placement } from '../builder/manifest.ts';

const names = ['a', 'b', 'c', 'd'];
const minute = 60_000;
const web = '/apis/apps/v1/namespaces/shop/deployments/web';

/** A tool that makes another object in another version, as tools do. */
function toolsOf(version: { now: string }): Tools {
  return {
    get versions() {
      return new Map<ToolName, string>([['helm', version.now]]);
    },
    make: async () => ({ kind: 'made', objects: [deploymentOf(`web:${version.now}`)], warnings: [] }),
  };
}

const deploymentOf = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image }] } },
  },
});

const app = (component: string, more = ''): string =>
  `apiVersion: landfall.dev/v1alpha1\nkind: App\nmetadata: {name: web, namespace: shop}\nspec:\n  components: [${component}]\n${more}`;
const patched = (selector: string, image: string): string =>
  `  variants: [{clusterSelector: ${selector}, images: [{name: web, newTag: "${image}"}]}]\n`;
const clustersWith = (fields: { readonly labels?: object; readonly variables?: object }): Record<string, string> =>
  Object.fromEntries(
    Object.entries(clusterManifests(names)).map(([path, text]) => {
      const manifest = JSON.parse(text);
      Object.assign(manifest.metadata.labels, fields.labels ?? {});
      return [path, JSON.stringify({ ...manifest, spec: { ...manifest.spec, variables: fields.variables ?? {} } })];
    }),
  );

type Case = {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly before?: (fleet: TestFleet) => Promise<void>;
  /** What changes all clusters at once, and breaks the App. */
  readonly cause: (fleet: TestFleet, version: { now: string }) => Promise<void>;
};

const byPath = { 'apps/web/web.yaml': deployment('web', 'web:1') };
const hub = (fleet: TestFleet, method: string, path: string, body: Json, type?: string) =>
  fleet.request('a', method, path, body, type);

const cases: readonly Case[] = [
  {
    name: 'a commit',
    files: { ...byPath, 'web.yaml': app('{path: apps/web}') },
    cause: async ({ git }) => void git.commit({ 'apps/web/web.yaml': deployment('web', 'web:2-broken') }),
  },
  {
    name: 'a label',
    files: { ...byPath, 'web.yaml': app('{path: apps/web}', patched('{matchLabels: {ring: new}}', '2-broken')) },
    cause: async ({ git }) => void git.commit(clustersWith({ labels: { ring: 'new' } })),
  },
  {
    name: 'a variable',
    files: {
      ...byPath,
      ...clustersWith({ variables: { tag: 'web:1' } }),
      'web.yaml': app(
        '{path: apps/web}',
        '  variants: [{clusterSelector: {}, patches: [{target: {kind: Deployment, name: web}, patch: {spec: {template: {spec: {containers: [{name: main, image: "${tag}"}]}}}}}]}]\n',
      ),
    },
    cause: async ({ git }) => void git.commit(clustersWith({ variables: { tag: 'web:2-broken' } })),
  },
  {
    name: 'another version of a tool',
    files: { 'charts/web/Chart.yaml': 'name: web\n', 'web.yaml': app('{name: web, helm: {path: charts/web}}') },
    cause: async (fleet, version) => {
      await fleet.kill();
      version.now = '2-broken';
      fleet.start();
    },
  },
  {
    name: 'what is copied',
    files: {
      'web.yaml': app(
        '{name: web, copy: [{cluster: hub, resource: deployment, namespace: shared, name: web}], namespace: shop}',
      ),
    },
    before: async (fleet) => {
      await hub(fleet, 'POST', '/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'shared' },
      });
      await hub(fleet, 'POST', '/apis/apps/v1/namespaces/shared/deployments', deploymentOf('web:1'));
    },
    cause: async (fleet) => {
      const patch = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'web:2-broken' }];
      const path = '/apis/apps/v1/namespaces/shared/deployments/web';
      await hub(fleet, 'PATCH', path, patch, 'application/json-patch+json');
    },
  },
];

async function broken(fleet: TestFleet): Promise<number> {
  const all = await Promise.all(names.map((name) => fleet.get(name, web)));
  return all.filter((object) =>
    JSON.stringify(object, (_, value) => (typeof value === 'bigint' ? `${value}` : value)).includes('web:2-broken'),
  ).length;
}

for (const { name, files, before, cause } of cases) {
  test(`one law: ${name} reaches one cluster, and no second while that is not well`, async () => {
    const version = { now: '1' };
    const fleet = testFleet({ clusters: names, tools: toolsOf(version) });
    await before?.(fleet);
    const stages = ['{name: canary, clusterNames: [b]}', '{name: production, clusterSelector: {}, maxFailures: 3}'];
    const manifest = `${files['web.yaml']}---\n${placement('web', stages)}`;
    fleet.git.commit({ ...clusterManifests(names), ...files, 'web.yaml': manifest });
    await fleet.run(2 * minute);
    for (const cluster of names) equal(fleet.cell('shop/web', cluster)?.state, 'Synced', fleet.table());
    await cause(fleet, version);
    await fleet.run(5 * minute);
    equal(await broken(fleet), 1, fleet.table());
    await fleet.kill();
    fleet.start();
    await fleet.run(15 * minute);
    equal(await broken(fleet), 1, 'nor after a restart, nor as time passes');
    await fleet.close();
  });
}
