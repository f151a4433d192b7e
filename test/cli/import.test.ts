/** `import`: what is written, that it would change nothing, and that it changes nothing when it is applied. */
import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { serveSandbox } from '../../src/sandbox/serve/serve-sandbox.ts';
import { command, type Ended, type Files, testFolder } from '../builder/command.ts';
import { buildRepository } from '../builder/git-repository.ts';

const kube = testFolder();
const served = await serveSandbox(
  { clusters: ['eu-1'], dir: kube.path, settings: { workloads: 'pods', podReadyMs: { min: 1, max: 5 } } },
  { clock: systemClock, rng: systemRng },
);
after(async () => {
  await served.close();
  kube[Symbol.dispose]();
});
const [cluster] = served.sandbox.clusters;
const server = served.clusters[0]!.server;

async function post(path: string, object: object): Promise<void> {
  const answer = await fetch(`${server}${path}?fieldManager=kubectl-create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(object),
  });
  equal(answer.status, 201, await answer.text());
}

await post('/api/v1/namespaces', { metadata: { name: 'shop' } });
await post('/apis/apps/v1/namespaces/shop/deployments', {
  metadata: {
    name: 'web',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', team: 'shop' },
  },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1.29', ports: [{ containerPort: 80 }] }] },
    },
  },
});
await post('/api/v1/namespaces/shop/services', {
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
});
await post('/api/v1/namespaces/shop/secrets', { metadata: { name: 'key' }, stringData: { key: 'hunter2' } });
await post('/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers', {
  metadata: { name: 'web' },
  spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
});

function fleet(files: Files = {}) {
  const folder = testFolder(files);
  const repository = buildRepository(folder.path, { isBare: false });
  folder.write({
    'landfall.yaml': `stateDir: ${join(kube.path, 'state')}\nrepositories: [{name: fleet, url: ., statuses: none}]\n`,
  });
  const run = (...argv: readonly string[]): Promise<Ended> => command(argv, { folder: folder.path });
  const read = (path: string): string => readFileSync(join(folder.path, path), 'utf8');
  return { ...folder, repository, run, read, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}
const context = ['--context', 'eu-1', '--kubeconfig', join(kube.path, 'eu-1.kubeconfig')];
const specs = (): readonly unknown[] =>
  ['Deployment', 'Service'].map(
    (kind) => cluster?.read(kind === 'Service' ? 'v1' : 'apps/v1', kind, 'shop', 'web')?.spec,
  );

test('import: manifests as a person would write them, and nothing would change but whose they are', async () => {
  using here = fleet();
  const { code, out, err } = await here.run('import', ...context, '--namespace', 'shop');
  equal(code, 0, out + err);
  match(out, /^1 App in 4 files: 4 created\n/);
  match(out, /Nothing would change/);
  match(out, /3 objects would become Landfall's, as they are/);
  match(out, /Cluster eu-1 {2}is not in the inventory yet: landfall cluster join eu-1 --context eu-1/);
  match(out, /Secret shop\/key {2}a Secret; with --secrets/);
  equal(
    here.read('apps/shop/shop/deployment-web.yaml'),
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations:
    team: shop
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx:1.29
        ports:
        - containerPort: 80
          protocol: TCP
        imagePullPolicy: IfNotPresent
`,
  );
  match(here.read('apps/shop/shop.app.yaml'), /path: apps\/shop\/shop\n[\s\S]*onDelete: Orphan/);
  equal(existsSync(join(here.path, 'apps/shop/shop/secret-key.yaml')), false);
  equal((await here.run('check', '.')).code, 0);
});

test('import: a second time there is nothing to write, and what a person changed is kept', async () => {
  using here = fleet();
  await here.run('import', ...context, '--namespace', 'shop', '--no-plan');
  match((await here.run('import', ...context, '--namespace', 'shop', '--no-plan')).out, /: 4 unchanged\n/);
  const path = 'apps/shop/shop/service-web.yaml';
  const changed = here.read(path).replace('port: 80', 'port: 81');
  here.write({ [path]: changed });
  const { code, out } = await here.run('import', ...context, '--namespace', 'shop', '-o', 'json');
  const report = JSON.parse(out);
  equal(here.read(path), changed);
  deepEqual([code, report.changes], [1, 1], 'and the plan says what that would change');
  equal(report.files.find((file: { path: string }) => file.path === path).state, 'kept');
  await here.run('import', ...context, '--namespace', 'shop', '--no-plan', '--force');
  match(here.read(path), /port: 80\n/);
});

test('import --secrets: with a warning', async () => {
  using here = fleet();
  const { out, err } = await here.run(
    'import',
    ...context,
    '--namespace',
    'shop',
    '--secrets',
    '--kinds',
    'secret,svc',
  );
  match(err, /warning: the values of Secrets are in these files/);
  match(here.read('apps/shop/shop/secret-key.yaml'), /key: aHVudGVyMg==/);
  doesNotMatch(out + err, /aHVudGVyMg/);
  equal(existsSync(join(here.path, 'apps/shop/shop/deployment-web.yaml')), false);
});

