/** Protects: at rest Landfall asks nothing and writes nothing, counted where the requests arrive. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { type RequestCount, requestsBetween } from '../../src/sandbox/requests.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, configMap, deployment, placement } from '../builder/manifest.ts';

const names = ['a', 'b', 'c'];
const everywhere = ['{name: all, clusterSelector: {}}'];

const snapshot = ({ sandbox }: TestFleet): readonly (readonly RequestCount[])[] =>
  sandbox.clusters.map((cluster) => cluster.requests());

/** Landfall's own requests, leases and streams that were merely opened again left out. */
function sent(fleet: TestFleet, before: readonly (readonly RequestCount[])[]): readonly string[] {
  const counts = snapshot(fleet).flatMap((after, index) => requestsBetween(before[index]!, after));
  return counts
    .filter(
      ({ userAgent, resource, verb, count }) =>
        userAgent.startsWith('landfall') && resource !== 'leases.coordination.k8s.io' && verb !== 'watch' && count > 0,
    )
    .map(({ verb, resource, count }) => `${count} ${verb} ${resource}`);
}

async function converged(): Promise<TestFleet> {
  const fleet = testFleet({ clusters: names });
  fleet.git.commit({
    ...clusterManifests(names),
    'web.yaml': `${app('web')}---\n${placement('web', everywhere)}`,
    'apps/web/web.yaml': `${deployment('web', 'web:1')}---\n${configMap('web', '1')}`,
  });
  await fleet.run(60_000);
  for (const name of names) equal(fleet.cell('shop/web', name)?.state, 'Synced');
  return fleet;
}

test('at rest: twenty rounds send nothing', async () => {
  const fleet = await converged();
  const before = snapshot(fleet);
  await fleet.run(20 * 10_000);
  deepEqual(sent(fleet, before), []);
  await fleet.close();
});

test('at rest: an unrelated push sends nothing', async () => {
  const fleet = await converged();
  const before = snapshot(fleet);
  fleet.git.commit({
    'docs/readme.yaml': 'title: hello\n',
    'apps/web/web.yaml': `# a comment\n${deployment('web', 'web:1')}---\n${configMap('web', '1')}`,
  });
  await fleet.run(30_000);
  deepEqual(sent(fleet, before), []);
  await fleet.close();
});

test('at rest: a restart reads what it must once, no object, and writes nothing', async () => {
  const fleet = await converged();
  await fleet.kill();
  await fleet.run(20_000);
  const before = snapshot(fleet);
  fleet.start();
  await fleet.run(60_000);
  for (const name of names) equal(fleet.cell('shop/web', name)?.state, 'Synced');
  const requests = sent(fleet, before);
  // Discovery, the cluster's identity and the key: a fixed number for each cluster, whatever it holds.
  const allowed = /^\d+ get (\/version|\/apis?|\/api|namespaces|secrets)$/;
  deepEqual(
    requests.filter((line) => !allowed.test(line)),
    [],
  );
  ok(requests.length > 0, 'the count sees requests at all');
  await fleet.close();
});

test('a change: one request for each changed object, and the record', async () => {
  const fleet = await converged();
  const before = snapshot(fleet);
  fleet.git.commit({ 'apps/web/web.yaml': `${deployment('web', 'web:1')}---\n${configMap('web', '2')}` });
  await fleet.run(30_000);
  deepEqual(sent(fleet, before).toSorted(), [
    '1 patch configmaps',
    '1 patch configmaps',
    '1 patch configmaps',
    '1 update configmaps',
    '1 update configmaps',
    '1 update configmaps',
  ]);
  await fleet.close();
});
