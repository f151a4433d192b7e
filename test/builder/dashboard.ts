/** The dashboard of a test fleet, served on this machine, with statuses told as notes in its repository. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dashboardRoutes } from '../../src/dashboard/dashboard.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemNet } from '../../src/edge/net/net.ts';
import { CommitLooks } from '../../src/engine/look/commit.ts';
import { NodeCounts } from '../../src/engine/look/node-counts.ts';
import type { ShownPlan } from '../../src/engine/preview/shown-plans.ts';
import type { PromotionState } from '../../src/engine/promote/promotion-state.ts';
import { notesSink } from '../../src/engine/publish/notes-sink.ts';
import { startPublishing } from '../../src/engine/publish/start.ts';
import type { Log } from '../../src/seam/log.ts';
import { silentLog } from '../../src/seam/log.ts';
import { noMetrics } from '../../src/seam/metric.ts';
import { type GateSettings, openGates } from '../../src/server/access/gates.ts';
import { type Api, openApi } from '../../src/server/api/api.ts';
import { Changes } from '../../src/server/feed/changes.ts';
import { EventStreams } from '../../src/server/feed/event-stream.ts';
import { serve } from '../../src/server/server.ts';
import type { TestFleet } from './fleet.ts';
import { seededRng } from './rng.ts';

export type ServedDashboard = {
  readonly url: string;
  readonly api: Api;
  readonly changes: Changes;
  /** Tells all that can be told now. */
  readonly tell: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type DashboardOptions = {
  readonly tokenFile?: string;
  /** As if others than this machine could ask. */
  readonly isPublic?: boolean;
  readonly moves?: () => readonly PromotionState[];
  readonly plans?: () => readonly ShownPlan[];
  readonly sessionKeyFile?: string;
  /** Of the dashboard's own address, which is known when it is served. */
  readonly provider?: (url: string) => Promise<GateSettings['provider']>;
  readonly log?: Log;
};

export const statusRef = 'refs/notes/landfall';

export async function serveDashboard(
  fleet: Pick<TestFleet, 'clock' | 'engine' | 'git'>,
  {
    tokenFile,
    isPublic = false,
    moves = () => [],
    plans = () => [],
    sessionKeyFile,
    provider,
    log = silentLog,
  }: DashboardOptions = {},
): Promise<ServedDashboard> {
  const { engine, clock, git } = fleet;
  const stopping = new AbortController();
  const { signal } = stopping;
  const sink = notesSink(git.repository, { ref: statusRef, branch: 'main' });
  const telling = startPublishing(engine, { sinksOf: () => [sink], clock, log: silentLog, metrics: noMetrics }, signal);
  const changes = new Changes(engine, clock, { moves, plans });
  const nodes = new NodeCounts({
    clock,
    log: silentLog,
    metrics: noMetrics,
    onCount: (cluster) => changes.noteCluster(cluster),
  });
  const commits = new CommitLooks(engine);
  const api = openApi({ engine, commits, nodes, told: telling.told, moves, plans, clock, signal });
  const events = new EventStreams({ changes, clock, epoch: 'test' });
  const port = provider === undefined ? 0 : await freePort();
  const publicURL = provider === undefined ? undefined : `http://127.0.0.1:${port}`;
  const gates = await openGates(
    { tokenFile, sessionKeyFile, provider: publicURL === undefined ? undefined : await provider?.(publicURL) },
    // The provider is a real server, so what it is asked takes real time.
    { net: systemNet({ clock: systemClock }), clock, rng: seededRng(port), log, signal },
  );
  const routes = dashboardRoutes({
    api,
    events,
    gates,
    isLocal: !isPublic,
    isSecure: false,
    publicURL,
    installation: 'test',
    clock,
  });
  const server = await serve({ host: '127.0.0.1', port }, routes, { log, metrics: noMetrics });
  return {
    url: server.url,
    api,
    changes,
    tell: async () => {
      const told = telling.flush();
      await clock.settle();
      await told;
    },
    close: async () => {
      stopping.abort(new Error('the test ends'));
      await clock.settle();
      await telling.ended;
      await server.close();
    },
  };
}

/** Where it will be found, which others have to know before. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
