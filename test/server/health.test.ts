import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics } from '../../src/edge/metric/metric.ts';
import type { CellStatus } from '../../src/engine/ledger.ts';
import { type HealthView, healthRoutes } from '../../src/server/health.ts';
import { metricsRoute } from '../../src/server/metrics.ts';
import { startPulse } from '../../src/server/pulse.ts';
import type { Reply, Route } from '../../src/server/route.ts';
import { handClock } from '../builder/clock.ts';

const ask = (routes: readonly Route[], path: string): Promise<Reply> => {
  const request = { path, query: new URLSearchParams(), headers: {}, body: new Uint8Array() };
  return routes.find((route) => route.path === path)!.answer(request, new AbortController().signal);
};

const view = (
  repository: HealthView['repositories'][number]['state'],
  revision: object | undefined,
  cluster: string,
): HealthView => ({
  repositories: [{ settings: { id: 'fleet' }, state: repository }],
  revision,
  fleet: { members: new Map([['eu-1', { id: 'eu-1', state: { kind: cluster } }]]) },
});

const stale = { kind: 'stale', reason: 'no answer', sinceMs: 0 } as const;
const cases: readonly { name: string; engine: HealthView; status: number; says: string }[] = [
  {
    name: 'nothing known yet',
    engine: view({ kind: 'starting' }, undefined, 'connecting'),
    status: 503,
    says: 'repository fleet has not been looked at yet',
  },
  {
    name: 'the only repository cannot be read',
    engine: view(stale, undefined, 'ready'),
    status: 503,
    says: 'no repository has been read yet',
  },
  {
    name: 'a cluster has not been tried',
    engine: view({ kind: 'following' }, {}, 'connecting'),
    status: 503,
    says: 'cluster eu-1 has not been tried yet',
  },
  { name: 'a cluster is away', engine: view({ kind: 'following' }, {}, 'lost'), status: 200, says: 'ok' },
  { name: 'a repository was read once and is away now', engine: view(stale, {}, 'ready'), status: 200, says: 'ok' },
  { name: 'all is well', engine: view({ kind: 'following' }, {}, 'ready'), status: 200, says: 'ok' },
];
for (const { name, engine, status, says } of cases) {
  test(`readyz: ${name}`, async () => {
    const reply = await ask(healthRoutes({ engine, lateMs: () => 0 }), '/readyz');
    equal(reply.status, status);
    match(String(reply.body), new RegExp(says));
  });
}

test('livez: fails when the scheduler does not beat, and only then', async () => {
  const clock = handClock();
  const pulse = startPulse(clock);
  const routes = healthRoutes({ engine: view({ kind: 'starting' }, undefined, 'connecting'), lateMs: pulse.lateMs });
  equal((await ask(routes, '/livez')).status, 200);
  await clock.advance(60_000);
  equal((await ask(routes, '/livez')).status, 200);
  pulse.stop();
  await clock.advance(20_000);
  equal((await ask(routes, '/livez')).status, 503);
});

test('metrics: cells are counted by state and by health when asked for', async () => {
  const cell = (state: CellStatus['state'], health: CellStatus['health']) => ({ state, health }) as CellStatus;
  let cells = [cell('Synced', 'Healthy'), cell('Synced', 'Degraded'), cell('Blocked', 'Unknown')];
  const route = metricsRoute({ cells: () => cells, metrics: await openMetrics({ isProcessIncluded: false }) });
  const lines = async () =>
    String((await ask([route], '/metrics')).body)
      .split('\n')
      .filter((line) => line.startsWith('landfall_cells{'));
  deepEqual((await lines()).slice(0, 4), [
    'landfall_cells{state="Synced"} 2',
    'landfall_cells{state="OutOfSync"} 0',
    'landfall_cells{state="Progressing"} 0',
    'landfall_cells{state="Blocked"} 1',
  ]);
  cells = [];
  equal((await lines())[0], 'landfall_cells{state="Synced"} 0');
});
