/** Protects: whoever only looks refuses one cluster under two names as the reconciler does. */
import { equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { clusterId } from '../../../src/core/model/id.ts';
import { describeFault } from '../../../src/engine/fault-text.ts';
import { whyUnread } from '../../../src/engine/plan/read-member.ts';
import { clusterManifests, testFleet } from '../../builder/fleet.ts';

const survey = (fleet: ReturnType<typeof testFleet>, name: string) =>
  fleet.survey(async ({ members }) => {
    const member = members.get(clusterId(name));
    return member === undefined || member.isReady ? 'read' : describeFault(whyUnread(member));
  });

test('survey: of two names of one cluster the second is refused, before and after it was reconciled', async () => {
  const fleet = testFleet({ clusters: ['a', 'b'], aliases: { again: 'a' } });
  fleet.git.commit(clusterManifests(['a', 'b', 'again']));
  const refused = /this is cluster a under another name/;
  match(await survey(fleet, 'again'), refused);
  equal(await survey(fleet, 'a'), 'read');
  equal(await survey(fleet, 'b'), 'read');
  await fleet.run(30_000);
  match(await survey(fleet, 'again'), refused);
  equal(await survey(fleet, 'a'), 'read');
  await fleet.close();
});
