/** Protects: a stage that asks for another person's yes takes nothing that its own author has approved. */
import { equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../src/core/json/value.ts';
import type { CommitSha } from '../../../src/core/model/id.ts';
import { explain } from '../../../src/engine/plan/explain.ts';
import { fleetPlanOf } from '../../../src/engine/plan/fleet-plan.ts';
import { outlookOf, tryNothing } from '../../../src/engine/plan/outlook.ts';
import { clusterManifests, type TestFleet, testFleet } from '../../builder/fleet.ts';
import { app, configMap, pin, placement } from '../../builder/manifest.ts';

const minute = 60_000;
const stages = [
  '{name: canary, clusterNames: [a]}',
  '{name: production, clusterNames: [b], revision: Pinned, gates: [{name: go, approval: {notByAuthor: true}}]}',
];
const valueOnB = async (fleet: TestFleet): Promise<unknown> =>
  at((await fleet.get('b', '/api/v1/namespaces/shop/configmaps/web')) as never, 'data', 'value');
const waitOf = (fleet: TestFleet): string => fleet.cell('shop/web', 'b')?.message ?? '';

/** Commits the pin with approvals, as somebody. */
function approve(fleet: TestFleet, revision: CommitSha, entries: readonly string[], author: string): CommitSha {
  const approvals = entries.map((by) => `{gate: go, revision: "${revision}", by: ${by}}`).join(', ');
  const text = pin('web', 'production', revision, approvals === '' ? '' : `, approvals: [${approvals}]`);
  return fleet.git.commit({ 'promotions/web.yaml': text }, 'promote', author);
}

/** Production runs what Ann wrote and Bob approved. */
async function running(): Promise<{ readonly fleet: TestFleet; readonly first: CommitSha }> {
  const fleet = testFleet({ clusters: ['a', 'b'] });
  const files = {
    ...clusterManifests(['a', 'b']),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/web.yaml': configMap('web', '1'),
  };
  const first = fleet.git.commit(files, 'first', 'Ann');
  approve(fleet, first, ['ann'], 'Ann');
  await fleet.run(minute);
  equal(waitOf(fleet), 'waits for gate go: approved by its own author; another person has to');
  approve(fleet, first, ['bob'], 'Bob');
  await fleet.run(minute);
  equal(await valueOnB(fleet), '1');
  return { fleet, first };
}

test('approval: not by one who has written any of what is new', async () => {
  const { fleet } = await running();
  fleet.git.commit({ 'apps/web/web.yaml': configMap('web', '2') }, 'second', 'Bob');
  const third = fleet.git.commit({ 'apps/web/web.yaml': configMap('web', '3') }, 'third', 'Ann');
  await fleet.run(minute);
  approve(fleet, third, ['bob'], 'Bob');
  await fleet.run(minute);
  equal(await valueOnB(fleet), '1');
  equal(waitOf(fleet), 'waits for gate go: approved by its own author; another person has to');
  const steps = await fleet.survey(async (survey, signal) => {
    const outlook = await outlookOf(survey, tryNothing, signal);
    return (await explain(survey, outlook, fleetPlanOf(survey, outlook, {}), signal)).steps;
  });
  const decided = steps.find(({ step, subject }) => step === 'decide' && subject === 'shop/web@b');
  equal(decided?.reason, waitOf(fleet), 'whoever only looks finds out the same');
  approve(fleet, third, ['bob', 'carl'], 'Carl');
  await fleet.run(minute);
  equal(await valueOnB(fleet), '3', 'one approval by another person is enough');
  await fleet.close();
});

test('approval: who has only moved and approved pins has written nothing', async () => {
  const { fleet } = await running();
  const second = fleet.git.commit({ 'apps/web/web.yaml': configMap('web', '2') }, 'second', 'Ann');
  await fleet.run(minute);
  approve(fleet, second, [], 'Ann');
  await fleet.run(minute);
  match(waitOf(fleet), /nobody has approved revision/);
  approve(fleet, second, ['bob'], 'Bob');
  await fleet.run(minute);
  equal(await valueOnB(fleet), '2');
  await fleet.close();
});

test('approval: an entry by another person that its author rewrites is the author’s', async () => {
  const { fleet } = await running();
  const second = fleet.git.commit({ 'apps/web/web.yaml': configMap('web', '2') }, 'second', 'Ann');
  approve(fleet, second, ['bob'], 'Ann');
  await fleet.run(2 * minute);
  equal(await valueOnB(fleet), '1', 'a name in `by` is for people only');
  match(waitOf(fleet), /its own author/);
  await fleet.close();
});

test('approval: who wrote it without an e-mail is not known, so it waits', async () => {
  const { fleet } = await running();
  const second = fleet.git.commit({ 'apps/web/web.yaml': configMap('web', '2') }, 'second', '');
  approve(fleet, second, ['bob'], 'Bob');
  await fleet.run(2 * minute);
  equal(await valueOnB(fleet), '1');
  match(waitOf(fleet), /nobody can say who has written what is approved/);
  await fleet.close();
});

test('approval: an App in the file of a Pin is no Pin', async () => {
  const { fleet, first } = await running();
  const other = `---\n${app('other')}`;
  const second = fleet.git.commit({ 'promotions/web.yaml': `${pin('web', 'production', first)}${other}` }, 'x', 'Bob');
  const third = fleet.git.commit({ 'apps/web/web.yaml': configMap('web', '3') }, 'third', 'Ann');
  equal(second === third, false);
  approve(fleet, third, ['bob'], 'Bob');
  await fleet.run(2 * minute);
  equal(await valueOnB(fleet), '1');
  match(waitOf(fleet), /its own author/);
  await fleet.close();
});
