/** Protects: whoever waits for something hears of it; a wake-up that is lost is a cell that never moves. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { appIdOf, cellId, clusterId } from '../../src/core/model/id.ts';
import { waitersIn } from '../../src/engine/waiters.ts';
import { clusterOf, fleetOf, origin, placementOf } from '../builder/model.ts';

const [base, web, api] = [appIdOf('shop/base'), appIdOf('shop/web'), appIdOf('shop/api')];
const [joining, active] = [clusterId('joining'), clusterId('active')];

/** Three Apps on two clusters, one of which joins; `base` is an add-on, `api` depends on `web`. */
function compiled(): Parameters<typeof waitersIn>[0] {
  const places = [base, web, api].flatMap((app) => [joining, active].map((cluster) => ({ app, cluster })));
  const dependsOn = [{ app: web, scope: 'SameCluster', origin }] as const;
  return {
    cells: new Map(places.map((place) => [cellId(place.app, place.cluster), place])),
    intents: new Map(
      places.map(({ app, cluster }) => [cellId(app, cluster), { dependsOn: app === api ? dependsOn : [] }]),
    ),
    gathered: {
      fleet: fleetOf(clusterOf('joining', { lifecycle: 'Joining' }), clusterOf('active')),
      placements: [placementOf({ apps: [base], isAddOn: true }), placementOf({ apps: [web, api] })],
    },
  };
}

const table: readonly (readonly [string, typeof web, typeof joining, readonly string[]])[] = [
  ['an add-on of a joining cluster: all that come after it there', base, joining, [web, api]],
  ['an add-on of another cluster: nobody', base, active, []],
  ['an App: those that depend on it', web, active, [api]],
  ['an App that nobody depends on: nobody', api, joining, []],
];
for (const [name, app, cluster, expected] of table)
  test(`waiters: ${name}`, () => deepEqual(waitersIn(compiled())({ app, cluster }), expected));
