/** The dashboard, bound to an engine and to the settings. */
import { dashboardRoutes } from '../../dashboard/dashboard.ts';
import { callbackPath } from '../../dashboard/provider-login.ts';
import { systemNet } from '../../edge/net/net.ts';
import type { Engine } from '../../engine/engine.ts';
import { CommitLooks } from '../../engine/look/commit.ts';
import { NodeCounts } from '../../engine/look/node-counts.ts';
import type { Publishing } from '../../engine/publish/start.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import type { Rng } from '../../seam/rng.ts';
import { type GateSettings, openGates } from '../../server/access/gates.ts';
import { type ApiDeps, openApi } from '../../server/api/api.ts';
import { Changes } from '../../server/feed/changes.ts';
import { EventStreams } from '../../server/feed/event-stream.ts';
import { isLocalAddress } from '../../server/origin.ts';
import type { Route } from '../../server/route.ts';
import type { DashboardChoice, Settings } from '../settings/settings.ts';

export type DashboardParts = {
  readonly told: Publishing['told'];
  readonly moves: ApiDeps['moves'];
  readonly plans: ApiDeps['plans'];
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly signal: AbortSignal;
};

/** Errors: misconfigured, when a file that the settings name cannot be read. */
export async function openDashboard(
  engine: Engine,
  { server, dashboard, installation, publicURL }: Settings,
  { told, moves, plans, clock, rng, log, metrics, signal }: DashboardParts,
): Promise<readonly Route[]> {
  const changes = new Changes(engine, clock, { moves, plans });
  const nodes = new NodeCounts({ clock, log, metrics, onCount: (cluster) => changes.noteCluster(cluster) });
  const api = openApi({ engine, commits: new CommitLooks(engine), nodes, told, moves, plans, clock, signal });
  const events = new EventStreams({ changes, clock, epoch: Buffer.from(rng.bytes(6)).toString('hex') });
  const net = systemNet({ clock });
  const gates = await openGates(gateSettings(dashboard, publicURL), { net, clock, rng, log, signal });
  const isLocal = isLocalAddress(server.host);
  if (!isLocal && gates.token === undefined && gates.provider === undefined)
    log.warn('dashboard not shown', {
      reason: 'others can ask, and neither dashboard.tokenFile nor dashboard.oidc is set',
    });
  return dashboardRoutes({
    api,
    events,
    gates,
    isLocal,
    isSecure: publicURL?.startsWith('https:') === true,
    publicURL,
    installation,
    clock,
  });
}

/** A provider sends people back to the public address, so there is none without it. */
function gateSettings({ oidc, ...files }: DashboardChoice, publicURL: string | undefined): GateSettings {
  if (oidc === undefined || publicURL === undefined) return { ...files, provider: undefined };
  return { ...files, provider: { ...oidc, redirectURL: `${publicURL}${callbackPath}` } };
}
