/** Protects: a reviewer is told what a pull request would do, all of it and nothing else; and nothing is done. */
import { doesNotMatch, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { clusterManifests } from '../../builder/fleet.ts';
import { app, configMap, placement } from '../../builder/manifest.ts';
import { deployment } from '../../builder/world.ts';
import { previewScene, type Scene, type SceneOptions } from './scene.ts';

const clusters = ['eu-1', 'eu-2', 'us-1'];
const stages = ['{name: canary, clusterNames: [eu-1]}', '{name: production, clusterNames: [eu-2, us-1]}'];

const files = {
  ...clusterManifests(clusters, (name) => ({ region: name.slice(0, 2) })),
  'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
  'apps/web/web.yaml': deployment('web', 'example.com/web:1'),
  'other.yaml': `${app('other')}---\n${placement('other', ['{name: all, clusterSelector: {}}'])}`,
  'apps/other/map.yaml': configMap('other', '1'),
};

async function settled(options: Partial<SceneOptions> = {}, more: Record<string, string> = {}): Promise<Scene> {
  const scene = previewScene({ clusters, ...options });
  scene.fleet.git.commit({ ...files, ...more });
  await scene.fleet.run(120_000);
  equal(scene.fleet.cell('shop/web', 'us-1')?.state, 'Synced', scene.fleet.table());
  return scene;
}

test('preview: an image on three clusters, stage by stage; nothing is written', async () => {
  const scene = await settled();
  const before = await scene.fleet.get('eu-1', '/apis/apps/v1/namespaces/shop/deployments/web');
  const number = scene.propose({ 'apps/web/web.yaml': deployment('web', 'example.com/web:2') });
  await scene.fleet.run(30_000);
  equal(scene.status(number), 'success 1 to change on 3 clusters, 0 deletions');
  const text = scene.comment(number);
  match(text, /\| `shop\/web` \| the same 1-line diff on 3 clusters \|/);
  match(text, /^- \.spec\.template\.spec\.containers\[name="web"\]\.image: "example\.com\/web:1"$/m);
  match(text, /^\+ \.spec\.template\.spec\.containers\[name="web"\]\.image: "example\.com\/web:2"$/m);
  match(text, /- `shop\/web`: `canary` \(`eu-1`\); then `production` \(`eu-2`, `us-1`\)/);
  doesNotMatch(text, /other/);
  const after = await scene.fleet.get('eu-1', '/apis/apps/v1/namespaces/shop/deployments/web');
  equal(JSON.stringify(after), JSON.stringify(before));
  equal(scene.fleet.engine.repositories[0]?.source(new Set())?.head.value.commit, scene.fleet.git.head());
  await scene.close();
});

test('preview: pending at once, then the end; a restart posts nothing twice', async () => {
  const scene = await settled();
  const number = scene.propose({ 'apps/web/web.yaml': deployment('web', 'example.com/web:2') });
  await scene.fleet.run(30_000);
  equal(
    scene.forge
      .posts()
      .map(({ state }) => state)
      .join(),
    'pending,success',
  );
  await scene.restart();
  await scene.fleet.run(300_000);
  equal(scene.forge.posts().length, 2);
  equal(scene.forge.comments(number).length, 1);
  equal(scene.forge.comments(number)[0]?.editions, 1);
  await scene.close();
});
