/** The dashboard of a running Landfall: pages, API and events, for whoever may look. */
import { guarded, type TokenGate } from '../server/access/access.ts';
import type { Api } from '../server/api/api.ts';
import { apiRoutes } from '../server/api/api-routes.ts';
import type { EventStreams } from '../server/feed/event-stream.ts';
import type { Route } from '../server/route.ts';
import { openAssets } from './assets.ts';
import { accessOf, loginRoutes, refuse } from './login.ts';
import { pageRoutes } from './pages.ts';

export type DashboardDeps = {
  readonly api: Api;
  readonly events: EventStreams;
  /** Who has the token may look; undefined: there is none. */
  readonly gate: TokenGate | undefined;
  /** The listener hears this machine alone. */
  readonly isLocal: boolean;
  /** Browsers come by https. */
  readonly isSecure: boolean;
  readonly installation: string;
  readonly nowMs: () => number;
};

/** Shape: where others than this machine can ask and there is no token, every route says so and shows nothing. */
export function dashboardRoutes(deps: DashboardDeps): readonly Route[] {
  const { api, events, gate, isLocal } = deps;
  const assets = openAssets();
  const layout = { ...deps, assets, hasLogin: gate !== undefined };
  const shown = [...pageRoutes(layout), ...apiRoutes(api, events)];
  return [
    ...guarded(shown, accessOf(gate, isLocal), refuse),
    // Nothing in them is secret, and the page to log in needs them.
    assets.route,
    ...(gate === undefined ? [] : loginRoutes(gate, { ...layout, hasLogin: false })),
  ];
}
