/** Protects: what is copied has been well where it comes from, nothing else is touched, and a failure goes back. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import {
  copyBranch,
  field,
  imageOf,
  paths,
  placementsWith,
  production,
  releaseTo,
  staging,
  stateOf,
  testCopying,
} from './copying.ts';

const automatic = '\n      merge: Automatic';

test('copying: a pull request once the source has soaked, of the one line, and production follows it', async () => {
  const world = testCopying({ isPlanned: true });
  const { fleet, forge } = world;
  await world.run(60);
  deepEqual(forge.all(), [], 'equal folders need nothing');
  equal(stateOf(world)?.message, 'its folder holds what is to be copied');
  const second = releaseTo(world)('2');
  await world.run(15);
  equal(forge.all().length, 0, 'not before the soak is over');
  match(stateOf(world)?.message ?? '', /soaks until/);
  await world.run(60);
  const [request] = forge.all();
  equal(request?.title, `Promote shop/web-production to production: ${second.slice(0, 12)}`);
  equal(request?.head.branch, copyBranch);
  match(request?.body ?? '', /Copies from `environments\/staging` at `[0-9a-f]{12}` into `environments\/production`/);
  match(request?.body ?? '', /\| `Evidence` \| ✅ passed \| `shown to be good by staging` \|/);

  match(request?.body ?? '', /^- .*image: "web:1"\n\+ .*image: "web:2"$/m, 'what changes on the clusters');
  equal(fleet.git.text(paths.production, request?.head.commit), production('web:2'));
  equal(await imageOf(world, 'b'), 'web:1');
  await world.merge(1);
  await world.run(90);
  for (const cluster of ['b', 'c']) equal(await imageOf(world, cluster), 'web:2');
  equal(fleet.git.text(paths.production), production('web:2'));
  equal(forge.all().length, 1);
  await world.close();
});

test('copying: what else changes at the source is nothing to the target', async () => {
  const world = testCopying({ promotion: automatic });
  world.fleet.git.commit({ [paths.staging]: staging('web:1', ', env: [{name: A, value: b}]') });
  await world.run(120);
  deepEqual(world.forge.all(), []);
  await world.close();
});

test('copying: merged by itself, by the plan that is shown; the target keeps what is changed there meanwhile', async () => {
  const world = testCopying({ promotion: automatic });
  const { fleet, forge } = world;
  await world.run(60);
  releaseTo(world)('2');
  await world.run(10);
  fleet.git.commit({ [paths.production]: production('web:1', 3) });
  await world.run(90);
  equal(forge.get(1).state, 'merged');
  equal(fleet.git.text(paths.production), production('web:2', 3));
  equal(await imageOf(world, 'c'), 'web:2');
  equal(forge.all().length, 1);
  await world.close();
});

test('copying: a failure goes back, is marked in the Placement, and stays away until the mark is taken out', async () => {
  // What staging runs well is broken on the clusters of production.
  const variant = 'variants: [{clusterNames: [b, c], images: [{name: other, newName: web, newTag: 2-broken}]}]';
  const world = testCopying({ promotion: automatic, variant });
  const { fleet, forge } = world;
  await world.run(60);
  const second = fleet.git.commit({ [paths.staging]: staging('other:2') });
  await world.run(180);
  const revert = forge.get(2);
  equal(revert.title.slice(0, 44), 'Revert shop/web-production in production to ');
  match(revert.body, /Sets `environments\/production` back to what it held at `[0-9a-f]{12}`/);
  match(revert.body, /It failed: `shop\/web-production: [12] of 2 clusters failed/);
  equal(revert.state, 'merged');
  equal(fleet.git.text(paths.production), production('web:1'));
  match(
    fleet.git.text(paths.placements) ?? '',
    new RegExp(`copy: # from the stage before[^]*quarantined: \\[${second}\\]`),
  );
  await world.run(120);
  for (const cluster of ['b', 'c']) equal(await imageOf(world, cluster), 'web:1', 'back where it was');
  match(stateOf(world)?.message ?? '', /is quarantined, until a person takes the mark out of the Placement/);
  equal(forge.all().length, 2);
  releaseTo(world)('3');
  await world.run(120);
  equal(fleet.git.text(paths.production), production('web:3'));
  await world.close();
});

test('copying: what fails by something else than what was copied is no reason to take that back', async () => {
  const world = testCopying({ promotion: automatic });
  const { fleet, forge } = world;
  await world.run(60);
  releaseTo(world)('2');
  await world.run(120);
  const own = production('web:2').replace(
    "image: 'web:2'",
    "image: 'web:2'\n      - name: side\n        image: side:1-broken",
  );
  fleet.git.commit({ [paths.production]: own });
  await world.run(180);
  equal(forge.all().length, 1);
  match(stateOf(world)?.message ?? '', /in the last 60 commits nothing else that was copied was good here/);
  equal(fleet.git.text(paths.production), own);
  await world.close();
});

test('copying: a target that cannot be read is left alone, and the place is said', async () => {
  const world = testCopying({ promotion: automatic });
  const { fleet, forge } = world;
  await world.run(30);
  const broken = `${production('web:1')}---\na: [\n`;
  fleet.git.commit({ [paths.production]: broken, [paths.staging]: staging('web:2') });
  await world.run(120);
  deepEqual(forge.all(), []);
  match(stateOf(world)?.message ?? '', /environments\/production\/web\.yaml:\d+:\d+: /);
  equal(fleet.git.text(paths.production), broken);
  fleet.git.commit({ [paths.production]: production('web:1') });
  await world.run(120);
  equal(fleet.git.text(paths.production), production('web:2'));
  await world.close();
});

test('copying: what no App of the source is made of is not copied', async () => {
  const world = testCopying({
    promotion: automatic,
    copy: `fields: [${field}]\n        files: ["*.txt"]`,
    files: { 'environments/staging/notes.txt': 'new', 'environments/production/notes.txt': 'old' },
  });
  releaseTo(world)('2');
  await world.run(120);
  deepEqual(world.forge.all(), []);
  match(stateOf(world)?.message ?? '', /notes\.txt is nothing that shop\/web-staging runs/);
  await world.close();
});

test('copying: what a person takes back by hand stays away, until something newer is good', async () => {
  const world = testCopying({ promotion: automatic });
  const { fleet, forge } = world;
  await world.run(30);
  releaseTo(world)('2');
  await world.run(90);
  equal(fleet.git.text(paths.production), production('web:2'));
  fleet.git.commit({ [paths.production]: production('web:1') });
  await world.run(120);
  equal(fleet.git.text(paths.production), production('web:1'));
  match(stateOf(world)?.message ?? '', /taken it out of the folder again/);
  releaseTo(world)('3');
  await world.run(90);
  equal(fleet.git.text(paths.production), production('web:3'));
  equal(forge.all().length, 2);
  await world.close();
});

test('copying: what a person takes back stays away, however many commits pass', async () => {
  const world = testCopying({ promotion: automatic });
  const { fleet, forge } = world;
  await world.run(30);
  releaseTo(world)('2');
  await world.run(90);
  fleet.git.commit({ [paths.production]: production('web:1') });
  for (let number = 1; number <= 230; number++) fleet.git.commit({ 'notes.md': `${number}` });
  await world.run(200);
  equal(fleet.git.text(paths.production), production('web:1'));
  match(stateOf(world)?.message ?? '', /may have taken it out .* longer ago than the history/);
  equal(forge.all().length, 1, 'nothing is proposed, either');
  const third = releaseTo(world)('3');
  await world.run(90);
  equal(fleet.git.text(paths.production), production('web:3'), `what is new goes on: ${third}`);
  await world.close();
});

test('copying: a pull request that a person closes is not opened again, and a newer one is', async () => {
  const world = testCopying();
  const { forge } = world;
  await world.run(30);
  releaseTo(world)('2');
  await world.run(60);
  forge.close(1);
  await world.run(120);
  equal(forge.all().length, 1);
  releaseTo(world)('3');
  await world.run(60);
  equal(forge.all().length, 2);
  await world.close();
});

test('copying: without a forge it is pushed, or a person is told how', async () => {
  for (const isAutomatic of [true, false]) {
    const world = testCopying({ hasForge: false, promotion: isAutomatic ? automatic : '' });
    await world.run(30);
    const second = releaseTo(world)('2');
    await world.run(90);
    const { fleet } = world;
    equal(fleet.git.text(paths.production), production(isAutomatic ? 'web:2' : 'web:1'));
    if (isAutomatic) equal(await imageOf(world, 'b'), 'web:2');
    else
      equal(
        stateOf(world)?.message,
        `run \`landfall promote shop/web-production --to production --revision ${second}\``,
      );
    await world.close();
  }
});

test('copying: gates and freezes of the target hold the pull request', async () => {
  const closed = '\n    gates: [{name: never, window: {schedule: "0 0 1 1 *", duration: 1m}}]';
  const world = testCopying({ promotion: automatic, stage: closed });
  const { fleet, forge } = world;
  await world.run(30);
  releaseTo(world)('2');
  await world.run(90);
  equal(forge.get(1).state, 'open');
  match(forge.get(1).body, /\| `never` \| ⏳ waits \|/);
  fleet.git.commit({ [paths.placements]: placementsWith({ promotion: automatic }) });
  await world.run(90);
  equal(forge.get(1).state, 'merged');
  await world.close();
});
