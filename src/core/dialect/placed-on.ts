/** A placement for what says nothing of where: every active cluster, all in one stage. */
import type { ClusterMatch } from '../model/fleet.ts';
import type { Intent } from '../model/intent.ts';
import type { Placement, Stage } from '../model/placement.ts';

const anywhere: ClusterMatch = { kind: 'selector', selector: [] };

/** Shape: of one intent, with what a Placement is that leaves all of it open. */
export function placedOn(
  intent: Intent,
  clusters: ClusterMatch = anywhere,
  fields: Partial<Pick<Placement, 'isCreatingNamespaces' | 'isMakingFirst'>> = {},
): Placement {
  const stage: Stage = {
    name: 'all',
    origin: intent.origin,
    clusters,
    revision: 'Head',
    soakMs: 0,
    waves: undefined,
    maxUnavailable: { kind: 'share', percent: 25 },
    maxFailures: 0,
    progressDeadlineMs: 600_000,
  };
  return {
    id: intent.id,
    repository: intent.repository,
    origin: intent.origin,
    apps: [intent.id],
    stages: [stage],
    spread: undefined,
    replicas: [],
    onDelete: 'Delete',
    isCreatingNamespaces: false,
    isMakingFirst: false,
    isAddOn: false,
    isSuspended: false,
    isBroken: intent.isBroken,
    ...fields,
  };
}
