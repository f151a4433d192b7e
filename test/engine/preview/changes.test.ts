/** Protects: whatever of a repository a pull request edits, its reviewers are told what that does to clusters. */
import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryId } from '../../../src/core/model/id.ts';
import type { RepositorySettings } from '../../../src/engine/source/repository.ts';
import type { Tools } from '../../../src/seam/tool.ts';
import { app, configMap, freeze, pin, placement } from '../../builder/manifest.ts';
import { memoryGit } from '../../builder/memory-git.ts';
import { deployment } from '../../builder/world.ts';
import { clusters, fleetFiles, nextImage, previewScene, type Scene, settledScene } from './scene.ts';

/** Proposes, and says what the status and the comment are. */
async function planned(scene: Scene, files: Parameters<Scene['propose']>[0]) {
  const number = scene.propose(files);
  await scene.fleet.run(40_000);
  return { status: scene.status(number), text: scene.comment(number) };
}

const cluster = (name: string, more: string): string =>
  JSON.stringify({
    ...JSON.parse(fleetFiles[`clusters/${name}.yaml`] ?? '{}'),
    spec: { access: { file: `${name}.kubeconfig` }, ...JSON.parse(more) },
  });

test('preview: a cluster that retires', async () => {
  const scene = await settledScene();
  const { status, text } = await planned(scene, { 'clusters/us-1.yaml': cluster('us-1', '{"lifecycle":"Retired"}') });
  equal(status, 'success nothing changes');
  match(text, /\*\*Clusters that leave the inventory\*\*: `us-1`\. What they hold stays there/);
  doesNotMatch(text, /eu-1|eu-2/);
  await scene.close();
});

test('preview: a cluster that is being emptied', async () => {
  const scene = await settledScene();
  const { text } = await planned(scene, { 'clusters/us-1.yaml': cluster('us-1', '{"lifecycle":"Draining"}') });
  match(text, /us-1/);
  await scene.close();
});

test('preview: a Placement that lists another cluster', async () => {
  const stages = ['{name: canary, clusterNames: [eu-1]}', '{name: production, clusterNames: [eu-2]}'];
  const scene = await settledScene();
  const { status, text } = await planned(scene, { 'web.yaml': `${app('web')}---\n${placement('web', stages)}` });
  equal(status, 'success 1 deletion on 1 cluster');
  match(text, /`shop\/web` \| leaves `us-1`: 1 to delete/);
  doesNotMatch(text, /shop\/other/);
  await scene.close();
});

test('preview: a Pin that moves a stage', async () => {
  const pinned = [
    '{name: canary, clusterNames: [eu-1]}',
    '{name: production, clusterNames: [eu-2, us-1], revision: Pinned}',
  ];
  const scene = previewScene({ clusters });
  const first = scene.fleet.git.commit({ ...fleetFiles, 'web.yaml': `${app('web')}---\n${placement('web', pinned)}` });
  scene.fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', first) });
  await scene.fleet.run(120_000);
  const second = scene.fleet.git.commit(nextImage);
  await scene.fleet.run(120_000);
  const { status, text } = await planned(scene, { 'promotions/web.yaml': pin('web', 'production', second) });
  equal(status, 'success 1 to change on 2 clusters, 0 deletions');
  match(text, /^\+ \.spec\.template\.spec\.containers\[name="web"\]\.image: "example\.com\/web:2"$/m);
  doesNotMatch(text, /On .*`eu-1`/);
  await scene.close();
});

test('preview: a Freeze alone changes nothing, and one with errors fails', async () => {
  const scene = await settledScene();
  const times = 'from: "2020-01-01T00:00:00Z", until: "2099-01-01T00:00:00Z"';
  const well = await planned(scene, { 'freeze.yaml': freeze('still', `{clusterSelector: {}, ${times}}`) });
  equal(well.status, 'success nothing changes');
  const broken = await planned(scene, { 'freeze.yaml': freeze('still', '{clusterSelector: {}, from: tomorrow}') });
  match(broken.status, /^failure \d errors?; freeze\.yaml:/);
  match(broken.text, /error A\d{4} in `freeze\.yaml:\d+:\d+`/);
  await scene.close();
});

const copyApp =
  'apiVersion: landfall.dev/v1alpha1\nkind: App\nmetadata: {name: pull, namespace: shop}\nspec:\n  components:\n  - {name: pull, copy: [{cluster: hub, resource: secret, namespace: shared, name: pull}]}\n';

test('preview: a copy that a pull request asks for is read, and no value of it is told', async () => {
  const scene = await settledScene({ hasHub: true });
  const post = (path: string, body: object) => scene.fleet.request('eu-1', 'POST', path, body);
  await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shared' } });
  const data = { token: Buffer.from('hunter2').toString('base64') };
  await post('/api/v1/namespaces/shared/secrets', {
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { name: 'pull' }, data },
  });
  const { status, text } = await planned(scene, {
    'pull.yaml': `${copyApp}---\n${placement('pull', ['{name: all, clusterNames: [us-1]}'])}`,
  });
  match(status, /^success \d to create on 1 cluster, 0 deletions$/);
  match(text, /^\+ Secret shared\/pull \(not verified: namespace shared is made first\)$/m);
  doesNotMatch(text, /hunter2|aHVudGVyMg/);
  await scene.close();
});

/** Makes a ConfigMap of all that it is given. */
const tools: Tools = {
  versions: new Map([
    ['helm', 'v1'],
    ['kustomize', 'v1'],
  ]),
  make: async (run, read, signal) => {
    const refs = run.kind === 'kustomize' ? run.files : run.chart.kind === 'folder' ? run.chart.files : [];
    const texts = (await read(refs, signal)).map((bytes) => Buffer.from(bytes).toString('utf8'));
    if (texts.some((text) => text.includes('broken')))
      return { kind: 'failed', message: 'template: line 3: unexpected `<b>`', hint: undefined };
    const data = Object.fromEntries(refs.map(({ path }, index) => [path.replaceAll('/', '.'), texts[index] ?? '']));
    return {
      kind: 'made',
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: run.kind }, data }],
      warnings: [],
    };
  },
};

