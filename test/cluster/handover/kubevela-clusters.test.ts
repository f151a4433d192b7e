/** Protects: what a real KubeVela makes of policies and workflows on several clusters, Landfall makes there. */
import { deepEqual, equal } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ApiServer } from '../api-server.ts';
import { sharedFleet } from '../fleet.ts';
import { kubectlOf } from '../story/witness.ts';
import { estateOn } from './estate.ts';
import { gatewayTo } from './gateway.ts';
import { clusterOf, installKubeVela, joinedSecret, localCluster, removeKubeVela } from './kubevela.ts';
import { applicationOf, heldBy, inVersionsOf, isMark, lateApplications } from './kubevela-witness.ts';
import { findKubeVela, type OldController, skipLine } from './old-controllers.ts';
import { differencesOf, served } from './parity.ts';
import { spreadApplications } from './spread-applications.ts';

const space = 'spread';
const elsewhere = 'spread-elsewhere';

const old = findKubeVela();
const fleet = old === undefined ? undefined : await sharedFleet();
if (old === undefined) {
  console.error(`# ${skipLine('KubeVela')}`);
  test('kubevela clusters', { skip: 'no KubeVela to run' });
} else if (fleet?.hasControllers !== true) test('kubevela clusters', { skip: 'no Kubernetes to run' });
else compareAll(old, fleet.servers);

function compareAll(program: OldController, [hub, east, west]: readonly ApiServer[]): void {
  test('kubevela: on several clusters it makes what landfall builds for them', async (t) => {
    if (hub === undefined || east === undefined || west === undefined) throw new Error('three servers are needed');
    const labels = { east: { region: 'eu' }, west: { region: 'us' } };
    const gateway = await gatewayTo(
      hub,
      new Map([
        ['east', east],
        ['west', west],
      ]),
    );
    const kubeconfig = join(hub.folder, 'kubeconfig-of-gateway');
    writeFileSync(kubeconfig, kubeconfigOf(gateway.origin), { mode: 0o600 });
    const vela = await installKubeVela(program, hub, kubeconfig);
    const estate = await estateOn('spread', hub);
    t.after(async () => {
      await vela.stop();
      await gateway.close();
      await estate.close();
      await removeKubeVela(hub, [space, elsewhere]);
      for (const server of [east, west])
        await kubectlOf(server)('delete', 'namespace', space, elsewhere, '--timeout=90s');
    });
    const put = async (...items: readonly object[]): Promise<void> => {
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      const { code, stderr } = await hub.kubectl(['apply', '--server-side', '-f', '-'], { input });
      deepEqual([code, stderr], [0, '']);
    };
    for (const server of [hub, east, west])
      for (const name of [space, elsewhere]) await kubectlOf(server)('create', 'namespace', name);
    const given = spreadApplications(space, elsewhere);
    await estate.push({
      'local.yaml': localCluster(hub),
      'east.yaml': clusterOf('east', east, labels.east),
      'west.yaml': clusterOf('west', west, labels.west),
      ...Object.fromEntries([...given].map(([name, application]) => [`${name}.yaml`, JSON.stringify(application)])),
    });
    const clusters = { local: hub, east, west };
    const built = new Map<string, Awaited<ReturnType<typeof served>>>();
    for (const [name, server] of Object.entries(clusters))
      built.set(name, await served(server, await estate.built(name)));
    await put(joinedSecret('east', east, labels.east) as object, joinedSecret('west', west, labels.west) as object);
    await vela.start();
    await put(...given.values());
    deepEqual(await lateApplications(hub, space), []);
    for (const [name, server] of Object.entries(clusters)) {
      const { objects = [], complaint = '' } = built.get(name) ?? {};
      await t.test(`kubevela: ${name} takes all that is built`, () => equal(complaint, ''));
      const held = await heldBy(server, space);
      for (const application of given.keys())
        await t.test(`kubevela: ${application} on ${name}`, () => {
          const [theirs = [], ours = []] = [held, objects].map((all) =>
            all.filter((object) => applicationOf(object) === application),
          );
          deepEqual(differencesOf(inVersionsOf(theirs, ours), ours, isMark), []);
        });
    }
  });
}

const kubeconfigOf = (server: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'gateway', cluster: { server } }],
    users: [{ name: 'gateway', user: {} }],
    contexts: [{ name: 'gateway', context: { cluster: 'gateway', user: 'gateway' } }],
    'current-context': 'gateway',
  });
