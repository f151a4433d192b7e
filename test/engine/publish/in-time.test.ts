/** Protects: whatever a forge does, rollouts go on and statuses catch up, none twice; and a failure is told within one poll. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { FaultError, type FaultKind } from '../../../src/core/model/fault.ts';
import { appIdOf } from '../../../src/core/model/id.ts';
import { memoryStore } from '../../../src/edge/store/memory-store.ts';
import { Budget } from '../../../src/engine/publish/budget.ts';
import { forgeSink } from '../../../src/engine/publish/forge-sink.ts';
import { storedJournal } from '../../../src/engine/publish/journals.ts';
import { startPublishing } from '../../../src/engine/publish/start.ts';
import { silentLog } from '../../../src/seam/log.ts';
import { noMetrics } from '../../../src/seam/metric.ts';
import { clusterManifests, testFleet } from '../../builder/fleet.ts';
import { app, deployment, placement } from '../../builder/manifest.ts';
import { type ForgeTrouble, testForge } from '../../builder/pull-requests.ts';

/** What the settings of a fleet in tests say. Units: milliseconds. */
const pollMs = 10_000;
const stepMs = 250;
const deadlineMs = 60_000;
const web = (tag: string) => ({ 'apps/web/web.yaml': deployment('web', `web:${tag}`) });

/** A canary and two clusters after it, whose commits a forge is told of. */
function toldFleet() {
  const fleet = testFleet({ clusters: ['a', 'b', 'c'] });
  const forge = testForge();
  const { clock } = fleet;
  const stop = new AbortController();
  const budget = new Budget({ burst: 60, perHour: 440 }, clock);
  const journal = storedJournal(memoryStore(), 'journal');
  const sink = forgeSink({ forge: forge.statuses, budget, journal, pageOf: () => undefined });
  const deps = { sinksOf: () => [sink], clock, log: silentLog, metrics: noMetrics };
  const { ended } = startPublishing(fleet.engine, deps, stop.signal);
  const stages = [
    `{name: canary, clusterNames: [a], progressDeadline: ${deadlineMs / 1_000}s}`,
    '{name: production, clusterNames: [b, c]}',
  ];
  fleet.git.commit({
    ...clusterManifests(['a', 'b', 'c']),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    ...web('1'),
  });
  const close = async (): Promise<void> => {
    stop.abort(new Error('the test is over'));
    await clock.settle();
    await ended;
    await fleet.close();
  };
  const statusOf = (): string => forge.status(fleet.git.head(), 'landfall/shop/web')?.state ?? '';
  return { fleet, forge, statusOf, close };
}

test('publish: a canary that fails is told of within one poll', async () => {
  const { fleet, statusOf, close } = toldFleet();
  await fleet.run(120_000);
  equal(statusOf(), 'success', fleet.table());
  fleet.git.commit(web('2-broken'));
  let [stoppedAtMs, toldAtMs]: (number | undefined)[] = [];
  for (let pastMs = 0; pastMs < deadlineMs + 3 * pollMs && toldAtMs === undefined; pastMs += stepMs) {
    await fleet.run(stepMs);
    const isStopped = fleet.engine.steering.stagesOf(appIdOf('shop/web')).some(({ state }) => state === 'stopped');
    if (isStopped) stoppedAtMs ??= fleet.clock.nowMs();
    if (statusOf() === 'failure') toldAtMs = fleet.clock.nowMs();
  }
  ok(stoppedAtMs !== undefined && toldAtMs !== undefined, `${stoppedAtMs} ${toldAtMs} ${fleet.table()}`);
  ok(toldAtMs - stoppedAtMs <= pollMs, `${toldAtMs - stoppedAtMs} ms late`);
  equal(fleet.cell('shop/web', 'b')?.state, 'OutOfSync', 'and it goes no further');
  await close();
});

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
  test(`publish: a forge that answers with ${name}`, async () => {
    const { fleet, forge, statusOf, close } = toldFleet();
    await fleet.run(60_000);
    forge.trouble = () => trouble;
    fleet.git.commit(web('2'));
    await fleet.run(120_000);
    for (const cluster of ['a', 'b', 'c']) {
      equal(fleet.cell('shop/web', cluster)?.state, 'Synced', fleet.table());
      equal(fleet.cell('shop/web', cluster)?.commit, fleet.git.head());
    }
    forge.trouble = () => undefined;
    await fleet.run(900_000);
    equal(statusOf(), 'success');
    const said = Map.groupBy(forge.posts(), ({ commit, name: context }) => `${commit} ${context}`);
    for (const [of, posts] of said) {
      const texts = posts.map(({ state, text }) => `${state} ${text}`);
      deepEqual(
        texts.filter((text, index) => text === texts[index - 1]),
        [],
        of,
      );
    }
    await close();
  });
