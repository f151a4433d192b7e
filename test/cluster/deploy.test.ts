/** Protects: the shipped manifests are taken by a real API server as they are, and give what is needed and no more. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { deployFolder, installedMembers, serviceAccount } from './story/installed.ts';
import { becomes, kubectlOf } from './story/witness.ts';

const folders = ['', 'hub', 'member/base', 'member/single', 'member/more', 'member/tenant', 'member/cluster-admin'];
const rights: readonly (readonly [answer: 'yes' | 'no', ...what: readonly string[]])[] = [
  ['yes', 'patch', 'deployments.apps', '-n', 'shop'],
  ['yes', 'create', 'namespaces'],
  ['yes', 'update', 'configmaps', '-n', 'landfall-system'],
  ['yes', 'watch', 'horizontalpodautoscalers.autoscaling', '--all-namespaces'],
  ['no', 'delete', 'namespaces'],
  ['no', 'update', 'deployments.apps', '-n', 'shop'],
  ['no', 'create', 'pods', '--subresource=exec', '-n', 'shop'],
  ['no', 'list', 'nodes'],
  ['no', 'bind', 'clusterroles.rbac.authorization.k8s.io'],
  ['no', 'impersonate', 'users'],
];

const members = await installedMembers();
const hub = members[0];
if (hub === undefined) test('deploy', { skip: 'no Kubernetes to run' });
else {
  for (const folder of folders) {
    test(`deploy: ${folder || 'all'} is taken by server-side apply, without a warning`, async () => {
      const args = ['apply', '--server-side', '--dry-run=server', '-k', deployFolder(folder)];
      const { code, stderr } = await hub.server.kubectl(args);
      deepEqual([code, stderr], [0, '']);
    });
  }

  test('deploy: the pod is admitted where the namespace allows nothing but restricted ones', async () => {
    await kubectlOf(hub.server)('-n', 'landfall-system', 'rollout', 'status', 'deployment/landfall', '--timeout=60s');
  });

  test('deploy: what its service account may do, and what not', async () => {
    for (const [answer, ...what] of rights) {
      const { stdout } = await hub.server.kubectl(['auth', 'can-i', ...what, '--as', serviceAccount]);
      equal(stdout.trim(), answer, what.join(' '));
    }
  });

  test('deploy: a deleted hold ends the tokens that are bound to it', async () => {
    const kubectl = kubectlOf(hub.server);
    const namespace = ['-n', 'landfall-system'];
    await hub.server.kubectl([...namespace, 'apply', '--server-side', '-f', '-'], {
      input: 'apiVersion: v1\nkind: Secret\nmetadata: {name: another-hold}\n',
    });
    const token = await kubectl(
      ...[...namespace, 'create', 'token', 'landfall'],
      ...['--bound-object-kind=Secret', '--bound-object-name=another-hold'],
    );
    const whoami = ['auth', 'whoami', '--token', token.trim(), '--kubeconfig', hub.kubeconfig];
    equal((await hub.server.kubectl(whoami)).code, 0);
    await kubectl(...namespace, 'delete', 'secret', 'another-hold');
    // The server remembers for some seconds whom it knows.
    await becomes('refused', async () => (await hub.server.kubectl(whoami)).code, 1);
  });
}
