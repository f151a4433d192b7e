/** Protects: an apply whose answer, or whose process, was lost leaves no value behind that Git has taken back meanwhile. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, configMap, placement } from '../builder/manifest.ts';

const files = (value: string): Readonly<Record<string, string>> => ({ 'apps/web/web.yaml': configMap('web', value) });
const valueOn = async (fleet: TestFleet): Promise<unknown> =>
  at((await fleet.get('a', '/api/v1/namespaces/shop/configmaps/web')) ?? null, 'data', 'value');

async function holdingOne(): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['a'] });
  fleet.git.commit({
    ...clusterManifests(['a']),
    'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
    ...files('1'),
  });
  await fleet.run(30_000);
  equal(await valueOn(fleet), '1');
  return fleet;
}

/** Commits `2`, and runs until a cluster that loses all answers has it. */
async function applyUnheard(fleet: TestFleet): Promise<void> {
  fleet.sandbox.cluster('a').setDisorder({ lostAnswerShare: 1 });
  fleet.git.commit(files('2'));
  for (let turn = 0; turn < 60 && (await valueOn(fleet)) !== '2'; turn += 1) await fleet.run(500);
  equal(await valueOn(fleet), '2');
}

const ways: readonly (readonly [name: string, between: (fleet: TestFleet) => Promise<void> | void])[] = [
  ['its answer was lost', () => undefined],
  [
    'the process ended',
    async (fleet) => {
      await fleet.kill();
      fleet.start();
    },
  ],
];
for (const [name, between] of ways) {
  test(`an apply that nobody heard of, since ${name}: the value that Git has again is applied again`, async () => {
    const fleet = await holdingOne();
    try {
      await applyUnheard(fleet);
      fleet.git.commit(files('1'));
      await between(fleet);
      fleet.sandbox.cluster('a').setDisorder({});
      await fleet.run(120_000);
      equal(await valueOn(fleet), '1', fleet.table());
      equal(fleet.cell('shop/web', 'a')?.state, 'Synced');
      deepEqual(fleet.cell('shop/web', 'a')?.message, undefined);
    } finally {
      await fleet.close();
    }
  });
}
