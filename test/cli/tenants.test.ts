/** Protects: the example of a tenant comes true as its README says, and what is not granted is refused with its line. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { serveSandbox } from '../../src/sandbox/serve/serve-sandbox.ts';
import { command, type Ended, testFolder } from '../builder/command.ts';
import { buildRepository } from '../builder/git-repository.ts';

const root = join(import.meta.dirname, '../..');
const example = join(root, 'examples/tenants');
const readme = readFileSync(join(example, 'README.md'), 'utf8');
const names = ['ap-1', 'eu-1', 'us-1'];

const folder = testFolder();
const served = await serveSandbox(
  { clusters: names, dir: join(folder.path, 'kubeconfigs'), settings: { podReadyMs: { min: 1, max: 5 } } },
  { clock: systemClock, rng: systemRng },
);
after(async () => {
  await served.close();
  folder[Symbol.dispose]();
});

/** The two repositories, with an address that is here for the one of the README. */
const own = 'https://git.example.com/shop/deploy';
const at = (name: string): string => join(folder.path, name);
cpSync(example, folder.path, { recursive: true });
const tenant = 'platform/tenants/shop.yaml';
folder.write({ [tenant]: readFileSync(at(tenant), 'utf8').replace(own, at('shop')) });
for (const name of names) {
  const path = `platform/clusters/${name}.yaml`;
  const text = readFileSync(at(path), 'utf8').replace(
    `{secretRef: {name: ${name}}}`,
    `{file: ${at(`kubeconfigs/${name}.kubeconfig`)}}`,
  );
  folder.write({ [path]: text });
}
const [platform, shop] = ['platform', 'shop'].map((name) => buildRepository(at(name), { isBare: false }));
const commit = (repository: typeof shop, message: string): void => {
  repository?.git('add', '.');
  repository?.git('commit', '--quiet', '-m', message);
};
commit(platform, 'the fleet');
commit(shop, 'the shop');
folder.write({
  'landfall.yaml': JSON.stringify({
    stateDir: at('state'),
    kubeconfigDir: at('kubeconfigs'),
    repositories: [
      { name: 'platform', url: at('platform'), role: 'operator', statuses: 'none' },
      { name: 'shop', url: at('shop'), role: 'tenant', statuses: 'none' },
    ],
  }),
});
const run = (...argv: readonly string[]): Promise<Ended> => command(argv, { folder: folder.path });
const cellsIn = ({ out }: Ended): readonly string[] =>
  (JSON.parse(out).cells as readonly { app: string; cluster: string; state: string; health: string }[])
    .map(({ app, cluster, state, health }) => `${app}@${cluster} ${state} ${health}`)
    .toSorted();
const get = async (cluster: string, path: string): Promise<Response> =>
  fetch(`${served.clusters.find(({ name }) => name === cluster)?.server}${path}`);

test('tenants: the commands of the README do what it says', async () => {
  const commands = [...readme.matchAll(/^npx landfall ([^#\n]+)/gm)].map(([, text = '']) => text.trim().split(' '));
  equal(commands.length, 2);
  for (const argv of commands) {
    const { code, out, err } = await command(argv, { folder: root });
    equal(code, 0, `${argv.join(' ')}: ${out}${err}`);
  }
  const built = await command([...(commands[1] ?? []), '-o', 'json'], { folder: root });
  deepEqual(
    JSON.parse(built.out).placements.map(({ replicas }: { replicas: object }) => replicas),
    JSON.parse(built.out).placements.map(() => JSON.parse(built.out).placements[0].replicas),
    'three on each cluster',
  );
});

test('tenants: nine replicas come to three clusters, written by an account of the tenant', async () => {
  const applied = await run('apply', '--timeout', '120s', '-o', 'json');
  equal(applied.code, 0, applied.out + applied.err);
  deepEqual(
    cellsIn(applied).filter((cell) => cell.startsWith('shop/')),
    names.map((name) => `shop/checkout@${name} Synced Healthy`),
  );
  for (const name of names) {
    const deployment = (await (await get(name, '/apis/apps/v1/namespaces/shop/deployments/checkout')).json()) as {
      spec: { replicas: number };
    };
    equal(deployment.spec.replicas, 3);
    equal((await get(name, '/api/v1/namespaces/landfall-system/serviceaccounts/landfall-shop')).status, 200);
  }
});

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: stray, namespace: kube-system}\n';
const refused: readonly (readonly [string, string, string, RegExp])[] = [
  ['an object in a namespace that is not granted', 'apps/checkout/stray.yaml', configMap, /kube-system/],
  [
    'a kind that is not granted',
    'apps/checkout/role.yaml',
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: stray}\nrules: []\n',
    /ClusterRole/,
  ],
  [
    'an App in a namespace that is not granted',
    'apps/stray.yaml',
    'apiVersion: landfall.dev/v1alpha1\nkind: App\nmetadata: {name: stray, namespace: bank}\nspec: {components: [{objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: stray}}]}]}\n---\napiVersion: landfall.dev/v1alpha1\nkind: Placement\nmetadata: {name: stray, namespace: bank}\nspec: {apps: [stray], stages: [{name: all, clusterNames: [eu-1]}]}\n',
    /bank/,
  ],
  [
    'a Cluster of its own',
    'clusters/moon.yaml',
    'apiVersion: landfall.dev/v1alpha1\nkind: Cluster\nmetadata: {name: moon}\nspec: {access: {secretRef: {name: moon}}}\n',
    /Cluster/,
  ],
];
test('tenants: what is not granted is refused with its line, and what runs stays', async () => {
  for (const [, path, text] of refused) folder.write({ [`shop/${path}`]: text });
  commit(shop, 'more than is granted');
  const { out, err } = await run('plan');
  for (const [name, path, , told] of refused) {
    const line = (out + err).split('\n').find((each) => each.includes(path));
    match(line ?? '', told, `${name}: ${out}${err}`);
  }
  await run('apply', '--timeout', '20s', '-o', 'json');
  equal((await get('eu-1', '/apis/apps/v1/namespaces/shop/deployments/checkout')).status, 200);
  for (const path of [
    '/api/v1/namespaces/kube-system/configmaps/stray',
    '/apis/rbac.authorization.k8s.io/v1/clusterroles/stray',
    '/api/v1/namespaces/bank/configmaps/stray',
  ])
    equal((await get('eu-1', path)).status, 404, path);
});
