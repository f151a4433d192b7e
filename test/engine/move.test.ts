/** Protects: ownership moves without a deletion, and what is let go of stays. */
import { equal, match, notEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Json } from '../../src/core/json/value.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, configMap, placement } from '../builder/manifest.ts';

const all = ['{name: all, clusterSelector: {}}'];
const map = (name: string): string => `/api/v1/namespaces/shop/configmaps/${name}`;
const read = async (fleet: TestFleet, path: string, ...fields: readonly string[]): Promise<Json | undefined> =>
  at((await fleet.get('a', path)) ?? null, ...fields);

async function withApp(name: string, more = ''): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['a', 'b'] });
  fleet.git.commit({
    ...clusterManifests(['a', 'b']),
    'app.yaml': `${app(name)}---\n${placement(name, all, more)}`,
    [`apps/${name}/map.yaml`]: configMap('web', '1'),
  });
  await fleet.run(60_000);
  equal(fleet.cell(`shop/${name}`, 'b')?.state, 'Synced', fleet.table());
  return fleet;
}

test('move: a renamed App with movedFrom keeps its objects, their uids too', async () => {
  const fleet = await withApp('website');
  const uid = await read(fleet, map('web'), 'metadata', 'uid');
  fleet.git.commit({
    'app.yaml': `${app('web', '  movedFrom: [{name: website}]\n')}---\n${placement('web', all)}`,
    'apps/website/map.yaml': undefined,
    'apps/web/map.yaml': configMap('web', '1'),
  });
  await fleet.run(60_000);
  equal(await read(fleet, map('web'), 'metadata', 'uid'), uid);
  equal(fleet.cell('shop/web', 'b')?.state, 'Synced', fleet.table());
  equal(await fleet.get('a', '/api/v1/namespaces/landfall-system/configmaps/test.shop.website'), undefined);
  equal(fleet.cell('shop/website', 'a'), undefined);
  await fleet.close();
});

test('move: a renamed App without movedFrom deletes nothing unasked', async () => {
  const fleet = await withApp('website');
  const uid = await read(fleet, map('web'), 'metadata', 'uid');
  fleet.git.commit({
    'app.yaml': `${app('web')}---\n${placement('web', all)}`,
    'apps/website/map.yaml': undefined,
    'apps/web/map.yaml': configMap('web', '1'),
  });
  await fleet.run(60_000);
  equal(await read(fleet, map('web'), 'metadata', 'uid'), uid);
  await fleet.close();
});

test('move: an object that goes from one App to another is handed over', async () => {
  const fleet = await withApp('web');
  const uid = await read(fleet, map('web'), 'metadata', 'uid');
  fleet.git.commit({
    'other.yaml': `${app('other')}---\n${placement('other', all)}`,
    'apps/other/map.yaml': configMap('web', '2'),
    'apps/web/map.yaml': configMap('rest', '1'),
  });
  await fleet.run(120_000);
  equal(await read(fleet, map('web'), 'metadata', 'uid'), uid);
  equal(await read(fleet, map('web'), 'data', 'value'), '2');
  equal(fleet.cell('shop/other', 'a')?.state, 'Synced', fleet.table());
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
  await fleet.close();
});

test('move: onDelete Orphan leaves the objects, and they are nobody’s', async () => {
  const fleet = await withApp('web', '  onDelete: Orphan\n');
  fleet.git.commit({ 'app.yaml': undefined, 'apps/web/map.yaml': undefined });
  await fleet.run(60_000);
  equal(await read(fleet, map('web'), 'data', 'value'), '1');
  equal(await read(fleet, map('web'), 'metadata', 'labels', 'landfall.dev/installation'), undefined);
  equal(fleet.cell('shop/web', 'a'), undefined);
  await fleet.close();
});

test('move: a Cluster under a new name is the same cluster', async () => {
  const fleet = await withApp('web');
  const uid = await read(fleet, map('web'), 'metadata', 'uid');
  const renamed = {
    apiVersion: 'landfall.dev/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'a', labels: {} },
    spec: { access: { file: 'a' } },
  };
  notEqual(uid, undefined);
  fleet.git.commit({ 'clusters/a.yaml': JSON.stringify({ ...renamed, spec: { ...renamed.spec, suspend: true } }) });
  await fleet.run(20_000);
  await fleet.request('a', 'PATCH', map('web'), { data: { value: 'by hand' } }, 'application/merge-patch+json');
  await fleet.run(30_000);
  equal(await read(fleet, map('web'), 'data', 'value'), 'by hand', 'a suspended cluster is not written to');
  match(fleet.cell('shop/web', 'a')?.message ?? '', /suspended/);
  fleet.git.commit({ 'clusters/a.yaml': JSON.stringify(renamed) });
  await fleet.run(30_000);
  equal(await read(fleet, map('web'), 'data', 'value'), '1');
  await fleet.close();
});
