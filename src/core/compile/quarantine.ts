/** What pins of a placement have put under quarantine, of one of its Apps. */
import type { AppId, RepositoryId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import type { Placement } from '../model/placement.ts';
import { noQuarantine, type Quarantine } from '../rollout/stage.ts';
import { chosenIntent } from './chosen.ts';
import { type Gathered, pinKey } from './gather.ts';
import type { Source } from './world.ts';

/** Shape: Apps with something in quarantine. A revision that cannot be read is there by its name alone. */
export function quarantinesOf(
  { fleet, pins }: Gathered,
  placed: ReadonlyMap<AppId, Placement>,
  sources: ReadonlyMap<RepositoryId, Source>,
  contentOf: (intent: Intent) => Intent['digest'],
): ReadonlyMap<AppId, Quarantine> {
  const found = new Map<AppId, Quarantine>();
  for (const [app, { repository, id, stages }] of placed) {
    const revisions = new Set(
      stages.flatMap(({ name }) => pins.get(pinKey(repository, id, name)) ?? []).flatMap((pin) => pin.quarantined),
    );
    if (revisions.size === 0) continue;
    const source = sources.get(repository);
    const intents = [...revisions].flatMap((revision) => {
      const reading = revision === source?.head.value.commit ? source.head : source?.revisions.get(revision);
      const intent = reading?.value.intents.find((each) => each.id === app);
      return intent === undefined ? [] : [contentOf(chosenIntent(intent, fleet))];
    });
    found.set(app, { revisions, intents: new Set(intents) });
  }
  return found;
}

export const quarantineOf = (quarantines: ReadonlyMap<AppId, Quarantine>, app: AppId): Quarantine =>
  quarantines.get(app) ?? noQuarantine;
