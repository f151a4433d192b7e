/** Protects: nothing is deleted by mistake. Unreadable is never empty, and large deletions wait for a person. */
import { equal, match, notEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { FaultError } from '../../src/core/model/fault.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { acknowledgement, app, configMap, placement } from '../builder/manifest.ts';

const names = ['a', 'b'];
const apps = ['one', 'two', 'three'];
const everywhere = ['{name: all, clusterSelector: {matchLabels: {tier: x}}}'];
const map = (name: string): string => `/api/v1/namespaces/shop/configmaps/${name}`;

async function converged(): Promise<TestFleet> {
  const fleet = testFleet({ clusters: names });
  const files = apps.flatMap((name) => [
    [`apps/${name}.yaml`, `${app(name)}---\n${placement(name, everywhere)}`] as const,
    [`apps/${name}/map.yaml`, configMap(name, '1')] as const,
  ]);
  fleet.git.commit({ ...clusterManifests(names, () => ({ tier: 'x' })), ...Object.fromEntries(files) });
  await fleet.run(60_000);
  await allThere(fleet);
  return fleet;
}

async function allThere(fleet: TestFleet): Promise<void> {
  for (const cluster of names)
    for (const name of apps) notEqual(await fleet.get(cluster, map(name)), undefined, `${name} on ${cluster}`);
}

type Case = { readonly name: string; readonly break: (fleet: TestFleet) => void };

const cases: readonly Case[] = [
  {
    name: 'an emptied repository',
    break: ({ git }) =>
      void git.commit(
        Object.fromEntries(
          [...apps.flatMap((name) => [`apps/${name}.yaml`, `apps/${name}/map.yaml`])].map((path) => [path, undefined]),
        ),
      ),
  },
  {
    name: 'a mistyped label on every Cluster',
    break: ({ git }) => void git.commit(clusterManifests(names, () => ({ teir: 'x' }))),
  },
  {
    name: 'a mistyped label on one Cluster',
    break: ({ git }) => void git.commit(clusterManifests(['b'], () => ({ tier: 'y' }))),
  },
  {
    name: 'a folder that lost its Apps',
    break: ({ git }) => void git.commit(Object.fromEntries(apps.map((name) => [`apps/${name}.yaml`, undefined]))),
  },
  { name: 'a syntax error in an App', break: ({ git }) => void git.commit({ 'apps/one.yaml': 'kind: [App' }) },
  {
    name: 'a syntax error in a component',
    break: ({ git }) => void git.commit({ 'apps/one/map.yaml': 'kind: [ConfigMap' }),
  },
  { name: 'an empty component', break: ({ git }) => void git.commit({ 'apps/one/map.yaml': undefined }) },
  {
    name: 'Clusters that are gone',
    break: ({ git }) => void git.commit(Object.fromEntries(names.map((name) => [`clusters/${name}.yaml`, undefined]))),
  },
  { name: 'a deleted branch', break: ({ git }) => git.setHead({ kind: 'branchMissing' }) },
  { name: 'an empty repository', break: ({ git }) => git.setHead({ kind: 'emptyRepository' }) },
  {
    name: 'a repository that asks who we are',
    break: ({ git }) => git.setHead(new FaultError({ kind: 'unauthenticated', detail: '401' })),
  },
  { name: 'two Apps of one name', break: ({ git }) => void git.commit({ 'apps/again.yaml': app('one') }) },
];

for (const { name, break: breakIt } of cases) {
  test(`guard: ${name} deletes nothing`, async () => {
    const fleet = await converged();
    breakIt(fleet);
    await fleet.run(120_000);
    await allThere(fleet);
    await fleet.kill();
    fleet.start();
    await fleet.run(120_000);
    await allThere(fleet);
    await fleet.close();
  });
}

test('guard: a syntax error is told with its place, and every other App goes on', async () => {
  const fleet = await converged();
  fleet.git.commit({
    'apps/one/map.yaml': 'kind: ConfigMap\nmetadata: {name: one\n',
    'apps/two/map.yaml': configMap('two', '2'),
  });
  await fleet.run(30_000);
  match(
    fleet.engine
      .revision!.compiled.diagnostics.map(
        ({ origin, message }) => `${origin.path}:${origin.line}:${origin.column} ${message}`,
      )
      .join('\n'),
    /apps\/one\/map\.yaml:\d+:\d+ /,
  );
  equal(fleet.cell('shop/one', 'a')?.state, 'Blocked');
  equal(fleet.cell('shop/two', 'a')?.state, 'Synced');
  equal(JSON.stringify(await fleet.get('b', map('two'))).includes('"value":"2"'), true);
  await fleet.close();
});

test('guard: an Acknowledgement of the digest releases the deletion, also over a restart', async () => {
  const fleet = await converged();
  const removal = fleet.git.commit({ 'apps/one.yaml': undefined, 'apps/one/map.yaml': undefined });
  await fleet.run(60_000);
  const said = fleet.cell('shop/one', 'a')?.message ?? '';
  match(said, /2 of 6 cells would go/);
  const digest = /sha256:[0-9a-f]{64}/.exec(said)?.[0] ?? '';
  fleet.git.commit({ 'yes.yaml': acknowledgement(removal, digest) });
  await fleet.run(5_000);
  await fleet.kill();
  fleet.start();
  await fleet.run(60_000);
  for (const cluster of names) equal(await fleet.get(cluster, map('one')), undefined);
  equal(fleet.cell('shop/one', 'a'), undefined);
  notEqual(await fleet.get('a', map('two')), undefined);
  await fleet.close();
});

test('guard: a small removal needs no yes', async () => {
  const fleet = testFleet({ clusters: names });
  const more = 'apps: [one]';
  fleet.git.commit({
    ...clusterManifests(names),
    'one.yaml': `${app('one')}---\n${placement('one', ['{name: a, clusterNames: [a]}'])}`,
    'apps/one/map.yaml': configMap('one', more),
    'two.yaml': `${app('two')}---\n${placement('two', ['{name: b, clusterNames: [b]}'])}`,
    'apps/two/map.yaml': configMap('two', '1'),
  });
  await fleet.run(30_000);
  fleet.git.commit({ 'one.yaml': undefined, 'apps/one/map.yaml': undefined });
  await fleet.run(30_000);
  equal(await fleet.get('a', map('one')), undefined);
  equal(
    await fleet.get('a', '/api/v1/namespaces/landfall-system/configmaps/test.shop.one'),
    undefined,
    'its record is gone too',
  );
  notEqual(await fleet.get('b', map('two')), undefined);
  await fleet.close();
});

test('guard: what is gone already does not count among the deletions', async () => {
  const fleet = testFleet({ clusters: ['a'] });
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
  const file = (number: number): string => `apps/many/${number}.yaml`;
  fleet.git.commit({
    ...clusterManifests(['a']),
    'many.yaml': `${app('many')}---\n${placement('many', ['{name: a, clusterNames: [a]}'])}`,
    'apps/many/0.yaml': configMap('stays', '1'),
    ...Object.fromEntries(numbers.map((number) => [file(number), configMap(`m${number}`, '1')])),
  });
  await fleet.run(30_000);
  await fleet.kill();
  for (const number of [1, 2, 3, 4]) await fleet.request('a', 'DELETE', map(`m${number}`));
  fleet.git.commit(Object.fromEntries(numbers.map((number) => [file(number), undefined])));
  fleet.start();
  await fleet.run(60_000);
  for (const number of numbers) equal(await fleet.get('a', map(`m${number}`)), undefined, `m${number}`);
  notEqual(await fleet.get('a', map('stays')), undefined);
  equal(fleet.cell('shop/many', 'a')?.state, 'Synced');
  await fleet.close();
});

test('guard: an object that lost our label is there, and counts', async () => {
  const fleet = testFleet({ clusters: ['a'] });
  const numbers = [1, 2, 3, 4, 5, 6];
  fleet.git.commit({
    ...clusterManifests(['a']),
    'many.yaml': `${app('many')}---\n${placement('many', ['{name: a, clusterNames: [a]}'])}`,
    'apps/many/0.yaml': configMap('stays', '1'),
    ...Object.fromEntries(numbers.map((number) => [`apps/many/${number}.yaml`, configMap(`m${number}`, '1')])),
  });
  await fleet.run(30_000);
  await fleet.kill();
  await fleet.request('a', 'PATCH', map('m1'), { metadata: { labels: null } }, 'application/merge-patch+json');
  fleet.git.commit(Object.fromEntries(numbers.map((number) => [`apps/many/${number}.yaml`, undefined])));
  fleet.start();
  await fleet.run(60_000);
  match(fleet.cell('shop/many', 'a')?.message ?? '', /6 of 7 objects would be deleted/);
  for (const number of numbers) notEqual(await fleet.get('a', map(`m${number}`)), undefined, `m${number}`);
  await fleet.close();
});
