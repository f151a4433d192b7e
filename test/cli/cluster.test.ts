/** `cluster join`, `unjoin` and `list`: what they do on the API servers, on the hub and in the folder. */
import { deepEqual, doesNotMatch, equal, match, notEqual, ok } from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { at, textOf } from '../../src/core/json/value.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { userNamed } from '../../src/sandbox/registry/user.ts';
import { serveSandbox } from '../../src/sandbox/serve/serve-sandbox.ts';
import { command, type Ended, testFolder } from '../builder/command.ts';
import { buildRepository } from '../builder/git-repository.ts';

const kube = testFolder();
const served = await serveSandbox(
  {
    clusters: ['hub', 'eu-1', 'us-1'],
    dir: kube.path,
    settings: {
      workloads: 'none',
      authorization: 'RBAC',
      tokens: new Map([['admin', userNamed('admin', ['system:masters'])]]),
    },
  },
  { clock: systemClock, rng: systemRng },
);
after(async () => {
  await served.close();
  kube[Symbol.dispose]();
});

const hub = served.sandbox.cluster('hub');
const eu = served.sandbox.cluster('eu-1');
const us = served.sandbox.cluster('us-1');

const settings = (hasHub: boolean): string => `stateDir: ${join(kube.path, 'state')}
repositories: [{name: fleet, url: ., statuses: none}]
${hasHub ? `hub: {file: ${join(kube.path, 'hub.kubeconfig')}, namespace: landfall-clusters}\n` : ''}`;

