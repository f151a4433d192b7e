/** A plan as programs read it. */
import type { Json } from '../../core/json/value.ts';
import type { PlannedAction } from '../../core/preview/planned.ts';
import type { FleetPlan, PlannedCell } from '../../engine/plan/fleet-plan.ts';

export function planAnswer({ commit, digest, cells }: FleetPlan): Json {
  return { commit, digest, cells: cells.map(cellAnswer) };
}

const cellAnswer = ({ app, cluster, actions }: PlannedCell): Json => ({
  app,
  cluster,
  actions: actions.map(actionAnswer),
});

function actionAnswer({ verb, object, reason, changes }: PlannedAction): Json {
  return {
    verb,
    ...object,
    ...(reason === undefined ? {} : { reason }),
    ...(changes.length === 0 ? {} : { paths: changes.map(({ path }) => path) }),
  };
}
