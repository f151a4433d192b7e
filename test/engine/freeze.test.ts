/** Protects: in a freeze nothing is changed, healed or removed that it does not allow, and all of it follows when it ends. */
import { equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, configMap, freeze, placement } from '../builder/manifest.ts';

const path = '/api/v1/namespaces/shop/configmaps/web';
const valueOn = async (fleet: TestFleet, cluster: string): Promise<unknown> =>
  at((await fleet.get(cluster, path)) as never, 'data', 'value');
const minute = 60_000;
const moment = (fleet: TestFleet, inMs: number): string => new Date(fleet.clock.nowMs() + inMs).toISOString();

const files = {
  ...clusterManifests(['a', 'b']),
  'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
  'apps/web/web.yaml': configMap('web', '1'),
};

test('freeze: a commit waits for its end, on the clusters that it selects', async () => {
  const fleet = testFleet({ clusters: ['a', 'b'] });
  fleet.git.commit(files);
  await fleet.run(minute);
  const [from, until] = [moment(fleet, -minute), moment(fleet, 10 * minute)];
  fleet.git.commit({
    'freeze.yaml': freeze('eve', `{clusterNames: [b], from: "${from}", until: "${until}", allow: [DriftRepair]}`),
    'apps/web/web.yaml': configMap('web', '2'),
  });
  await fleet.run(minute);
  equal(await valueOn(fleet, 'a'), '2');
  equal(await valueOn(fleet, 'b'), '1');
  match(fleet.cell('shop/web', 'b')?.message ?? '', /^frozen until .* by Freeze eve$/);
  await fleet.run(8 * minute);
  equal(await valueOn(fleet, 'b'), '1', 'to its last minute, and through a restart');
  await fleet.kill();
  fleet.start();
  await fleet.run(minute);
  equal(await valueOn(fleet, 'b'), '1');
  await fleet.run(3 * minute);
  equal(await valueOn(fleet, 'b'), '2', 'then it follows by itself');
  await fleet.close();
});

test('freeze: drift is put back where it allows that, and left alone where it does not', async () => {
  const fleet = testFleet({ clusters: ['a', 'b'] });
  fleet.git.commit(files);
  await fleet.run(minute);
  const span = `from: "${moment(fleet, -minute)}", until: "${moment(fleet, 10 * minute)}"`;
  fleet.git.commit({
    'freeze.yaml': `${freeze('one', `{clusterNames: [a], ${span}, allow: [DriftRepair]}`)}---\n${freeze('two', `{clusterNames: [b], ${span}}`)}`,
  });
  await fleet.run(minute);
  equal(fleet.cell('shop/web', 'b')?.state, 'Synced', 'it is as it should be');
  for (const cluster of ['a', 'b'])
    await fleet.request(cluster, 'PATCH', path, { data: { value: 'by hand' } }, 'application/merge-patch+json');
  await fleet.run(minute);
  equal(await valueOn(fleet, 'a'), '1');
  equal(await valueOn(fleet, 'b'), 'by hand');
  await fleet.run(11 * minute);
  equal(await valueOn(fleet, 'b'), '1', 'put back once it is over');
  await fleet.close();
});

test('freeze: nothing is removed', async () => {
  const fleet = testFleet({ clusters: ['a', 'b'] });
  fleet.git.commit({ ...files, 'apps/web/two.yaml': configMap('two', '1') });
  await fleet.run(minute);
  const span = `from: "${moment(fleet, -minute)}", until: "${moment(fleet, 10 * minute)}"`;
  const stages = ['{name: all, clusterNames: [a]}'];
  fleet.git.commit({
    'freeze.yaml': freeze('eve', `{clusterSelector: {}, ${span}, allow: [DriftRepair]}`),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/two.yaml': undefined,
  });
  await fleet.run(5 * minute);
  equal(await valueOn(fleet, 'b'), '1');
  match(fleet.cell('shop/web', 'b')?.message ?? '', /frozen/);
  await fleet.close();
});
