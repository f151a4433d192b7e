/** The dashboard of a test fleet, served on this machine, with statuses told as notes in its repository. */
import { dashboardRoutes } from '../../src/dashboard/dashboard.ts';
import { CommitLooks } from '../../src/engine/look/commit.ts';
import { NodeCounts } from '../../src/engine/look/node-counts.ts';
import type { PromotionState } from '../../src/engine/promote/promotion-state.ts';
import { notesSink } from '../../src/engine/publish/notes-sink.ts';
import { startPublishing } from '../../src/engine/publish/start.ts';
import { silentLog } from '../../src/seam/log.ts';
import { noMetrics } from '../../src/seam/metric.ts';
import { TokenGate } from '../../src/server/access/access.ts';
import { type Api, openApi } from '../../src/server/api/api.ts';
import { Changes } from '../../src/server/feed/changes.ts';
import { EventStreams } from '../../src/server/feed/event-stream.ts';
import { serve } from '../../src/server/server.ts';
import type { TestFleet } from './fleet.ts';

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
  readonly moves?: readonly PromotionState[];
};

export const statusRef = 'refs/notes/landfall';

export async function serveDashboard(
  fleet: Pick<TestFleet, 'clock' | 'engine' | 'git'>,
  { tokenFile, isPublic = false, moves = [] }: DashboardOptions = {},
): Promise<ServedDashboard> {
  const { engine, clock, git } = fleet;
  const stopping = new AbortController();
  const { signal } = stopping;
  const sink = notesSink(git.repository, { ref: statusRef, branch: 'main' });
  const telling = startPublishing(engine, { sinksOf: () => [sink], clock, log: silentLog, metrics: noMetrics }, signal);
  const changes = new Changes(engine, clock, () => moves);
  const nodes = new NodeCounts({
    clock,
    log: silentLog,
    metrics: noMetrics,
    onCount: (cluster) => changes.noteCluster(cluster),
  });
  const commits = new CommitLooks(engine);
  const api = openApi({ engine, commits, nodes, told: telling.told, moves: () => moves, clock, signal });
  const events = new EventStreams({ changes, clock, epoch: 'test' });
  const gate = tokenFile === undefined ? undefined : new TokenGate(tokenFile, clock);
  const routes = dashboardRoutes({
    api,
    events,
    gate,
    isLocal: !isPublic,
    isSecure: false,
    installation: 'test',
    nowMs: clock.nowMs,
  });
  const server = await serve({ host: '127.0.0.1', port: 0 }, routes, { log: silentLog, metrics: noMetrics });
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
