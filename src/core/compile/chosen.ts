/** Declarations in which every choice among clusters has been made. */
import type { Fleet } from '../model/fleet.ts';
import type { Intent, Part } from '../model/intent.ts';
import type { Placement } from '../model/placement.ts';
import { chosenIn } from '../placement/rendezvous.ts';

/** Shape: the same intent where none of its parts is for some clusters only. */
export function chosenIntent(intent: Intent, fleet: Fleet): Intent {
  if (intent.parts.every(({ clusters }) => clusters === undefined)) return intent;
  const chosen = (part: Part): Part =>
    part.clusters === undefined ? part : { ...part, clusters: chosenIn(part.clusters, fleet) };
  return { ...intent, parts: intent.parts.map(chosen) };
}

export function chosenPlacement(placement: Placement, fleet: Fleet): Placement {
  return {
    ...placement,
    stages: placement.stages.map((stage) => ({ ...stage, clusters: chosenIn(stage.clusters, fleet) })),
  };
}
