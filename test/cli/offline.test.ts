/** `check` and `build`: what needs no cluster. */
import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateIdentity } from 'age-encryption';
import { command, testFolder } from '../builder/command.ts';
import { buildRepository } from '../builder/git-repository.ts';
import { matchGolden } from '../builder/golden.ts';
import { sopsEncrypt } from '../builder/sops.ts';
import { fleetFiles, liveFile } from './fleet-files.ts';
import { Build, Check } from './shapes.ts';

test('check: a folder without problems is fine', async () => {
  using folder = testFolder(fleetFiles);
  const { code, out, err } = await command(['check', '.'], { folder: folder.path });
  deepEqual({ code, out, err }, { code: 0, out: 'no problems in 3 files\n', err: '' });
});

const broken = {
  ...fleetFiles,
  'apps/web.app.yaml': fleetFiles['apps/web.app.yaml']!.replace('variants:', 'variant:').replace(
    'total: 8',
    'total: many',
  ),
  'apps/web/extra.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: "1"\n  a: "2"\n',
  'apps/other.yaml': 'apiVersion: landfall.dev/v1alpha1\nkind: Apps\nmetadata: {name: other}\n',
};

test('check: all problems at once, each with its place, its code and a hint', async () => {
  using folder = testFolder(broken);
  const { code, out } = await command(['check', '.'], { folder: folder.path });
  equal(code, 1);
  matchGolden('cli/check.txt', out);
});

test('check: to somebody who looks it shows the lines that are meant', async () => {
  using folder = testFolder(broken);
  const { out } = await command(['check', 'apps'], { folder: folder.path, isTerminal: true });
  matchGolden('cli/check-terminal.txt', out);
});

test('check: the line of a Secret is not shown', async () => {
  const secret =
    'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {password: hunter2, password: hunter3}\n';
  using folder = testFolder({ 'secret.yaml': secret });
  const { code, out } = await command(['check', '.'], { folder: folder.path, isTerminal: true });
  equal(code, 1);
  match(out, /secret\.yaml:4/);
  doesNotMatch(out, /hunter/);
});

test('check: as JSON and as YAML', async () => {
  using folder = testFolder(broken);
  const json = await command(['check', '.', '-o', 'json'], { folder: folder.path });
  const { diagnostics } = Check.parse(JSON.parse(json.out));
  equal(json.code, 1);
  deepEqual(
    diagnostics.map(({ code, path, line }) => `${code} ${path}:${line}`),
    [
      'A1104 apps/other.yaml:2',
      'A1101 apps/web.app.yaml:8',
      'A1102 apps/web.app.yaml:21',
      'A1020 apps/web/extra.yaml:6',
    ],
  );
  const yaml = await command(['check', '.', '-o', 'yaml'], { folder: folder.path });
  match(yaml.out, /^diagnostics:\n- code: A1/);
});

test('check: a warning is no error', async () => {
  using folder = testFolder({
    'app.yaml':
      'apiVersion: landfall.dev/v1alpha1\nkind: App\nmetadata: {name: a}\nspec: {components: [{objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]}]}\n',
  });
  const { code, out } = await command(['check', '.'], { folder: folder.path });
  equal(code, 0);
  match(out, /warning A1213/);
  match(out, /^1 warning in 1 file$/m);
});

test('check: a repository without clusters is not told that they are missing', async () => {
  const { 'clusters/fleet.yaml': _, ...tenant } = fleetFiles;
  const placed = {
    ...tenant,
    'apps/web.app.yaml': tenant['apps/web.app.yaml']!.replace(
      'clusterSelector: {matchLabels: {tier: production}}',
      'clusterNames: [us-1]',
    ),
  };
  using folder = testFolder(placed);
  equal((await command(['check', '.'], { folder: folder.path })).out, 'no problems in 2 files\n');
});

