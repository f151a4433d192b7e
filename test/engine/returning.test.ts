/** Protects: clusters that come back one by one lose no more without a person's yes than if all had been there. */
import { deepEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import { clusterManifests, testFleet } from '../builder/fleet.ts';
import { app, configMap, placement } from '../builder/manifest.ts';

const names = ['a', 'b', 'c', 'd'];
const minute = 60_000;

test('guard: an App that has left Git goes from the first cluster that is back, and from the others when a person agrees', async () => {
  const fleet = testFleet({ clusters: names });
  const { sandbox, git } = fleet;
  const stages = [`{name: all, clusterNames: [${names}], maxUnavailable: "100%"}`];
  git.commit({
    ...clusterManifests(names),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/web.yaml': configMap('web', '1'),
    'api.yaml': `${app('api')}---\n${placement('api', stages)}`,
    'apps/api/api.yaml': configMap('api', '1'),
  });
  await fleet.run(2 * minute);
  const holders = (): readonly string[] =>
    names.filter((name) => sandbox.cluster(name).read('v1', 'ConfigMap', 'shop', 'web') !== undefined);
  deepEqual(holders(), names);
  await fleet.kill();
  for (const name of names.slice(1)) sandbox.cluster(name).setDisorder({ isDown: true });
  git.commit({ 'web.yaml': undefined });
  fleet.start();
  await fleet.run(5 * minute);
  deepEqual(holders(), ['b', 'c', 'd'], 'one cell is no more than a person would be asked for');
  for (const name of names.slice(1)) {
    sandbox.cluster(name).setDisorder({});
    await fleet.run(5 * minute);
  }
  deepEqual(holders(), ['b', 'c', 'd']);
  match(fleet.cell('shop/web', 'b')?.message ?? '', /4 of 8 cells would go, 1 of which has, more than 1/);
  await fleet.close();
});
