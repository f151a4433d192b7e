/** Ingresses get an address, of the range kept for documentation, as soon as they are there. */
import { type Actor, isGoing } from './actor.ts';
import { type Controller, type Key, ownKey } from './loop.ts';
import { listAt } from './templates.ts';

export function ingressController(actor: Actor): Controller {
  const place = 'ingresses.networking.k8s.io';
  const reconcile = (key: Key): undefined => {
    const live = actor.get(place, key);
    if (live === undefined) return;
    const ingress = actor.read(live);
    if (isGoing(ingress) || listAt(ingress, 'status', 'loadBalancer', 'ingress').length > 0) return;
    const ip = `203.0.113.${1 + Math.floor(actor.world.rng.next() * 254)}`;
    actor.setStatus(place, live, { loadBalancer: { ingress: [{ ip }] } });
  };
  return { name: 'ingresses', places: [place], keysOf: ownKey, reconcile };
}
