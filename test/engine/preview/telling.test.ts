/** Protects: whatever a forge does, reconciling goes on, the truth arrives in the end, and nothing is said twice. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { FaultError, type FaultKind } from '../../../src/core/model/fault.ts';
import { digest } from '../../../src/core/model/id.ts';
import { branchOf } from '../../../src/core/promotion/subject.ts';
import { formatTrailer } from '../../../src/core/promotion/trailer.ts';
import { configMap } from '../../builder/manifest.ts';
import type { ForgeTrouble } from '../../builder/pull-requests.ts';
import { seededRng } from '../../builder/rng.ts';
import { nextImage, settledScene } from './scene.ts';

const fault = (kind: FaultKind, status: number, retryAfterMs?: number): FaultError =>
  new FaultError({ kind, detail: `HTTP ${status}`, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

const troubles: readonly { readonly name: string; readonly trouble: ForgeTrouble }[] = [
  { name: '401', trouble: fault('unauthenticated', 401) },
  { name: '403', trouble: fault('forbidden', 403) },
  { name: '404', trouble: fault('missing', 404) },
  { name: '409', trouble: fault('stale', 409) },
  { name: '422', trouble: fault('invalid', 422) },
  { name: '429', trouble: fault('throttled', 429, 20_000) },
  { name: '500', trouble: fault('serverError', 500) },
  { name: 'a cut connection, after which nobody knows', trouble: 'lost' },
  { name: 'silence', trouble: 'silent' },
];

for (const { name, trouble } of troubles)
  test(`telling: a forge that answers with ${name}`, async () => {
    const scene = await settledScene();
    scene.forge.trouble = () => trouble;
    const number = scene.propose(nextImage);
    await scene.fleet.run(30_000);
    scene.fleet.git.commit({ 'apps/other/map.yaml': configMap('other', '2') });
    await scene.fleet.run(60_000);
    equal(scene.fleet.cell('shop/other', 'eu-1')?.state, 'Synced', scene.fleet.table());
    equal(scene.fleet.cell('shop/other', 'eu-1')?.commit, scene.fleet.git.head());
    scene.forge.trouble = () => undefined;
    await scene.fleet.run(900_000);
    equal(scene.status(number), 'success 1 to change on 3 clusters, 0 deletions');
    equal(scene.forge.comments(number).length, 1);
    const states = scene.forge.posts().map(({ state }) => state);
    ok(['success', 'pending,success'].includes(states.join()), states.join());
    await scene.close();
  });

test('telling: every other answer is lost, and each thing is said once', async () => {
  const scene = await settledScene();
  const rng = seededRng(5);
  scene.forge.trouble = () => (rng.next() < 0.5 ? 'lost' : undefined);
  const number = scene.propose(nextImage);
  await scene.fleet.run(900_000);
  equal(scene.status(number), 'success 1 to change on 3 clusters, 0 deletions');
  equal(scene.forge.comments(number).length, 1);
  equal(scene.forge.posts().filter(({ state }) => state === 'success').length, 1);
  await scene.close();
});

test('telling: pending at once, then the end; a restart posts nothing twice', async () => {
  const scene = await settledScene();
  const number = scene.propose(nextImage);
  await scene.fleet.run(30_000);
  const states = () => scene.forge.posts().map(({ state }) => state);
  equal(states().join(), 'pending,success');
  await scene.restart();
  await scene.fleet.run(300_000);
  equal(states().length, 2);
  equal(scene.forge.comments(number).length, 1);
  equal(scene.forge.comments(number)[0]?.editions, 1);
  await scene.close();
});

test('telling: a branch that moves beside a pull request costs it no comment', async () => {
  const scene = await settledScene();
  const number = scene.propose(nextImage);
  await scene.fleet.run(30_000);
  for (let value = 2; value < 5; value++) {
    scene.fleet.git.commit({ 'apps/other/map.yaml': configMap('other', String(value)) });
    await scene.fleet.run(120_000);
  }
  equal(scene.forge.comments(number)[0]?.editions, 1);
  equal(scene.forge.posts().length, 2);
  scene.fleet.git.commit(nextImage);
  await scene.fleet.run(240_000);
  equal(scene.status(number), 'success nothing changes', 'the branch has it by now');
  match(scene.comment(number), /nothing changes/);
  await scene.close();
});

test('telling: a mark in what somebody else wrote is no mark, and a comment that was removed comes back', async () => {
  const scene = await settledScene();
  const number = scene.propose(nextImage);
  scene.forge.remark(number, '<!-- landfall plan test fleet 1 -->\nmine');
  await scene.fleet.run(30_000);
  const [theirs, ours] = scene.forge.comments(number);
  equal(theirs?.body, '<!-- landfall plan test fleet 1 -->\nmine');
  ok(ours !== undefined);
  scene.forge.removeComment(number, ours.id);
  scene.forge.push(
    number,
    scene.fleet.git.branchOff(scene.fleet.git.head(), { 'apps/web/more.yaml': configMap('more', '1') }),
  );
  await scene.fleet.run(60_000);
  match(scene.forge.comments(number)[1]?.body ?? '', /1 to create on 3 clusters/);
  await scene.close();
});

test('telling: many at once: the newest first, one plan at a time, and never more than may be written', async () => {
  const scene = await settledScene({ rate: { burst: 12, perHour: 60 } });
  const numbers = Array.from({ length: 10 }, (_, index) =>
    scene.propose({ 'apps/web/more.yaml': configMap('more', String(index)) }),
  );
  await scene.fleet.run(60_000);
  const written = () => scene.forge.requests.filter(({ name }) => ['post', 'comment', 'editComment'].includes(name));
  ok(written().length <= 14, `${written().length} writes in the first minutes`);
  const ends = scene.forge.posts().filter(({ state }) => state === 'success');
  equal(ends[0]?.commit, scene.forge.get(numbers.at(-1)!).head.commit);
  await scene.fleet.run(3_600_000);
  for (const number of numbers) equal(scene.status(number), 'success 1 to create on 3 clusters, 0 deletions');
  for (const number of numbers) equal(scene.forge.comments(number).length, 1);
  await scene.close();
});

test('telling: a promotion shows its plan in its own text, so it has the status and no comment', async () => {
  const scene = await settledScene();
  const to = scene.fleet.git.head();
  const trailer = formatTrailer({
    ...{ kind: 'promote', from: undefined, to, content: digest('c'), plan: 'p', replaced: [] },
    ...{ isChosen: false, isWithdrawn: false },
  });
  const branch = branchOf({ placement: 'shop/web', stage: 'production' });
  const open = (body: string): number =>
    scene.forge.propose({ branch, head: scene.fleet.git.branchOff(to, nextImage), body });
  const [ours, theirs] = [open(`A plan.\n\n${trailer}\n`), open('Somebody else’s, on a branch of that name.')];
  await scene.fleet.run(60_000);
  for (const number of [ours, theirs]) equal(scene.status(number), 'success 1 to change on 3 clusters, 0 deletions');
  deepEqual(
    [ours, theirs].map((number) => scene.forge.comments(number).length),
    [0, 1],
  );
  await scene.close();
});

test('telling: where HTML is shown as text there is one comment, too, and it is found again', async () => {
  const scene = await settledScene({ forge: { markup: 'plain' } });
  const number = scene.propose(nextImage);
  await scene.fleet.run(30_000);
  await scene.restart();
  scene.forge.push(
    number,
    scene.fleet.git.branchOff(scene.fleet.git.head(), { 'apps/web/more.yaml': configMap('more', '1') }),
  );
  await scene.fleet.run(300_000);
  equal(scene.forge.comments(number).length, 1);
  match(scene.comment(number), /^\[\/\/\]: # \(landfall plan test fleet 1\)\n[\s\S]*1 to create on 3 clusters/);
  await scene.close();
});
