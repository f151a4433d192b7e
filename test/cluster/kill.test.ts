/** Protects: the controller killed anywhere in a reconcile converges when it is started again, and leaves nothing behind. */
import { deepEqual } from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { app, configMap, deployment, placement } from '../builder/manifest.ts';
import type { ApiServer } from './api-server.ts';
import { isObjectRequest, isWrite } from './audit-log.ts';
import { installedMembers } from './story/installed.ts';
import { clusterFiles, openScene, type Scene } from './story/scene.ts';
import { becomes, kubectlOf, namesIn, runningImage, seen } from './story/witness.ts';

/** A round writes seven times to each of three clusters: two records, an image, two values, a new object, a removal. */
const points = 20;
const everywhere = ['{name: all, clusterSelector: {}, maxUnavailable: 100%}'];
const stays = 'configmap/one';

const version = (round: number) => ({
  'apps/web/web.yaml': [
    deployment('web', `web:${round}`),
    configMap('one', String(round)),
    configMap('two', String(round)),
    configMap(`only-${round}`, '1'),
  ].join('---\n'),
});
const wanted = (round: number): readonly string[] =>
  ['configmap/one', `configmap/only-${round}`, 'configmap/two', 'deployment.apps/web'].toSorted();

const ours = (server: ApiServer): Promise<readonly string[]> =>
  namesIn(server, 'shop', 'configmaps,deployments', '-l', 'landfall.dev/installation=default');

const members = await installedMembers();
if (members.length === 0) test('kill', { skip: 'no Kubernetes to run' });
else describe('kill', kill);

function kill(): void {
  let scene: Scene;
  after(() => scene.close());
  const foreign = (): Promise<unknown> =>
    Promise.all(scene.servers.map((server) => seen(server, ['shop', 'configmap/foreign'])));
  let untouched: unknown;

  before(async () => {
    scene = await openScene('kill', members);
    for (const server of scene.servers) {
      const kubectl = kubectlOf(server);
      await kubectl('create', 'namespace', 'shop');
      await kubectl('-n', 'shop', 'create', 'configmap', 'foreign', '--from-literal=x=1');
    }
    untouched = await foreign();
    const commit = await scene.push({
      ...clusterFiles(members, () => ({})),
      'web.yaml': `${app('web')}---\n${placement('web', everywhere)}`,
      ...version(0),
    });
    await scene.controller.start();
    await scene.told(commit, /^success landfall\/shop\/web — /m);
    for (const server of scene.servers) await kubectlOf(server)('-n', 'shop', 'label', stays, 'team=checkout');
  });

  for (let point = 1; point <= points; point++) {
    test(`kill: at write ${point} of a change to three clusters, then started again`, async () => {
      const mark = scene.mark();
      const commit = await scene.push(version(point));
      const writes = (): number =>
        scene.sentSince(mark).filter((each) => isObjectRequest(each) && isWrite(each)).length;
      await becomes(
        'writes',
        async () => writes(),
        (count) => count >= point,
      );
      await scene.controller.kill();
      await scene.controller.start();
      for (const server of scene.servers) {
        await becomes(`ours on ${server.name}`, () => ours(server), wanted(point));
        await becomes('web', () => runningImage(server, ['shop', 'deployment/web']), `web:${point}`);
        deepEqual(await namesIn(server, 'shop', stays.split('/')[0] ?? '', '-l', 'team=checkout'), [stays]);
      }
      deepEqual(await foreign(), untouched);
      // Records are whole again too: what they still named would count among the deletions of the next commit.
      await scene.told(commit, /^success landfall\/shop\/web — /m);
    });
  }
}
