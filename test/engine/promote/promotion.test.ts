/** Protects: what production runs has been well on canary, a person may say no, and a failure goes back. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../src/core/json/value.ts';
import { FaultError, type FaultKind } from '../../../src/core/model/fault.ts';
import { appIdOf } from '../../../src/core/model/id.ts';
import { configMap, deployment } from '../../builder/manifest.ts';
import type { ForgeTrouble } from '../../builder/pull-requests.ts';
import { branch, pinPath, type TestPromotion, testPromotion } from './promotion.ts';

const web = '/apis/apps/v1/namespaces/shop/deployments/web';
async function imageOn({ fleet }: TestPromotion, cluster: string): Promise<unknown> {
  const deployment = await fleet.get(cluster, web);
  const containers = deployment && at(deployment, 'spec', 'template', 'spec', 'containers');
  return Array.isArray(containers) ? at(containers[0], 'image') : undefined;
}
const automatic = ', promotion: {merge: Automatic}';
const state = (world: TestPromotion, stage = 'production') =>
  world
    .promoting()
    .states()
    .find((each) => each.stage === stage);

/** The first release, on production. */
async function released(options: Parameters<typeof testPromotion>[0] = {}) {
  const world = testPromotion(options);
  const first = world.fleet.git.head();
  world.movePin(first);
  await world.run(120);
  equal(await imageOn(world, 'c'), 'web:1');
  return { world, first };
}

test('promote: the first pin is proposed when canary has soaked, and moves production once merged', async () => {
  const world = testPromotion();
  const { fleet, forge } = world;
  const first = fleet.git.head();
  await world.run(15);
  equal(forge.all().length, 0, 'not before the soak is over');
  match(state(world)?.message ?? '', /soaks until/);
  await world.run(12);
  equal(forge.all().length, 1, 'as soon as it is over, though nothing else happens');
  await world.run(48);
  const [request] = forge.all();
  equal(request?.title, `Promote shop/web to production: ${first.slice(0, 12)}`);
  match(request?.body ?? '', /\| `Evidence` \| ✅ passed \| `shown to be good by canary` \|/);
  equal(request?.head.branch, branch);
  equal(world.pinned(), undefined);
  await world.merge(1);
  await world.run(60);
  equal(world.pinned(), first);
  for (const cluster of ['b', 'c']) equal(await imageOn(world, cluster), 'web:1');
  equal(forge.all().length, 1);
  equal(state(world)?.message, 'its pin names what the stages before it run');
  await world.close();
});

test('promote: one pull request, brought up to date when something newer is good, which keeps the file as it is', async () => {
  const { world, first } = await released();
  const { forge, fleet } = world;
  const second = world.release('2');
  await world.run(60);
  const third = world.release('3');
  await world.run(5);
  equal(forge.get(1).title, `Promote shop/web to production: ${second.slice(0, 12)}`, 'what soaks holds up nothing');
  await world.run(60);
  deepEqual(
    forge.all().map(({ title, state: how }) => `${how} ${title}`),
    [`open Promote shop/web to production: ${third.slice(0, 12)}`],
  );
  match(forge.get(1).body, new RegExp(`It takes the place of \`${second.slice(0, 12)}\``));
  match(forge.get(1).body, /- `[0-9a-f]{12}` `web: 3` \(`A Tester`\)\n- `[0-9a-f]{12}` `web: 2`/);
  const head = fleet.git.branch(branch);
  fleet.git.commit({ 'docs/README.txt': 'nothing to do with it' });
  await world.run(60);
  equal(fleet.git.branch(branch), head, 'an unrelated commit does not move the branch');
  await world.merge(1);
  await world.run(60);
  match(fleet.git.text(pinPath) ?? '', new RegExp(`revision: ${third} # by hand`));
  equal(await imageOn(world, 'b'), 'web:3');
  ok(world.pinned() !== first);
  await world.close();
});

test('promote: a commit that changes nothing of the Apps is no new revision', async () => {
  const { world } = await released();
  world.fleet.git.commit({ 'docs/README.txt': 'nothing to do with it' });
  await world.run(120);
  equal(world.forge.all().length, 0);
  await world.close();
});

test('promote: merged by itself, only while the plan is the one shown', async () => {
  const { world } = await released({ promotion: automatic });
  const { forge } = world;
  const second = world.release('2');
  let made = 0;
  // Clusters change under every look.
  const restless = setPlan(world, () => `${made++}`);
  await world.run(200);
  equal(forge.get(1).state, 'open', 'each look shows another plan');
  restless();
  await world.run(90);
  equal(forge.get(1).state, 'merged');
  equal(world.pinned(), second);
  equal(await imageOn(world, 'b'), 'web:2');
  await world.close();
});

