/** Protects: a stage with gates takes a revision when all of them have said yes to it, in any order, and says what it waits for. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at, isArray } from '../../../src/core/json/value.ts';
import { appIdOf, cellId, clusterId, repositoryId } from '../../../src/core/model/id.ts';
import type { CommitStatus } from '../../../src/engine/gates/status-check.ts';
import { explain } from '../../../src/engine/plan/explain.ts';
import { fleetPlanOf } from '../../../src/engine/plan/fleet-plan.ts';
import { outlookOf, tryNothing } from '../../../src/engine/plan/outlook.ts';
import { Truth } from '../../../src/engine/publish/truth.ts';
import { clusterManifests, type TestFleet, testFleet } from '../../builder/fleet.ts';
import { app, configMap, pin, placement } from '../../builder/manifest.ts';
import { outside } from './outside.ts';

const path = '/api/v1/namespaces/shop/configmaps/web';
const valueOn = async (fleet: TestFleet, cluster: string): Promise<unknown> =>
  at((await fleet.get(cluster, path)) as never, 'data', 'value');
const minute = 60_000;

/** What the world says to checks; a test changes it. */
function world() {
  const { said, asked, web } = outside();
  const told = Object.assign(said, { statuses: new Map<string, readonly CommitStatus[]>() });
  const checks = { ...web, readStatuses: async (_: unknown, commit: string) => told.statuses.get(commit) ?? [] };
  return { asked, said: told, checks };
}

const production = (gates: string): string =>
  `{name: production, clusterNames: [b], revision: Pinned, gates: [${gates}]}`;
const filesWith = (gates: string) => ({
  ...clusterManifests(['a', 'b']),
  'web.yaml': `${app('web')}---\n${placement('web', ['{name: canary, clusterNames: [a]}', production(gates)])}`,
  'apps/web/web.yaml': configMap('web', '1'),
});

/** A fleet whose production is pinned to the first commit, with these gates before it. */
async function gated(gates: string, more = '') {
  const around = world();
  const fleet = testFleet({ clusters: ['a', 'b'], checks: around.checks });
  const first = fleet.git.commit(filesWith(gates));
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', first, more) });
  await fleet.run(minute);
  return { ...around, fleet, first };
}

const waitOf = (fleet: TestFleet): string => fleet.cell('shop/web', 'b')?.message ?? '';

test('gates: a status of others on the commit', async () => {
  const { fleet, first, said } = await gated('{name: ci, status: {context: ci/test}}');
  equal(await valueOn(fleet, 'a'), '1');
  equal(await valueOn(fleet, 'b'), undefined);
  equal(waitOf(fleet), `waits for gate ci: commit ${first.slice(0, 12)} has no status ci/test yet`);
  said.statuses.set(first, [{ name: 'ci/test', state: 'failure', text: '3 tests failed' }]);
  await fleet.run(minute);
  equal(waitOf(fleet), 'gate ci failed: ci/test: 3 tests failed');
  said.statuses.set(fleet.git.head(), [{ name: 'ci/test', state: 'success', text: '' }]);
  await fleet.run(minute);
  equal(await valueOn(fleet, 'b'), undefined, 'another commit that is green proves nothing of this one');
  said.statuses.set(first, [{ name: 'ci/test', state: 'success', text: 'all passed' }]);
  await fleet.run(minute);
  equal(await valueOn(fleet, 'b'), '1');
  await fleet.close();
});

test('gates: a page and a measurement', async () => {
  const gates =
    '{name: page, http: {url: "https://shop.example.com/healthz"}}, {name: errors, prometheus: {url: "https://prometheus.example.com", query: "errors{app=\\"${app}\\"}", max: 1, for: 2m}}';
  const { fleet, said, asked } = await gated(gates);
  said.status = 503;
  said.values = ['2'];
  await fleet.run(2 * minute);
  equal(waitOf(fleet), 'gate page failed: answers 503, not 200');
  said.status = 200;
  await fleet.run(minute);
  equal(waitOf(fleet), 'gate errors failed: 2 is above 1');
  said.values = [];
  await fleet.run(minute);
  equal(waitOf(fleet), 'waits for gate errors: the query has no answer');
  said.values = ['0', '1'];
  await fleet.run(minute);
  match(waitOf(fleet), /waits for gate errors: 0, 1 within bounds for \d+ s of 120 s/);
  equal(await valueOn(fleet, 'b'), undefined);
  await fleet.run(3 * minute);
  equal(await valueOn(fleet, 'b'), '1');
  ok(asked.includes(`https://prometheus.example.com/api/v1/query?query=${encodeURIComponent('errors{app="web"}')}`));
  const before = asked.length;
  await fleet.run(10 * minute);
  equal(asked.length, before, 'nobody asks for what nobody waits for');
  await fleet.close();
});

