/** Protects: on a real API server a cluster is joined, what runs there is imported as it is, and the cluster is let go. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { command, type Ended, testFolder } from '../builder/command.ts';
import { buildRepository } from '../builder/git-repository.ts';
import { sharedFleet } from './fleet.ts';
import { becomes, kubectlOf } from './story/witness.ts';

const fleet = await sharedFleet();
const server = fleet?.servers.at(-1);
if (fleet === undefined || server === undefined || !fleet.hasControllers || !fleet.hasKubectl)
  test('verbs', { skip: 'no Kubernetes to run' });
else
  test('verbs: join, import, apply, unjoin; nothing that runs is touched', async () => {
    const kubectl = kubectlOf(server);
    // An installation of its own, so that nobody else's account and rights change.
    using folder = testFolder({
      'landfall.yaml':
        'installation: verbs\nstateDir: .state\nrepositories: [{name: verbs, url: ., statuses: none}]\nkubeconfigDir: .state\n',
      '.gitignore': '.state\n',
    });
    const repository = buildRepository(folder.path, { isBare: false });
    const run = (...argv: readonly string[]): Promise<Ended> => command(argv, { folder: folder.path });
    const kubeconfig = server.kubeconfig();
    const { 'current-context': name } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
    const context = ['--context', name, '--kubeconfig', kubeconfig];
    const read = async (...what: readonly string[]): Promise<unknown> =>
      JSON.parse(await kubectl('-n', 'verbs', 'get', ...what, '-o', 'json'));

    await kubectl('create', 'namespace', 'verbs');
    await kubectl('-n', 'verbs', 'create', 'deployment', 'web', '--image=nginx:1.29', '--replicas=2');
    await kubectl('-n', 'verbs', 'expose', 'deployment', 'web', '--port=80');
    const manifest = join(folder.path, '.state', 'applied.yaml');
    folder.write({
      '.state/applied.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {colour: green}\n',
    });
    await kubectl('-n', 'verbs', 'apply', '-f', manifest);

    const joined = await run('cluster', 'join', 'last', ...context, '--labels', 'tier=lab');
    equal(joined.code, 0, joined.err);
    match(joined.out, /created {4}ClusterRoleBinding landfall-verbs-apps/);
    const again = await run('cluster', 'join', 'last', ...context, '--labels', 'tier=lab');
    match(again.out, /nothing to commit/);
    const verbs = new Set([...again.out.matchAll(/^ {2}(\w+) {2,}\w+ /gm)].map(([, verb]) => verb));
    deepEqual([...verbs], ['unchanged']);

    const imported = await run('import', ...context, '--namespace', 'verbs');
    equal(imported.code, 0, imported.out + imported.err);
    match(imported.out, /Nothing would change/);
    match(imported.out, /3 objects would become Landfall's/);

    repository.git('add', '.');
    repository.git('commit', '--quiet', '-m', 'joined and imported');
    const specs = async (): Promise<unknown> => [
      ((await read('deployment', 'web')) as { spec: unknown }).spec,
      ((await read('service', 'web')) as { spec: unknown }).spec,
    ];
    const pods = async (): Promise<string> =>
      kubectl('-n', 'verbs', 'get', 'pods', '-o', 'jsonpath={.items[*].metadata.uid}');
    const before = [await specs(), await pods()];
    const applied = await run('apply', '--timeout', '90s');
    equal(applied.code, 0, applied.out + applied.err);
    deepEqual([await specs(), await pods()], before);
    match((await run('cluster', 'list')).out, /\nlast +Member +v1\.\S+ +Active +yes /);

    const account = 'system:serviceaccount:landfall-system:landfall-verbs';
    const may = async (): Promise<string> =>
      (
        await server.kubectl(['auth', 'can-i', 'patch', 'deployments.apps', '-n', 'verbs', '--as', account])
      ).stdout.trim();
    equal(await may(), 'yes');
    equal((await run('cluster', 'unjoin', 'last', ...context)).code, 2, 'its manifest says Active');
    const path = 'clusters/last.yaml';
    const text = readFileSync(join(folder.path, path), 'utf8');
    folder.write({ [path]: text.replace('spec:\n', 'spec:\n  lifecycle: Retired\n') });
    const left = await run('cluster', 'unjoin', 'last', ...context);
    equal(left.code, 0, left.err);
    match(left.out, /what 1 App put there stays there/);
    await becomes('no more rights', async () => may(), 'no');
    deepEqual([await specs(), await pods()], before);
    await kubectl('delete', 'namespace', 'verbs', '--wait=false');
  });
