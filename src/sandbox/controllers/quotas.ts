/** Quotas say how much of them is used. */
import { isObject } from '../../core/json/value.ts';
import { usedOf } from '../registry/quotas.ts';
import type { Change } from '../store/event-log.ts';
import { type Actor, isGoing } from './actor.ts';
import { type Controller, type Key, ownKey } from './loop.ts';
import { specOf } from './templates.ts';

const place = 'resourcequotas';

export function quotaController(actor: Actor): Controller {
  const { store } = actor.world;
  const keysOf = (change: Change): readonly Key[] => {
    if (change.resource === place) return ownKey(change);
    const isCounted = change.previous === undefined || change.current === undefined;
    if (!isCounted || change.last.namespace === '') return [];
    return store.list(place, change.last.namespace).map(({ namespace, name }) => ({ namespace, name }));
  };
  const reconcile = (key: Key): undefined => {
    const live = actor.get(place, key);
    if (live === undefined) return;
    const quota = actor.read(live);
    const { hard } = specOf(quota);
    if (isGoing(quota) || !isObject(hard)) return;
    actor.setStatus(place, live, { hard, used: usedOf(store, key.namespace, hard) });
  };
  return { name: 'quotas', places: ['*'], keysOf, reconcile };
}