test('gates: what the operator has not allowed is not asked', async () => {
  const { fleet, asked } = await gated('{name: page, http: {url: "http://169.254.169.254/latest"}}');
  match(waitOf(fleet), /waits for gate page: O2005 .*not among `checks.allow`/);
  deepEqual(asked, []);
  await fleet.close();
});

test('gates: a restart keeps no answer', async () => {
  const { fleet, said } = await gated(
    '{name: page, http: {url: "https://shop.example.com/"}}, {name: go, approval: {}}',
  );
  match(waitOf(fleet), /waits for gate go: nobody has approved/);
  await fleet.kill();
  said.status = 500;
  fleet.start();
  await fleet.run(minute);
  equal(waitOf(fleet), 'gate page failed: answers 500, not 200');
  await fleet.close();
});

const jobs = '/apis/batch/v1/namespaces/shop/jobs';
const job = (args: string): string => `apiVersion: batch/v1
kind: Job
metadata: {name: smoke}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "smoke:1", args: [${args}]}]
`;

async function jobsOn(fleet: TestFleet, cluster: string): Promise<readonly unknown[]> {
  const items = at((await fleet.get(cluster, jobs)) as never, 'items');
  return isArray(items) ? items : [];
}

test('gates: a Job is run once for a revision, and cleared', async () => {
  const around = world();
  const fleet = testFleet({ clusters: ['a', 'b'], checks: around.checks });
  const gates = '{name: smoke, job: {path: checks/smoke.yaml, cluster: a}}, {name: go, approval: {}}';
  const first = fleet.git.commit({ ...filesWith(gates), 'checks/smoke.yaml': job('ok') });
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', first) });
  await fleet.run(3 * minute);
  const [made, ...others] = await jobsOn(fleet, 'a');
  deepEqual(others, []);
  match(String(at(made as never, 'metadata', 'name')), /^smoke-[0-9a-f]{10}$/);
  match(waitOf(fleet), /waits for gate go: nobody has approved/, 'the Job has passed');
  equal(
    fleet.engine.steering.stagesOf(appIdOf('shop/web'))[1]?.gates.find(({ gate }) => gate === 'smoke')?.result,
    'pass',
  );
  await fleet.kill();
  fleet.start();
  await fleet.run(2 * minute);
  equal((await jobsOn(fleet, 'a')).length, 1, 'found again after a restart');
  const approvals = `, approvals: [{gate: go, revision: "${first}", by: ann}]`;
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', first, approvals) });
  await fleet.run(minute);
  equal(await valueOn(fleet, 'b'), '1');
  await fleet.run(15 * minute);
  deepEqual(await jobsOn(fleet, 'a'), []);
  ok(fleet.sandbox.traps().length === 0, JSON.stringify(fleet.sandbox.traps()));
  await fleet.close();
});

test('gates: a Job that would be gone at once stays until it was heard', async () => {
  const fleet = testFleet({ clusters: ['a', 'b'] });
  const gates = '{name: smoke, job: {path: checks/smoke.yaml, cluster: a}}';
  const hasty = job('ok').replace('backoffLimit: 0', 'backoffLimit: 0\n  ttlSecondsAfterFinished: 0');
  const first = fleet.git.commit({ ...filesWith(gates), 'checks/smoke.yaml': hasty });
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', first) });
  await fleet.run(3 * minute);
  equal(await valueOn(fleet, 'b'), '1', waitOf(fleet));
  await fleet.close();
});

test('gates: a bypass lets pass, says so, and ends', async () => {
  const { fleet, first } = await gated('{name: ci, status: {context: ci/test}}');
  const until = new Date(fleet.clock.nowMs() + 10 * minute).toISOString();
  const bypass = `, bypass: {gates: [Evidence, ci], reason: INC-12, until: "${until}"}`;
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', first, bypass) });
  await fleet.run(minute);
  equal(await valueOn(fleet, 'b'), '1');
  const told = (): string | undefined =>
    [...(truth.look()?.pinned ?? [])].find(([context]) => context.endsWith('/production'))?.[1].status.text;
  const truth = new Truth(repositoryId('fleet'), fleet.engine, fleet.clock);
  equal(told(), '1/1 clusters synced and healthy; BYPASSED Evidence, ci: INC-12');
  equal(fleet.engine.steering.stagesOf(appIdOf('shop/web'))[1]?.bypassed, 'BYPASSED Evidence, ci: INC-12');
  await fleet.run(10 * minute);
  equal(told(), '1/1 clusters synced and healthy');
  const second = fleet.git.commit({ 'apps/web/web.yaml': configMap('web', '2') });
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', second, bypass) });
  await fleet.run(minute);
  equal(await valueOn(fleet, 'b'), '1', 'its end is its end');
  match(waitOf(fleet), /waits for gate ci/);
  await fleet.close();
});

