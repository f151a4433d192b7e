/** Protects: what a real KubeVela makes of an Application, Landfall makes of it. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiServer } from '../api-server.ts';
import { sharedFleet } from '../fleet.ts';
import { kubectlOf } from '../story/witness.ts';
import { applications } from './applications.ts';
import { estateOn } from './estate.ts';
import { installKubeVela, localCluster, removeKubeVela } from './kubevela.ts';
import { applicationOf, heldBy, inVersionsOf, isMark, lateApplications } from './kubevela-witness.ts';
import { findKubeVela, type OldController, skipLine } from './old-controllers.ts';
import { differencesOf, served } from './parity.ts';

const space = 'parity';

const old = findKubeVela();
const fleet = old === undefined ? undefined : await sharedFleet();
if (old === undefined) {
  console.error(`# ${skipLine('KubeVela')}`);
  test('kubevela parity', { skip: 'no KubeVela to run' });
} else if (fleet?.hasControllers !== true) test('kubevela parity', { skip: 'no Kubernetes to run' });
else compareAll(old, fleet.servers);

function compareAll(program: OldController, [hub, other]: readonly ApiServer[]): void {
  test('kubevela: it makes of Applications what landfall builds of them', async (t) => {
    if (hub === undefined || other === undefined) throw new Error('two servers are needed');
    const vela = await installKubeVela(program, hub);
    const estate = await estateOn('parity', hub);
    t.after(async () => {
      await vela.stop();
      await estate.close();
      await removeKubeVela(hub, [space]);
      await kubectlOf(other)('delete', 'namespace', space, '--timeout=60s');
    });
    await vela.start();
    for (const server of [hub, other]) await kubectlOf(server)('create', 'namespace', space);
    const given = applications(space);
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...given.values()] });
    const { code, stderr } = await hub.kubectl(['apply', '--server-side', '-f', '-'], { input });
    deepEqual([code, stderr], [0, '']);
    await estate.push({
      'local.yaml': localCluster(hub),
      ...Object.fromEntries([...given].map(([name, application]) => [`${name}.yaml`, JSON.stringify(application)])),
    });
    const built = await served(other, await estate.built('local'));
    const late = await lateApplications(hub, space);
    const held = await heldBy(hub, space);
    await t.test('kubevela: a server takes all that is built', () => equal(built.complaint, ''));
    for (const name of given.keys())
      await t.test(`kubevela: ${name}`, () => {
        const [theirs = [], ours = []] = [held, built.objects].map((objects) =>
          objects.filter((object) => applicationOf(object) === name),
        );
        deepEqual(
          late.filter((each) => each.startsWith(`${name} `)),
          [],
        );
        deepEqual(differencesOf(inVersionsOf(theirs, ours), ours, isMark), []);
      });
  });
}