test('check --at: reads what a commit holds, from a folder of the repository', async () => {
  using folder = testFolder();
  const repository = buildRepository(folder.path, { isBare: false });
  repository.commit(Object.fromEntries(Object.entries(broken).map(([path, text]) => [`fleet/${path}`, text])));
  repository.git('reset', '--quiet', '--hard');
  repository.commit(Object.fromEntries(Object.entries(fleetFiles).map(([path, text]) => [`fleet/${path}`, text])), {
    message: 'mended',
  });
  const fleet = join(folder.path, 'fleet');
  equal(
    (await command(['check', '.', '--at', 'main'], { folder: fleet })).code,
    1,
    'extra files stay until they are removed',
  );
  repository.commit({ 'fleet/apps/web/extra.yaml': undefined, 'fleet/apps/other.yaml': undefined });
  equal((await command(['check', '.', '--at', 'main'], { folder: fleet })).out, 'no problems in 3 files\n');
  const before = await command(['check', '.', '--at', 'main~2'], { folder: fleet });
  equal(before.code, 1);
  match(before.out, /^apps\/web\.app\.yaml:/m);
});

test('build, check: encrypted manifests are read with the key that is named, and told without one', async () => {
  const identity = await generateIdentity();
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, stringData: { key: 'hunter2' } };
  using folder = testFolder({
    'identity.txt': `${identity}\n`,
    'settings.yaml': 'sops: {identityFile: identity.txt}\nrepositories: [{name: fleet, url: .}]\n',
    'fleet/secret.json': await sopsEncrypt([secret], identity),
  });
  const at = { folder: folder.path };
  const without = await command(['build', 'fleet'], at);
  equal(without.code, 1);
  match(without.err, /A1330 Secret key is encrypted with SOPS, and is not decrypted here/);
  match(without.err, /--config.*SOPS_AGE_KEY_FILE/);
  doesNotMatch(without.out, /kind: Secret/);
  const environment = { SOPS_AGE_KEY_FILE: join(folder.path, 'identity.txt') };
  for (const ended of [
    await command(['build', 'fleet', '--config', 'settings.yaml'], at),
    await command(['build', 'fleet'], { ...at, environment }),
  ]) {
    deepEqual([ended.code, ended.err], [0, '']);
    match(ended.out, /key: hunter2|key: aHVudGVyMg==/);
  }
  equal((await command(['check', 'fleet', '--config', 'settings.yaml'], at)).code, 0);
  const missing = await command(['check', 'fleet'], { ...at, environment: { SOPS_AGE_KEY_FILE: 'nowhere' } });
  equal(missing.code, 2);
  match(missing.err, /nowhere cannot be read/);
});

test('check: what is not there is wrong usage', async () => {
  using folder = testFolder(fleetFiles);
  const none = await command(['check', 'nowhere'], { folder: folder.path });
  deepEqual([none.code, none.out], [2, '']);
  match(none.err, /^error: cannot read .*nowhere/);
  const outside = await command(['check', '.', '--at', 'main'], { folder: folder.path });
  equal(outside.code, 2);
  match(outside.err, /is in no Git repository/);
});

test('build: what each cluster would hold, namespaces included', async () => {
  using folder = testFolder({ ...fleetFiles, 'live.txt': liveFile });
  const { code, out, err } = await command(['build', '.', '--live', 'live.txt'], { folder: folder.path });
  deepEqual({ code, err }, { code: 0, err: '' });
  matchGolden('cli/build.yaml', out);
});

test('build: as JSON, for one cluster', async () => {
  using folder = testFolder({ ...fleetFiles, 'live.txt': liveFile });
  const { out } = await command(['build', '.', '--cluster', 'us-2', '--live', 'live.txt', '-o', 'json'], {
    folder: folder.path,
  });
  const { clusters, placements, diagnostics } = Build.parse(JSON.parse(out));
  deepEqual(Object.keys(clusters), ['us-2']);
  deepEqual(
    clusters['us-2']!.map(({ kind }) => kind),
    ['Namespace', 'Secret', 'Service', 'Deployment'],
  );
  deepEqual(placements, [{ app: 'shop/web', cluster: 'us-2', replicas: 4 }]);
  deepEqual(diagnostics, []);
});

