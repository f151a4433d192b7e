/** At which revision of its repository an App runs on a cluster. */
import { matches } from '../model/fleet.ts';
import type { CommitSha, RepositoryId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import { type Gathered, pinKey } from './gather.ts';
import type { Seat } from './seat.ts';
import type { Source } from './world.ts';

export type Run =
  | { readonly kind: 'intent'; readonly intent: Intent; readonly revision: CommitSha }
  /** Pinned, and no pin yet. */
  | { readonly kind: 'nothingYet'; readonly reason: string }
  /** Not there at the revision that it should run. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Reads the App at the branch head or at the pin's revision, which the source must have brought along. */
export function runOf(seat: Seat, gathered: Gathered, sources: ReadonlyMap<RepositoryId, Source>): Run {
  const source = sources.get(seat.placement.repository);
  if (source === undefined)
    return { kind: 'unknown', reason: `repository ${seat.placement.repository} is not in the settings` };
  if (seat.stage.revision === 'Head') {
    const intent = gathered.intents.get(seat.app);
    return intent === undefined ? { kind: 'absent' } : { kind: 'intent', intent, revision: source.head.value.commit };
  }
  const pin = gathered.pins.get(pinKey(seat.placement.id, seat.stage.name));
  if (pin === undefined)
    return { kind: 'nothingYet', reason: `stage ${seat.stage.name} is pinned and has no Pin ${pinName(seat)} yet` };
  const revision = pin.exceptions.find(({ clusters }) => matches(clusters, seat.cluster))?.revision ?? pin.revision;
  return atRevision(seat, revision, source);
}

const pinName = ({ placement, stage }: Seat): string => `${placement.id}.${stage.name}`;

function atRevision(seat: Seat, revision: CommitSha, source: Source): Run {
  const reading = revision === source.head.value.commit ? source.head : source.revisions.get(revision);
  if (reading === undefined) return { kind: 'unknown', reason: `revision ${revision.slice(0, 12)} is not available` };
  const intent = reading.value.intents.find(({ id }) => id === seat.app);
  if (intent !== undefined) return { kind: 'intent', intent, revision };
  if (reading.value.isComplete) return { kind: 'absent' };
  return { kind: 'unknown', reason: `revision ${revision.slice(0, 12)} cannot be read whole` };
}

/** Every revision that a source has to bring along beside its head. */
export function revisionsNeeded(source: Source): ReadonlySet<CommitSha> {
  const pins = source.head.value.pins.flatMap((pin) => [
    pin.revision,
    ...pin.exceptions.map(({ revision }) => revision),
  ]);
  return new Set(pins.filter((revision) => revision !== source.head.value.commit));
}