test('import: in a folder of a repository, from the cluster as the inventory calls it; then applied, nothing moves', async () => {
  using here = fleet();
  // Nobody looks after autoscalers here, so an App with one never becomes healthy.
  const autoscalers = '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers';
  equal((await fetch(`${server}${autoscalers}/web`, { method: 'DELETE' })).status, 200);
  here.write({
    'fleet/clusters.yaml': `apiVersion: landfall.dev/v1alpha1\nkind: Cluster\nmetadata: {name: europe}\nspec: {clusterID: ${cluster?.uid}, access: {file: ${join(kube.path, 'eu-1.kubeconfig')}}}\n`,
  });
  const { code, out } = await here.run('import', ...context, '--namespace', 'shop', '--dir', 'fleet');
  equal(code, 0, out);
  match(here.read('fleet/apps/shop/shop.app.yaml'), /path: fleet\/apps\/shop\/shop\n[\s\S]*- europe\n/);
  here.repository.git('add', '.');
  here.repository.git('commit', '--quiet', '-m', 'imported');
  const before = specs();
  const applied = await here.run('apply', '--timeout', '60s');
  equal(applied.code, 0, applied.out + applied.err);
  deepEqual(specs(), before, 'not one specification is another');
  ok(cluster?.read('apps/v1', 'Deployment', 'shop', 'web')?.metadata.labels, 'and they are Landfall’s');
  match(
    (await here.run('import', ...context, '--namespace', 'shop', '--dir', 'other', '--no-plan')).out,
    /Landfall has it already/,
  );
});

test('import: wrong usage is said', async () => {
  using here = fleet();
  const none = await here.run('import');
  deepEqual([none.code, none.out], [2, '']);
  match(none.err, /name the cluster to import from with --context/);
  match((await here.run('import', ...context, '--kinds', 'unicorns')).err, /serves no "unicorns"/);
});

const application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'store', namespace: 'argocd' },
  spec: {
    source: { repoURL: 'https://git.example.com/shop/deploy', path: 'apps/store', directory: { recurse: true } },
    destination: { name: 'in-cluster', namespace: 'store' },
    syncPolicy: { automated: {} },
  },
};
const settingsOfStore = {
  'apps/store/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {colour: green}\n',
};
const europe = (): Files => ({
  'clusters/europe.yaml': `apiVersion: landfall.dev/v1alpha1\nkind: Cluster\nmetadata: {name: europe}\nspec: {access: {file: ${join(kube.path, 'eu-1.kubeconfig')}}}\n`,
});

test('import --argocd: what Argo CD wrote would become Landfall’s, as it is', async () => {
  await post('/api/v1/namespaces', { metadata: { name: 'store' } });
  const written = await fetch(`${server}/api/v1/namespaces/store/configmaps/settings?fieldManager=argocd-controller`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { colour: 'green' },
    }),
  });
  equal(written.status, 201);
  using here = fleet({ ...settingsOfStore, ...europe() });
  using elsewhere = testFolder({ 'argocd.json': JSON.stringify(application) });
  here.repository.git('remote', 'add', 'origin', 'git@git.example.com:shop/deploy.git');
  const argv = ['import', '--argocd', join(elsewhere.path, 'argocd.json'), '--cluster', 'europe'];
  const { code, out, err } = await here.run(...argv);
  equal(code, 0, out + err);
  match(out, /1 App in 1 file: 1 created/);
  match(out, /1 object would become Landfall's, as it is/);
  match(here.read('apps/store/store.app.yaml'), /path: apps\/store\n[\s\S]*- argocd\n[\s\S]*- europe\n/);
  here.write({ 'apps/store/settings.yaml': settingsOfStore['apps/store/settings.yaml'].replace('green', 'blue') });
  const changed = await here.run(...argv);
  equal(changed.code, 1, 'what would change is found');
  match(changed.out, /blue/);
});

test('import --argocd --context: off the cluster that Argo CD runs on', async () => {
  using here = fleet({ ...settingsOfStore, ...europe() });
  const none = await here.run('import', '--argocd', ...context);
  deepEqual([none.code, /serves no kinds of Argo CD/.test(none.err)], [2, true]);
  await post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'applications.argoproj.io' },
    spec: {
      group: 'argoproj.io',
      scope: 'Namespaced',
      names: { kind: 'Application', plural: 'applications', singular: 'application' },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  });
  await post('/api/v1/namespaces', { metadata: { name: 'argocd' } });
  await post('/apis/argoproj.io/v1alpha1/namespaces/argocd/applications', application);
  const ours = ['--repository', 'https://git.example.com/shop/deploy.git', '--cluster', 'europe'];
  const { code, out, err } = await here.run('import', '--argocd', ...context, ...ours);
  equal(code, 0, out + err);
  match(out, /1 object would become Landfall's/);
  const foreign = await here.run('import', '--argocd', ...context, '--cluster', 'europe', '-o', 'json');
  match(JSON.parse(foreign.out).remarks[0].reason, /import it in a clone of that repository/);
});

test('federate: an object, a namespace with all in it, or a file, for every cluster', async () => {
  const at = { folder: kube.path };
  const one = await command(['federate', 'deploy', 'web', '-n', 'shop', ...context], at);
  deepEqual([one.code, one.err], [1, 'Deployment shop/web: Landfall has it already\n']);
  const all = await command(['federate', 'ns', 'store', '--contents', ...context, '--to', 'kubefed', '-o', 'json'], at);
  equal(all.code, 0, all.err);
  deepEqual(
    JSON.parse(all.out).map((each: { kind: string; metadata: object }) => [each.kind, each.metadata]),
    [
      ['FederatedNamespace', { name: 'store', namespace: 'store' }],
      ['FederatedConfigMap', { name: 'settings', namespace: 'store' }],
    ],
  );
  const skipped = await command(
    ['federate', 'ns', 'store', '-c', '-s', 'configmaps', ...context, '--to', 'kubefed'],
    at,
  );
  doesNotMatch(skipped.out, /FederatedConfigMap/);
  using folder = testFolder({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n' });
  const file = await command(['federate', '-f', 'a.yaml'], { folder: folder.path });
  equal(file.code, 0, file.err);
  match(file.out, /kind: App\nmetadata:\n {2}name: a\n {2}namespace: shop\n[\s\S]*clusterSelector: \{\}/);
  const none = await command(['federate', 'deploy'], at);
  deepEqual([none.code, none.out], [2, '']);
});