test('build: no ownership stamp, and no credential is read', async () => {
  using folder = testFolder({ ...fleetFiles, 'live.txt': liveFile });
  const { out } = await command(['build', '.', '--live', 'live.txt'], { folder: folder.path });
  doesNotMatch(out, /landfall\.dev|applyset/);
});

test('build: a copy whose source is not given is missing, and said so', async () => {
  using folder = testFolder(fleetFiles);
  const { code, out, err } = await command(['build', '.'], { folder: folder.path });
  equal(code, 0);
  doesNotMatch(out, /kind: Secret/);
  match(err, /^apps\/web\.app\.yaml:1:1 warning A1221 App shop\/web lacks secret shop\/pull on hub/);
});

test('build: any folder of plain manifests, for a cluster that stands for all', async () => {
  using folder = testFolder({
    'a/config.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {size: "9007199254740993"}\n',
  });
  equal(
    (await command(['build', '.'], { folder: folder.path })).out,
    '# cluster: any\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\ndata:\n  size: "9007199254740993"\n',
  );
  match((await command(['build', '.', '--cluster', 'eu-9'], { folder: folder.path })).out, /^# cluster: eu-9\n/);
});

test('build: clusters that only placements name are assumed', async () => {
  const { 'clusters/fleet.yaml': _, ...tenant } = fleetFiles;
  const app = tenant['apps/web.app.yaml']!.replace(
    /clusterSelector: \{matchLabels: \{tier: production\}\}/,
    'clusterNames: [us-1, us-2]',
  );
  using folder = testFolder({ ...tenant, 'apps/web.app.yaml': app });
  const { out } = await command(['build', '.', '-o', 'json'], { folder: folder.path });
  deepEqual(Object.keys(Build.parse(JSON.parse(out)).clusters), ['us-1', 'us-2']);
});

test('build: a pinned stage shows its revision, from the repository that the folder is in', async () => {
  using folder = testFolder();
  const repository = buildRepository(folder.path, { isBare: false });
  const pinned = fleetFiles['apps/web.app.yaml']!.replace(
    'tier: production}}}',
    'tier: production}}, revision: Pinned}',
  );
  const first = repository.commit({ ...fleetFiles, 'apps/web.app.yaml': pinned });
  const pin = (revision: string): string =>
    `apiVersion: landfall.dev/v1alpha1\nkind: Pin\nmetadata: {name: web.production, namespace: shop}\nspec: {revision: ${revision}}\n`;
  repository.commit({
    'apps/web/web.yaml': fleetFiles['apps/web/web.yaml']!.replace('nginx:1.27', 'nginx:1.99'),
    'pin.yaml': pin(first),
  });
  repository.git('reset', '--quiet', '--hard');
  const { out } = await command(['build', '.', '--cluster', 'us-1'], { folder: folder.path });
  match(out, /image: nginx:1\.27/);
  folder.write({ 'pin.yaml': pin('b'.repeat(40)) });
  const missing = await command(['build', '.', '--cluster', 'us-1'], { folder: folder.path });
  equal(missing.code, 1);
  match(missing.err, /^pin\.yaml:1:1 error A1220 stage production of shop\/web is pinned to bbbbbbbbbbbb/);
  equal(
    (await command(['check', '.'], { folder: folder.path })).code,
    0,
    'a shallow clone is no error of the manifests',
  );
});

test('build --live: a file that is none is wrong usage', async () => {
  using folder = testFolder({ ...fleetFiles, 'live.txt': 'hub: []\n' });
  for (const live of ['live.txt', 'nowhere.txt', 'clusters/fleet.yaml']) {
    const { code, out, err } = await command(['build', '.', '--live', live], { folder: folder.path });
    deepEqual([code, out], [2, ''], live);
    match(err, /^error: /);
  }
});
