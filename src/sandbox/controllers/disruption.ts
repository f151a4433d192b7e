/** Disruption budgets count the pods they speak for. */
import type { JsonObject } from '../../core/json/value.ts';
import { selectorOf } from '../api/label-selector.ts';
import { timeOf } from '../registry/world.ts';
import type { Change } from '../store/event-log.ts';
import { type Actor, isGoing } from './actor.ts';
import { conditionsWith } from './conditions.ts';
import { type Controller, type Key, ownKey } from './loop.ts';
import { isReady } from './replicasets.ts';
import { countOf } from './rollout.ts';
import { generationOf, listAt, specOf, statusOf } from './templates.ts';

export function disruptionController(actor: Actor): Controller {
  const place = 'poddisruptionbudgets.policy';
  const keysOf = (change: Change): readonly Key[] => {
    if (change.resource === place) return ownKey(change);
    return actor.world.store.list(place, change.last.namespace).map(({ namespace, name }) => ({ namespace, name }));
  };
  const reconcile = (key: Key): undefined => {
    const live = actor.get(place, key);
    if (live === undefined) return;
    const budget = actor.read(live);
    if (isGoing(budget)) return;
    const spec = specOf(budget);
    const selects = selectorOf(spec.selector);
    const pods = actor.world.store.list('pods', key.namespace).filter(({ labels }) => selects(labels));
    const healthy = pods.filter((entry) => isReady(actor.read(entry))).length;
    const wanted =
      spec.maxUnavailable === undefined
        ? countOf(spec.minAvailable, pods.length, true)
        : pods.length - countOf(spec.maxUnavailable, pods.length, true);
    const allowed = Math.max(0, healthy - Math.max(0, wanted));
    const condition = {
      type: 'DisruptionAllowed',
      status: allowed > 0 ? 'True' : 'False',
      reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
      message: '',
    } as const;
    const time = timeOf(actor.world.clock.nowMs());
    const conditions = conditionsWith(listAt(budget, 'status', 'conditions'), condition, time, {
      observedGeneration: generationOf(budget),
    });
    const status: JsonObject = {
      ...statusOf(budget),
      observedGeneration: generationOf(budget),
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: Math.max(0, wanted),
      expectedPods: pods.length,
      conditions,
    };
    actor.setStatus(place, live, status);
  };
  return { name: 'disruption', places: [place, 'pods'], keysOf, reconcile };
}
