/** Volume claims: every one is met at once, by a volume that is only a name. */
import { at, textOf } from '../../core/json/value.ts';
import { finalizersOf } from '../registry/finalizers.ts';
import { partOf, withMetadata, withParts } from '../registry/objects.ts';
import { overwrite } from '../registry/update.ts';
import { type Actor, isGoing } from './actor.ts';
import { type Controller, type Key, ownKey } from './loop.ts';
import { specOf } from './templates.ts';

const place = 'persistentvolumeclaims';
const protection = 'kubernetes.io/pvc-protection';

export function claimController(actor: Actor): Controller {
  const reconcile = (key: Key): undefined => {
    const live = actor.get(place, key);
    if (live === undefined) return;
    const claim = actor.read(live);
    if (isGoing(claim)) {
      // Nobody checks here whether a pod still uses it.
      const left = finalizersOf(claim).filter((each) => each !== protection);
      if (left.length === finalizersOf(claim).length) return;
      actor.replace(place, live, withMetadata(claim, { finalizers: left.length === 0 ? undefined : left }));
      return;
    }
    if (at(claim, 'status', 'phase') === 'Bound') return;
    const spec = specOf(claim);
    const volumeName = textOf(spec.volumeName) ?? `pvc-${live.uid}`;
    const bound = overwrite(actor.world, place, live, withParts(claim, { spec: { ...spec, volumeName } }));
    actor.setStatus(place, bound, {
      phase: 'Bound',
      accessModes: spec.accessModes ?? [],
      capacity: partOf(partOf(spec, 'resources'), 'requests'),
    });
  };
  return { name: 'claims', places: [place], keysOf: ownKey, reconcile };
}
