/** The dashboard of a running Landfall: pages, API and events, for whoever may look. */
import { accessBy, type Gates, type GuardDeps, guarded } from '../server/access/access.ts';
import type { Api } from '../server/api/api.ts';
import { apiRoutes } from '../server/api/api-routes.ts';
import type { EventStreams } from '../server/feed/event-stream.ts';
import type { Route } from '../server/route.ts';
import { openAssets } from './assets.ts';
import { loginRoutes, refuse } from './login.ts';
import { pageRoutes } from './pages.ts';
import { providerRoutes } from './provider-login.ts';

export type DashboardDeps = {
  readonly api: Api;
  readonly events: EventStreams;
  /** The ways in; without any whoever is on this machine may look. */
  readonly gates: Gates;
  /** The listener hears this machine alone. */
  readonly isLocal: boolean;
  /** Browsers come by https. */
  readonly isSecure: boolean;
  readonly publicURL: string | undefined;
  readonly installation: string;
  readonly clock: GuardDeps['clock'];
};

/** Shape: where others than this machine can ask and there is no way in, every route says so and shows nothing. */
export function dashboardRoutes(deps: DashboardDeps): readonly Route[] {
  const { api, events, gates, isLocal, clock } = deps;
  const access = accessBy(gates, isLocal);
  const assets = openAssets();
  const layout = { ...deps, assets, hasLogin: access.kind === 'guarded', nowMs: () => clock.nowMs() };
  const outside = { ...layout, hasLogin: false };
  const shown = [...pageRoutes(layout), ...apiRoutes(api, events)];
  return [
    ...guarded(shown, access, { refuse, clock }),
    // Nothing in them is secret, and the page to log in needs them.
    assets.route,
    ...(access.kind === 'guarded' ? loginRoutes(gates, outside) : []),
    ...(gates.provider === undefined ? [] : providerRoutes(gates.provider, gates, outside)),
  ];
}