test('gates: one region is rolled back by an exception, and the rest stays', async () => {
  const fleet = testFleet({ clusters: ['a', 'b', 'c'] });
  const stages = ['{name: canary, clusterNames: [a]}', '{name: production, clusterSelector: {}, revision: Pinned}'];
  const first = fleet.git.commit({
    ...clusterManifests(['a', 'b', 'c']),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/web.yaml': configMap('web', '1'),
  });
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', first) });
  await fleet.run(minute);
  const second = fleet.git.commit({ 'apps/web/web.yaml': configMap('web', '2') });
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', second) });
  await fleet.run(2 * minute);
  equal(await valueOn(fleet, 'c'), '2');
  const exceptions = `, exceptions: [{clusterNames: [c], revision: "${first}", reason: INC-12}]`;
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', second, exceptions) });
  await fleet.run(minute);
  deepEqual([await valueOn(fleet, 'b'), await valueOn(fleet, 'c')], ['2', '1']);
  const truth = new Truth(repositoryId('fleet'), fleet.engine, fleet.clock);
  const [view] = [...(truth.look()?.pinned.values() ?? [])];
  deepEqual(
    [...(view?.revisions ?? [])].map(([revision, { state }]) => [revision, state]),
    [
      [second, 'success'],
      [first, 'success'],
    ],
  );
  await fleet.close();
});

test('gates: a revision in quarantine goes nowhere new, and what it held goes nowhere by another name', async () => {
  const fleet = testFleet({ clusters: ['a', 'b'] });
  const first = fleet.git.commit(filesWith(''));
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', first) });
  await fleet.run(minute);
  const bad = fleet.git.commit({ 'apps/web/web.yaml': configMap('web', 'bad') });
  await fleet.run(minute);
  const marked = `, quarantined: ["${bad}"]`;
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', bad, marked) });
  await fleet.run(minute);
  equal(await valueOn(fleet, 'b'), '1');
  equal(waitOf(fleet), `revision ${bad.slice(0, 12)} is quarantined`);
  const again = fleet.git.commit({ 'README.md': 'nothing of the App' });
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', again, marked) });
  await fleet.run(minute);
  equal(waitOf(fleet), `revision ${again.slice(0, 12)} holds what is quarantined`);
  const good = fleet.git.commit({ 'apps/web/web.yaml': configMap('web', '3') });
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', good, marked) });
  await fleet.run(2 * minute);
  equal(await valueOn(fleet, 'b'), '3');
  await fleet.close();
});

test('explain and statuses: the same words, from the same evidence', async () => {
  const gates =
    '{name: page, http: {url: "https://shop.example.com/"}}, {name: ci, status: {context: ci/test}}, {name: go, approval: {}}';
  const { fleet, first, said } = await gated(gates);
  const truth = new Truth(repositoryId('fleet'), fleet.engine, fleet.clock);
  const steps: (() => void)[] = [
    () => {
      said.status = 503;
    },
    () => {
      said.status = 200;
    },
    () => said.statuses.set(first, [{ name: 'ci/test', state: 'success', text: 'ok' }]),
  ];
  for (const change of steps) {
    change();
    await fleet.run(3 * minute);
    const cell = cellId(appIdOf('shop/web'), clusterId('b'));
    const decision = fleet.engine.steering.decisionOf(cell);
    const reason = decision?.kind === 'wait' ? decision.reason : undefined;
    const status = [...(truth.look()?.pinned.values() ?? [])][0]?.status.text;
    const explained = await fleet.survey(async (survey, signal) => {
      const outlook = await outlookOf(survey, tryNothing, signal);
      return explain(survey, outlook, fleetPlanOf(survey, outlook, {}), signal);
    });
    const decided = explained.steps.find(({ step, subject }) => step === 'decide' && subject === cell);
    equal(decided?.reason, reason, 'explained as decided');
    equal(status, `0/1 clusters synced and healthy; b: ${reason}`, 'told as decided');
    equal(waitOf(fleet), reason);
    const shut = explained.steps.filter(({ step, tone }) => step === 'gate' && tone !== 'good');
    ok(shut.some(({ reason: text }) => text !== undefined && reason?.endsWith(text)));
  }
  await fleet.close();
});