/** Shape: the result makes it stay as it is. */
function setPlan({ plan }: TestPromotion, next: () => string): () => void {
  const descriptor = { get: next, configurable: true };
  Object.defineProperty(plan, 'salt', descriptor);
  return () => Object.defineProperty(plan, 'salt', { value: 'still', configurable: true, writable: true });
}

test('promote: a person who merges a plan that was not shown is told of on the commit, until the pin moves on', async () => {
  const { world, first } = await released();
  const { forge, plan } = world;
  const adviceOf = () => world.promoting().adviceFor(appIdOf('shop/web'));
  const second = world.release('2');
  await world.run(60);
  match(forge.get(1).body, new RegExp(`Landfall-From: ${first}`));
  // The text cannot be brought up to date, and nobody waits for that.
  forge.trouble = ({ name }) => (name === 'edit' ? fault('forbidden', 403) : undefined);
  plan.salt = 'something else';
  await world.run(700);
  await world.merge(1);
  forge.trouble = () => undefined;
  await world.run(700);
  equal(world.pinned(), second);
  equal(adviceOf(), '#1 was merged with a plan that it did not show');
  world.release('3');
  await world.run(60);
  equal(adviceOf(), '#1 was merged with a plan that it did not show', 'while the next is proposed');
  await world.merge(2);
  await world.run(60);
  equal(adviceOf(), undefined, 'and of one that was shown nothing is said');
  await world.close();
});

test('promote: what API servers would refuse is not merged by itself', async () => {
  const { world } = await released({ promotion: automatic });
  Object.assign(world.plan, { refused: ['Deployment shop/web on b: immutable'] });
  world.release('2');
  await world.run(120);
  equal(world.forge.get(1).state, 'open');
  match(world.forge.get(1).body, /\| `Plan` \| ❌ failed \|/);
  await world.close();
});

