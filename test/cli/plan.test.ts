/** Protects: a plan that could look at no cluster is no plan, whoever reads its exit code. */
import { equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { command, testFolder } from '../builder/command.ts';
import { buildRepository } from '../builder/git-repository.ts';
import { app, cluster, configMap, placement } from '../builder/world.ts';

/** Nobody listens at this port of this machine. */
const kubeconfig = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'a',
  clusters: [{ name: 'a', cluster: { server: 'http://127.0.0.1:1' } }],
  users: [{ name: 'a', user: {} }],
  contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
});

test('plan: no cluster can be read: the answer is no, with the reason', async () => {
  using folder = testFolder({
    'landfall.yaml': 'stateDir: .state\nrepositories: [{name: fleet, url: ., statuses: none}]\nkubeconfigDir: .state\n',
    '.state/eu-1.kubeconfig': kubeconfig,
  });
  const repository = buildRepository(folder.path, { isBare: false });
  repository.commit({
    'clusters/eu-1.yaml': cluster('eu-1').replace('{inCluster: true}', '{file: .state/eu-1.kubeconfig}'),
    'apps/web.app.yaml': app('web', '{components: [{name: web, path: apps/web}]}'),
    'apps/web.yaml': placement('web', '{apps: [web], stages: [{name: all, clusterNames: [eu-1]}]}'),
    'apps/web/web.yaml': configMap('web'),
  });
  const made = await command(['plan', '-o', 'json'], { folder: folder.path });
  equal(made.code, 1, made.out + made.err);
  match(made.err, /nothing can be planned: no cluster that it is about could be read\n {2}eu-1: .*127\.0\.0\.1/);
  equal(JSON.parse(made.out).cells[0].cluster, 'eu-1');
});
