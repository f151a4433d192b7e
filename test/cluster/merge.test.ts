/** The sandbox's writes against a real API server: the same requests, the same objects, owners and refusals. */
import { deepEqual, ok } from 'node:assert/strict';
import { after, test } from 'node:test';
import { admin } from './api-server.ts';
import { findOrBuildAssets } from './assets.ts';
import { startControlPlanes } from './control-plane.ts';
import { runDifferential, runRefusals, type Tally } from './merge/differential.ts';
import { triedKinds } from './merge/kinds.ts';

const sequencesPerKind = 15;

const report = (line: string): void => console.error(`# ${line}`);
const search = await findOrBuildAssets(report);

if (search.kind === 'missing') test('merge: as kube-apiserver', { skip: 'no Kubernetes to run' });
else {
  // A server without controllers: they would write between our own writes.
  const planes = await startControlPlanes(search.assets, {
    count: 1,
    withControllers: false,
    isAudited: false,
    report,
  });
  after(() => planes.stop());
  const server = planes.servers[0]!;
  const target = { url: server.origin, token: server.tokenFor(admin), ca: server.ca() };

  test('validate: every reason to refuse, in the words of kube-apiserver', async () => {
    const tally = await runRefusals(target);
    deepEqual(disagreementsOf(tally), []);
    deepEqual(tally.unchecked, []);
    ok(tally.refusals > 150, `${tally.refusals} refused alike`);
  });

  for (const kind of triedKinds) {
    const seeds = Array.from({ length: sequencesPerKind }, (_, index) => 1 + index);
    test(`merge: ${sequencesPerKind} sequences of writes to a ${kind.kind} end as on kube-apiserver`, async () => {
      const tally = await runDifferential(target, seeds, [kind]);
      deepEqual(disagreementsOf(tally), []);
      ok(tally.operations > sequencesPerKind * 5, `${tally.operations} writes`);
    });
  }
}

const disagreementsOf = (tally: Tally): readonly string[] =>
  tally.disagreements.map(
    ({ label, step, operation, differences }) =>
      `${label} step ${step}: ${JSON.stringify(operation)}\n${differences.join('\n')}`,
  );
