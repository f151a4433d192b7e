/** Protects: a bypass is for one revision and seen by all; where there is no forge, a status says whose turn it is. */
import { doesNotMatch, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { appId, commitSha, repositoryId } from '../../../src/core/model/id.ts';
import { movedPin } from '../../../src/engine/promote/pin-file.ts';
import { Truth } from '../../../src/engine/publish/truth.ts';
import { pinPath, type TestPromotion, testPromotion } from './promotion.ts';

const pinWith = (revision: string, bypass: string): string =>
  `# Ours.
apiVersion: landfall.dev/v1alpha1
kind: Pin
metadata: {name: web.production, namespace: shop}
spec:
  revision: ${revision} # moved
  bypass: ${bypass}
  # Since March.
  quarantined: []
`;
const open = '{gates: [Evidence, Soak, Window], reason: INC-12, until: "2999-01-01T00:00:00Z"}';

test('movedPin: a bypass of the old revision goes, and all else stays', () => {
  const subject = { placement: 'shop/web', stage: 'production' };
  const to = commitSha('b'.repeat(40));
  const moved = movedPin(subject, pinPath, pinWith('a'.repeat(40), open), { to, failing: undefined });
  const expected = pinWith(to, open).replace(/ {2}bypass: .*\n/, '');
  equal(moved.kind === 'moved' && moved.text, expected);
});

const textOf = ({ fleet: { engine, clock } }: TestPromotion, advice?: string): string => {
  const truth = new Truth(repositoryId('fleet'), engine, clock, () => advice);
  return [...(truth.look()?.views.values() ?? [])].map(({ status }) => status.text).join('\n');
};

test('bypass: the status of the App says it, as long as it is for what the pin names', async () => {
  const world = testPromotion();
  const { git } = world.fleet;
  const first = git.head();
  git.commit({ [pinPath]: pinWith(first, open) });
  await world.run(30);
  match(textOf(world), /production BYPASSED Evidence, Soak, Window: INC-12/);
  const bound = open.replace('reason', `revision: ${first}, reason`);
  git.commit({ [pinPath]: pinWith(first, bound) });
  await world.run(10);
  match(textOf(world), /production BYPASSED/);
  const second = world.release('2');
  git.commit({ [pinPath]: pinWith(second, bound) });
  await world.run(10);
  doesNotMatch(textOf(world), /BYPASSED/);
  await world.close();
});

test('bypass: opens no gate for the next revision, and is gone when that comes', async () => {
  const stages = [
    '{name: canary, clusterNames: [a], soak: 20s, progressDeadline: 60s}',
    '{name: production, clusterSelector: {}, revision: Pinned, gates: [{name: hours, window: {schedule: "0 0 29 2 *", duration: 1m}}], promotion: {merge: Automatic}}',
  ];
  const world = testPromotion({ stages });
  const { git } = world.fleet;
  const first = git.head();
  git.commit({ [pinPath]: pinWith(first, open) });
  await world.run(60);
  world.release('2');
  await world.run(120);
  equal(world.pinned(), first);
  match(world.forge.get(1).body, /\| `hours` \| ⏳ waits \|/);
  await world.merge(1);
  doesNotMatch(git.text(pinPath) ?? '', /bypass/);
  await world.close();
});

test('promote: without a forge the status of the commit says whose turn it is', async () => {
  const world = testPromotion({ hasForge: false });
  world.movePin(world.fleet.git.head());
  await world.run(60);
  const { adviceFor } = world.promoting();
  equal(adviceFor(appId('shop', 'web')), undefined);
  world.release('2');
  await world.run(60);
  const advice = adviceFor(appId('shop', 'web'));
  equal(advice, 'run landfall promote shop/web --to production');
  match(textOf(world, advice), /synced and healthy.*run landfall promote shop\/web --to production/);
  await world.close();
});