const chart = {
  'made.yaml': `apiVersion: landfall.dev/v1alpha1\nkind: App\nmetadata: {name: made, namespace: shop}\nspec:\n  components:\n  - {name: chart, helm: {path: charts/web}}\n  - {name: overlay, kustomize: overlays/eu}\n---\n${placement('made', ['{name: all, clusterNames: [eu-1]}'])}`,
  'charts/web/Chart.yaml': 'name: web\n',
  'charts/web/templates/a.txt': 'one\ntwo\nthree\nfour\nfive\n',
  'base/kustomization.yaml': 'resources: [config.yaml]\n',
  'base/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: base}\n',
  'overlays/eu/kustomization.yaml': 'resources: [../../base]\n',
};

test('preview: what a chart and an overlay are made of', async () => {
  const scene = await settledScene({ tools, toolsOfPlans: tools }, chart);
  const base = scene.fleet.git.head();
  const template = 'charts/web/templates/a.txt';
  const changed = await planned(scene, {
    [template]: 'one\ntwo\nthree\nfour\nFIVE\n',
    'base/config.yaml': `${chart['base/config.yaml']}data: {a: "1"}\n`,
  });
  equal(changed.status, 'success 2 to change on 1 cluster, 0 deletions');
  match(changed.text, /^\+ \.data\.charts\.web\.templates\.a\.txt: "one\\ntwo\\nthree\\nfour\\nFIVE\\n"$/m);
  match(changed.text, /ConfigMap shop\/kustomize/);
  scene.fleet.git.commit({ [template]: 'ONE\ntwo\nthree\nfour\nfive\n' });
  await scene.fleet.run(60_000);
  const number = scene.propose({ [template]: 'one\ntwo\nthree\nfour\nFIVE\n' }, { on: base });
  await scene.fleet.run(40_000);
  equal(scene.status(number), 'success 1 to change on 1 cluster, 0 deletions', 'tools are given what was merged');
  match(scene.comment(number), /^- \.data\S+: "ONE\\n.*five\\n"\n\+ \.data\S+: "ONE\\n.*FIVE\\n"$/m);
  const broken = await planned(scene, { [template]: 'broken' });
  match(broken.status, /^failure 1 error/);
  match(
    broken.text,
    /error A1320 in `made\.yaml:6:5`: `` helm cannot make component chart: template: line 3: unexpected `<b>` ``/,
  );
  await scene.close();
});

const tenantOf = (namespaces: string): string =>
  `apiVersion: landfall.dev/v1alpha1\nkind: Tenant\nmetadata: {name: shop}\nspec:\n  repositories: [{url: "memory:shop", branch: main}]\n  serviceAccountName: landfall-shop\n  provision: true\n  destinations: [{clusterSelector: {}, namespaces: [${namespaces}]}]\n  rules: [{apiGroups: ["", apps], resources: ["*"]}]\n`;

const settingsOf = (id: string, role: RepositorySettings['role']): RepositorySettings => ({
  ...{ id: repositoryId(id), url: `memory:${id}`, branch: 'main', role, isPlain: false, root: '', timeoutMs: 60_000 },
  schedule: { kind: 'interval', everyMs: 10_000 },
});

/** The operator's repository is the one of the fleet; the tenant's is planned where it is said so. */
async function tenantScene(planned: 'fleet' | 'shop') {
  const shop = memoryGit('shop');
  const scene = previewScene({
    clusters,
    planned,
    gits: new Map([['shop', shop]]),
    settings: { repositories: [settingsOf('fleet', 'operator'), settingsOf('shop', 'tenant')] },
  });
  const inventory = Object.fromEntries(Object.entries(fleetFiles).filter(([path]) => path.startsWith('clusters/')));
  scene.fleet.git.commit({ ...inventory, 'tenant.yaml': tenantOf('shop') });
  shop.commit({
    'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterNames: [eu-1]}']).replace('  createNamespaces: true\n', '')}`,
    'apps/web/web.yaml': deployment('web', 'example.com/web:1'),
  });
  await scene.fleet.run(180_000);
  equal(scene.fleet.cell('shop/web', 'eu-1')?.state, 'Synced', scene.fleet.table());
  return { scene, shop };
}

test('preview: a tenant’s pull request is planned with the tenant’s rights', async () => {
  const { scene, shop } = await tenantScene('shop');
  const open = async (files: Parameters<typeof shop.branchOff>[1]) => {
    const number = scene.forge.propose({ branch: 'topic', head: shop.branchOff(shop.head(), files) });
    await scene.fleet.run(40_000);
    return { status: scene.status(number), text: scene.comment(number) };
  };
  const well = await open(nextImage);
  equal(well.status, 'success 1 to change on 1 cluster, 0 deletions');
  const elsewhere = configMap('web', '1').replace('name: web', 'name: web, namespace: kube-system');
  const refused = await open({ 'apps/web/more.yaml': elsewhere });
  match(refused.status, /^failure/);
  match(refused.text, /kube-system/);
  await scene.close();
});

test('preview: a Tenant that loses a namespace', async () => {
  const { scene } = await tenantScene('fleet');
  const { status, text } = await planned(scene, { 'tenant.yaml': tenantOf('other') });
  match(`${status}\n${text}`, /shop/);
  deepEqual(
    scene.fleet.logs.filter((line) => line.startsWith('error')),
    [],
  );
  await scene.close();
});