/** A repository with settings; the commands run in it. */
function fleet(hasHub: boolean) {
  const folder = testFolder();
  const repository = buildRepository(folder.path, { isBare: false });
  folder.write({ 'landfall.yaml': settings(hasHub) });
  const commit = (): void => {
    repository.git('add', '.');
    repository.git('commit', '--quiet', '--allow-empty', '-m', 'as it lies there');
  };
  const run = (...argv: readonly string[]): Promise<Ended> => command(argv, { folder: folder.path });
  const read = (path: string): string => readFileSync(join(folder.path, path), 'utf8');
  return { ...folder, commit, run, read, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

const context = (name: string): readonly string[] => [
  '--context',
  name,
  '--kubeconfig',
  join(kube.path, `${name}.kubeconfig`),
];
const exists = (cluster: typeof eu, apiVersion: string, kind: string, namespace: string, name: string): boolean =>
  cluster.read(apiVersion, kind, namespace, name) !== undefined;
const rbac = 'rbac.authorization.k8s.io/v1';

await makeNamespace();
async function makeNamespace(): Promise<void> {
  await fetch(`${served.clusters[0]?.server}/api/v1/namespaces`, {
    method: 'POST',
    headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
    body: JSON.stringify({ metadata: { name: 'landfall-clusters' } }),
  });
}

test('cluster join --dry-run: shows all of it and writes nothing', async () => {
  using here = fleet(true);
  const { code, out } = await here.run('cluster', 'join', 'eu-1', ...context('eu-1'), '--dry-run');
  equal(code, 0);
  match(out, /created {4}ClusterRole landfall-apps\n/);
  match(out, /would keep a token in Secret landfall-clusters\/eu-1 on the hub/);
  match(out, /nothing was written anywhere/);
  equal(existsSync(join(here.path, 'clusters')), false);
  equal(exists(eu, 'v1', 'Namespace', '', 'landfall-system'), false);
  equal(hub.list('v1', 'Secret').length, 0);
});

test('cluster join: an account with these rights, its credential on the hub, its manifest; a second time nothing', async () => {
  using here = fleet(true);
  const argv = ['cluster', 'join', 'eu-1', ...context('eu-1'), '--labels', 'tier=canary,region=eu'];
  const first = await here.run(...argv);
  equal(first.code, 0, first.err);
  ok(exists(eu, rbac, 'ClusterRoleBinding', '', 'landfall-apps'));
  ok(exists(eu, rbac, 'Role', 'landfall-system', 'landfall-member'));
  match(first.out, /token until 20\d\d-.*join again to renew it/);
  match(first.out, /created clusters\/eu-1\.yaml; commit it/);
  const manifest = here.read('clusters/eu-1.yaml');
  // It is committed for others: nothing in it is true on this machine alone.
  match(manifest, /^apiVersion: landfall\.dev\/v1alpha1\n/);
  match(manifest, new RegExp(`clusterID: ${eu.uid}`));
  match(manifest, /secretRef:\n {6}name: eu-1\n/);
  match(manifest, /tier: canary/);
  equal((await here.run('check', '.')).code, 0);

  const secret = hub.read('v1', 'Secret', 'landfall-clusters', 'eu-1');
  const kubeconfig = Buffer.from(textOf(at(secret ?? null, 'data', 'kubeconfig')) ?? '', 'base64').toString();
  match(kubeconfig, /token: sandbox\./);
  doesNotMatch(kubeconfig, /token: admin/);
  doesNotMatch(first.out + first.err, /sandbox\.[A-Za-z0-9_-]{20}/, 'no token is printed');

  here.write({ 'clusters/eu-1.yaml': manifest.replace('spec:\n', 'spec:\n  lifecycle: Cordoned\n') });
  const second = JSON.parse((await here.run(...argv, '-o', 'json')).out);
  equal(second.manifest.state, 'unchanged');
  deepEqual([...new Set(second.objects.map((each: { verb: string }) => each.verb))], ['unchanged']);
  match(here.read('clusters/eu-1.yaml'), /lifecycle: Cordoned/, 'what else it says stays');
  notEqual(
    textOf(at(hub.read('v1', 'Secret', 'landfall-clusters', 'eu-1') ?? null, 'data', 'kubeconfig')),
    textOf(at(secret ?? null, 'data', 'kubeconfig')),
    'the token is a new one',
  );
});

test('cluster list: Landfall gets in with what was kept, and says how each cluster is', async () => {
  using here = fleet(true);
  equal((await here.run('cluster', 'join', 'eu-1', ...context('eu-1'), '--labels', 'tier=canary')).code, 0);
  here.write({
    'clusters/us-1.yaml':
      'apiVersion: landfall.dev/v1alpha1\nkind: Cluster\nmetadata: {name: us-1}\nspec: {lifecycle: Retired, access: {secretRef: {name: us-1}}}\n',
    'clusters/hub.yaml': `apiVersion: landfall.dev/v1alpha1\nkind: Cluster\nmetadata: {name: hub}\nspec: {clusterID: ${hub.uid}, access: {secretRef: {name: lost}}}\n`,
  });
  here.commit();
  const { code, out, err } = await here.run('cluster', 'list', '-o', 'json');
  equal(code, 0, err);
  const { clusters } = JSON.parse(out);
  const told = clusters.map((each: Record<string, unknown>) => [
    each.name,
    each.role,
    each.lifecycle,
    each.reachable,
    each.seenAt !== null,
  ]);
  deepEqual(told, [
    ['eu-1', 'Member', 'Active', true, true],
    ['hub', 'Host', 'Active', false, false],
    ['us-1', 'Member', 'Retired', null, false],
  ]);
  deepEqual(clusters[0].labels, { tier: 'canary' });
  match(clusters[1].reason, /lost/);
  match((await here.run('cluster', 'list')).out, /^CLUSTER +ROLE +VERSION .*\neu-1 +Member +v1\./);
});

test('cluster join: with fewer rights than before, the others go', async () => {
  using here = fleet(true);
  equal((await here.run('cluster', 'join', 'us-1', ...context('us-1'), '--rights', 'cluster-admin')).code, 0);
  ok(exists(us, rbac, 'ClusterRoleBinding', '', 'landfall-cluster-admin'));
  const { code, out } = await here.run('cluster', 'join', 'us-1', ...context('us-1'), '--rights', 'tenant');
  equal(code, 0);
  match(out, /removed {4}ClusterRoleBinding landfall-cluster-admin/);
  equal(exists(us, rbac, 'ClusterRoleBinding', '', 'landfall-cluster-admin'), false);
  ok(exists(us, rbac, 'ClusterRole', '', 'landfall-watch'));
});

test('cluster join: without a hub the credential is a file for its owner alone', async () => {
  using here = fleet(false);
  const { code, err } = await here.run('cluster', 'join', 'eu-1', ...context('eu-1'));
  equal(code, 0, err);
  const path = join(kube.path, 'state', 'kubeconfigs', 'eu-1.kubeconfig');
  equal(statSync(path).mode & 0o777, 0o600);
  match(here.read('clusters/eu-1.yaml'), /file: .*eu-1\.kubeconfig/);
  here.commit();
  match((await here.run('cluster', 'list')).out, /\neu-1 .* yes /);
});

test('cluster join: a name stands for one cluster, and a cluster has one name', async () => {
  using here = fleet(true);
  equal((await here.run('cluster', 'join', 'eu-1', ...context('eu-1'))).code, 0);
  const another = await here.run('cluster', 'join', 'eu-1', ...context('us-1'));
  deepEqual([another.code, another.out], [2, '']);
  match(another.err, /clusters\/eu-1\.yaml:\d+ says that eu-1 is cluster/);
  const twice = await here.run('cluster', 'join', 'eu-2', ...context('eu-1'));
  match(twice.err, /has this cluster already, as eu-1/);
});

test('cluster join: a Secret that is not its own is left', async () => {
  using here = fleet(true);
  await fetch(`${served.clusters[0]?.server}/api/v1/namespaces/landfall-clusters/secrets`, {
    method: 'POST',
    headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
    body: JSON.stringify({ metadata: { name: 'taken' }, data: { a: 'YQ==' } }),
  });
  const argv = ['cluster', 'join', 'eu-1', ...context('eu-1'), '--secret', 'landfall-clusters/taken'];
  const { code, err } = await here.run(...argv);
  equal(code, 1);
  match(err, /no credential of eu-1; name another with --secret/);
  deepEqual(at(hub.read('v1', 'Secret', 'landfall-clusters', 'taken') ?? null, 'data'), { a: 'YQ==' });
  equal(existsSync(join(here.path, 'clusters/eu-1.yaml')), false);
});

test('cluster join --hub-context: the hub as a person reaches it', async () => {
  using here = fleet(false);
  const eu1 = JSON.parse(readFileSync(join(kube.path, 'eu-1.kubeconfig'), 'utf8'));
  const both = JSON.parse(readFileSync(join(kube.path, 'hub.kubeconfig'), 'utf8'));
  for (const list of ['clusters', 'users', 'contexts']) both[list].push(...eu1[list]);
  here.write({ 'both.kubeconfig': JSON.stringify(both) });
  const contexts = ['--context', 'eu-1', '--hub-context', 'hub', '--kubeconfig', 'both.kubeconfig'];
  const { code, err } = await here.run('cluster', 'join', 'eu-1', ...contexts, '--secret', 'landfall-clusters/europe');
  equal(code, 0, err);
  match(here.read('clusters/eu-1.yaml'), /secretRef:\n {6}name: europe\n {6}namespace: landfall-clusters\n/);
  ok(exists(hub, 'v1', 'Secret', 'landfall-clusters', 'europe'));
});

test('cluster unjoin: not while it is wanted; then nothing of Landfall can act there', async () => {
  using here = fleet(true);
  equal((await here.run('cluster', 'join', 'eu-1', ...context('eu-1'))).code, 0);
  const refused = await here.run('cluster', 'unjoin', 'eu-1', ...context('eu-1'));
  equal(refused.code, 2);
  match(refused.err, /eu-1 is Active\..*Draining.*Retired/);
  ok(exists(eu, 'v1', 'ServiceAccount', 'landfall-system', 'landfall'));

  const manifest = here.read('clusters/eu-1.yaml').replace('spec:\n', 'spec:\n  lifecycle: Retired\n');
  here.write({ 'clusters/eu-1.yaml': manifest });
  const wrong = await here.run('cluster', 'unjoin', 'eu-1', ...context('us-1'));
  match(wrong.err, /the context leads to cluster/, 'another cluster than the one meant is left alone');
  ok(exists(us, 'v1', 'ServiceAccount', 'landfall-system', 'landfall'));

  const { code, out, err } = await here.run('cluster', 'unjoin', 'eu-1', ...context('eu-1'));
  equal(code, 0, err);
  match(out, /removed {2}ClusterRoleBinding landfall-apps/);
  match(out, /removed Secret landfall-clusters\/eu-1 on the hub/);
  equal(exists(eu, 'v1', 'ServiceAccount', 'landfall-system', 'landfall'), false);
  equal(exists(eu, 'v1', 'Secret', 'landfall-system', 'landfall-hold'), false);
  equal(exists(eu, rbac, 'ClusterRoleBinding', '', 'landfall-apps'), false);
  ok(exists(eu, 'v1', 'Namespace', '', 'landfall-system'), 'the records stay');
  equal(exists(hub, 'v1', 'Secret', 'landfall-clusters', 'eu-1'), false);
  equal(here.read('clusters/eu-1.yaml'), manifest, 'the manifest is the author’s');
});

test('cluster unjoin --force: a cluster that is gone loses its credential', async () => {
  using here = fleet(true);
  equal((await here.run('cluster', 'join', 'us-1', ...context('us-1'))).code, 0);
  here.write({
    'gone.kubeconfig': JSON.stringify({
      clusters: [{ name: 'gone', cluster: { server: 'http://127.0.0.1:1' } }],
      contexts: [{ name: 'gone', context: { cluster: 'gone', user: '' } }],
      users: [],
    }),
  });
  const gone = ['--context', 'gone', '--kubeconfig', join(here.path, 'gone.kubeconfig')];
  const { code, out } = await here.run('cluster', 'unjoin', 'us-1', ...gone, '--force');
  equal(code, 1, 'it could not do all');
  match(out, /us-1 could not be asked/);
  equal(exists(hub, 'v1', 'Secret', 'landfall-clusters', 'us-1'), false);
});

test('cluster: wrong usage is said', async () => {
  using here = fleet(false);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['join', 'eu-1'], /required option '--context <context>' not specified/],
    [['join', 'eu-1', ...context('eu-1'), '--labels', 'tier'], /Must be key=value/],
    [['join', 'eu-1', ...context('eu-1'), '--token-duration', '1m'], /ten minutes or more/],
    [['join', 'eu-1', ...context('eu-1'), '--secret', 'a/b'], /needs a `hub` in the settings/],
    [['join', 'eu-1', ...context('nowhere')], /nowhere/],
  ];
  for (const [argv, says] of cases) {
    const { code, out, err } = await here.run('cluster', ...argv);
    deepEqual([code, out], [2, ''], argv.join(' '));
    match(err, says);
  }
});