test('promote: a failure goes back, is marked, and stays away until the mark is taken out', async () => {
  const { world, first } = await released({ promotion: automatic });
  const { fleet, forge } = world;
  const second = fleet.git.commit({
    'web.yaml': (fleet.git.text('web.yaml') ?? '').replace(
      'components:',
      'variants: [{clusterNames: [b, c], images: [{name: web, newTag: 2-broken}]}]\n  components:',
    ),
    'apps/web/web.yaml': deployment('web', 'web:2'),
  });
  await world.run(45);
  equal(world.pinned(), second);
  await world.run(120);
  const revert = forge.get(2);
  equal(revert.title, `Revert shop/web in production to ${first.slice(0, 12)}`);
  match(revert.body, /It failed: `shop\/web: [12] of 2 clusters failed/);
  equal(revert.state, 'merged');
  match(fleet.git.text(pinPath) ?? '', new RegExp(`revision: ${first} # by hand\\n  quarantined: \\[${second}\\]`));
  await world.run(120);
  for (const cluster of ['b', 'c']) equal(await imageOn(world, cluster), 'web:1', 'back where it was');
  fleet.git.commit({ 'docs/README.txt': 'the same Apps by another commit' });
  await world.run(120);
  equal(world.pinned(), first);
  match(state(world)?.message ?? '', /is quarantined/);
  world.movePin(first);
  await world.run(60);
  equal(forge.get(3).title, `Promote shop/web to production: ${second.slice(0, 12)}`);
  await world.close();
});

test('promote: a revision that a person closes is not proposed again, the next one is', async () => {
  const { world } = await released();
  world.release('2');
  await world.run(60);
  world.forge.close(1);
  await world.run(200);
  equal(world.forge.all().length, 1);
  match(state(world)?.message ?? '', /a person has closed #1/);
  const third = world.release('3');
  await world.run(120);
  equal(world.forge.get(2).title, `Promote shop/web to production: ${third.slice(0, 12)}`);
  await world.close();
});

test('promote: a pin moved back by hand stays there until something newer is good', async () => {
  const { world, first } = await released({ promotion: automatic });
  world.release('2');
  await world.run(90);
  equal(await imageOn(world, 'b'), 'web:2');
  world.movePin(first);
  await world.run(200);
  equal(world.pinned(), first);
  match(state(world)?.message ?? '', /moved the pin back/);
  const third = world.release('3');
  await world.run(120);
  equal(world.pinned(), third);
  await world.close();
});

test('promote: a pin moved back by hand stays there, however many commits pass', async () => {
  const { world, first } = await released({ promotion: automatic });
  world.release('2');
  await world.run(90);
  world.movePin(first);
  for (let number = 1; number <= 230; number++) world.fleet.git.commit({ 'notes.md': `${number}` });
  await world.run(200);
  equal(world.pinned(), first);
  match(state(world)?.message ?? '', /may have moved the pin back from it, longer ago than the history/);
  equal(world.forge.all().length, 1, 'nothing is proposed, either');
  const third = world.release('3');
  await world.run(120);
  equal(world.pinned(), third, 'what is new goes on');
  await world.close();
});

test('promote: a mark that is taken out after many commits lets the revision come again', async () => {
  const { world, first } = await released({ promotion: automatic });
  const second = world.release('2');
  await world.run(90);
  world.movePin(first, [second]);
  for (let batch = 0; batch < 3; batch++) {
    for (let number = 1; number <= 90; number++) world.fleet.git.commit({ 'notes.md': `${batch} ${number}` });
    await world.run(20);
  }
  equal(world.pinned(), first);
  world.movePin(first);
  await world.run(120);
  equal(await imageOn(world, 'b'), 'web:2', state(world)?.message);
  await world.close();
});

test('promote: after a restart it finds its own, and does nothing twice', async () => {
  const { world } = await released();
  const { forge } = world;
  world.release('2');
  await world.run(60);
  await world.restart();
  await world.run(120);
  const writes = forge.requests.filter(({ name }) => !['from', 'get', 'open'].includes(name));
  deepEqual(
    writes.map(({ name }) => name),
    ['create'],
  );
  equal(forge.all().length, 1);
  await world.close();
});

test('promote: a forge that is down holds up nobody, and is caught up with', async () => {
  const { world } = await released({ promotion: automatic });
  const { forge } = world;
  forge.trouble = () => new FaultError({ kind: 'unreachable', detail: 'no answer' });
  const second = world.release('2');
  await world.run(120);
  equal(await imageOn(world, 'a'), 'web:2', 'canary goes on');
  match(state(world)?.message ?? '', /no answer|soaks|not there yet/);
  forge.trouble = () => undefined;
  await world.run(700);
  equal(world.pinned(), second);
  equal(forge.all().length, 1);
  await world.close();
});

const fault = (kind: FaultKind, status: number): FaultError =>
  new FaultError({ kind, detail: `HTTP ${status}`, status });

const troubles: readonly (readonly [string, ForgeTrouble])[] = [
  ['401', fault('unauthenticated', 401)],
  ['403', fault('forbidden', 403)],
  ['404', fault('missing', 404)],
  ['409', fault('stale', 409)],
  ['422', fault('invalid', 422)],
  ['429', new FaultError({ kind: 'throttled', detail: 'HTTP 429', status: 429, retryAfterMs: 20_000 })],
  ['500', fault('serverError', 500)],
  ['a cut connection', 'lost'],
  ['silence', 'silent'],
];
for (const [name, trouble] of troubles)
  test(`promote: a forge that answers with ${name} holds up no canary, and has one pull request in the end`, async () => {
    const { world } = await released();
    const { forge } = world;
    forge.trouble = () => trouble;
    const second = world.release('2');
    await world.run(120);
    equal(await imageOn(world, 'a'), 'web:2');
    forge.trouble = () => undefined;
    await world.run(900);
    equal(forge.all().length, 1);
    match(forge.get(1).title, new RegExp(second.slice(0, 12)));
    equal(forge.get(1).state, 'open');
    await world.close();
  });

test('promote: an answer that was lost opens no second pull request', async () => {
  const { world } = await released();
  const { forge } = world;
  forge.trouble = ({ name }) => (name === 'create' ? 'lost' : undefined);
  world.release('2');
  await world.run(60);
  forge.trouble = () => undefined;
  await world.run(120);
  equal(forge.all().length, 1);
  await world.close();
});

test('promote: without a forge the pin is pushed, or a person is told what to do', async () => {
  const { world } = await released({ promotion: automatic, hasForge: false });
  const second = world.release('2');
  await world.run(90);
  equal(world.pinned(), second);
  equal(await imageOn(world, 'c'), 'web:2');
  match(world.fleet.git.text(pinPath) ?? '', /# by hand/);
  await world.close();
  const manual = await released({ hasForge: false });
  const next = manual.world.release('2');
  await manual.world.run(90);
  equal(state(manual.world)?.message, `run \`landfall promote shop/web --to production --revision ${next}\``);
  equal(manual.world.pinned(), manual.first);
  await manual.world.close();
});

test('promote: stages beyond two go one after the other', async () => {
  const world = testPromotion({
    stages: [
      '{name: canary, clusterNames: [a], soak: 10s}',
      `{name: staging, clusterNames: [b], revision: Pinned, soak: 30s${automatic}}`,
      `{name: production, clusterNames: [c], revision: Pinned${automatic}}`,
    ],
  });
  const first = world.fleet.git.head();
  await world.run(2);
  const before = 'stage staging before it has no pin yet: `landfall promote shop/web --to staging` comes first';
  equal(state(world)?.message, before);
  await world.run(38);
  deepEqual([world.pinned('staging'), world.pinned('production')], [first, undefined]);
  await world.run(100);
  deepEqual([world.pinned('staging'), world.pinned('production')], [first, first]);
  const second = world.release('2');
  await world.run(40);
  deepEqual([world.pinned('staging'), world.pinned('production')], [second, first]);
  await world.run(120);
  equal(world.pinned('production'), second);
  equal(await imageOn(world, 'c'), 'web:2');
  await world.close();
});

test('promote: a stage that goes takes its pull request along', async () => {
  const { world } = await released();
  world.release('2');
  await world.run(60);
  const text = world.fleet.git.text('web.yaml') ?? '';
  world.fleet.git.commit({ 'web.yaml': text.replace('revision: Pinned', 'revision: Head') });
  await world.run(120);
  equal(world.forge.get(1).state, 'closed');
  match(world.forge.get(1).body, /Closed by Landfall: no stage asks for it any more/);
  await world.close();
});

test('promote: shows what would change on the clusters of its stage, equal changes once, and nothing of what waits', async () => {
  const { world } = await released({ isPlanned: true });
  world.release('2');
  await world.run(60);
  const { body } = world.forge.get(1);
  match(body, /the same 1-line diff on 2 clusters/);
  match(
    body,
    /@@ Deployment shop\/web @@[\s\S]*- \.spec\.template\.spec\.containers\[name="main"\]\.image: "web:1"\n\+ .*"web:2"/,
  );
  ok(!body.includes('has not shown'), body);
  const [, digest] = /Landfall-Plan: (\S+)/.exec(body) ?? [];
  await world.run(700);
  match(world.forge.get(1).body, new RegExp(`Landfall-Plan: ${digest}`), 'the same plan an age later');
  const labelled = { metadata: { labels: { by: 'hand' } }, spec: { replicas: 5 } };
  await world.fleet.request('b', 'PATCH', web, labelled, 'application/merge-patch+json');
  world.fleet.git.commit({ 'apps/web/other.yaml': configMap('other', '1') });
  await world.run(100);
  const [, other] = /Landfall-Plan: (\S+)/.exec(world.forge.get(1).body) ?? [];
  ok(other !== digest);
  match(world.forge.get(1).body, /1 to create/);
  await world.close();
});

test('promote: a forge that shows HTML as letters gets none in the text of a promotion', async () => {
  const { world } = await released({ isPlanned: true, markup: 'plain' });
  world.release('2');
  await world.run(60);
  const { body } = world.forge.get(1);
  match(body, /^\*\*`shop\/web`\*\*: the same 1-line diff on 2 clusters$/m);
  match(body, /^\+ .*"web:2"$/m);
  ok(!/<\/?(?:code|details|summary|sub)>/.test(body), body);
  await world.close();
});

test('promote: what a person closed a moment ago keeps its text, and what is newer is asked anew', async () => {
  const { world } = await released();
  const second = world.release('2');
  await world.run(60);
  world.release('3');
  await world.run(15);
  world.forge.close(1);
  await world.run(120);
  deepEqual(
    world.forge.all().map(({ state: how }) => how),
    ['closed', 'open'],
  );
  equal(world.forge.get(1).title, `Promote shop/web to production: ${second.slice(0, 12)}`);
  await world.close();
});

test('promote: a file that holds comments only keeps them', async () => {
  const world = testPromotion({ hasForge: false, promotion: automatic });
  const first = world.fleet.git.commit({ [pinPath]: '# The pin of production.\n#kind: Pin\n' });
  await world.run(90);
  const text = world.fleet.git.text(pinPath) ?? '';
  match(text, /^# The pin of production\.\n#kind: Pin\napiVersion: landfall\.dev\/v1alpha1\nkind: Pin\n/);
  ok(world.pinned() !== undefined && world.pinned() !== first);
  await world.close();
});
