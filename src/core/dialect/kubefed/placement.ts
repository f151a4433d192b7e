/** Where a federated object goes. */
import type { ClusterMatch } from '../../model/fleet.ts';
import { clusterId } from '../../model/id.ts';
import type { Placement, Stage } from '../../model/placement.ts';
import type { Origin } from '../../model/source.ts';
import { selectorOf } from '../native/matching.ts';
import type { Federated } from './schema.ts';

type Given = NonNullable<Federated['spec']['placement']>;

export const nowhere: ClusterMatch = { kind: 'names', names: [] };
export const everywhere: ClusterMatch = { kind: 'selector', selector: [] };

/** A list counts even when it is empty; without one the selector does, and without both there is no place. */
export function matchOf(placement: Given | null | undefined): ClusterMatch {
  const names = placement?.clusters?.map(({ name }) => name) ?? placement?.clusterNames;
  if (names !== null && names !== undefined) return { kind: 'names', names: [...new Set(names)].map(clusterId) };
  return selectedBy(placement);
}

/** What the selector alone says. */
export function selectedBy(placement: Given | null | undefined): ClusterMatch {
  const selector = placement?.clusterSelector;
  return selector === undefined || selector === null ? nowhere : { kind: 'selector', selector: selectorOf(selector) };
}

/** Both must hold. */
export function both(first: ClusterMatch, second: ClusterMatch): ClusterMatch {
  const isAll = ({ kind, ...match }: ClusterMatch): boolean =>
    kind === 'selector' && 'selector' in match && match.selector.length === 0;
  if (isAll(first)) return second;
  return isAll(second) ? first : { kind: 'every', of: [first, second] };
}

/** All clusters at once, and none waits for another: so KubeFed did it. */
export function stageOf(clusters: ClusterMatch, origin: Origin): Stage {
  return {
    name: 'all',
    origin,
    clusters,
    isAtOnce: true,
    mayNameAbsent: true,
    revision: 'Head',
    soakMs: 0,
    waves: undefined,
    maxUnavailable: { kind: 'share', percent: 100 },
    maxFailures: 2_147_483_647,
    progressDeadlineMs: 600_000,
  };
}

export type PlacementFields = Pick<Placement, 'id' | 'origin' | 'repository' | 'isBroken'> & Partial<Placement>;

export function placementOf(fields: PlacementFields): Placement {
  return {
    apps: [],
    stages: [],
    spread: undefined,
    replicas: [],
    onDelete: 'Delete',
    isCreatingNamespaces: false,
    isMakingFirst: false,
    isAddOn: false,
    isSuspended: false,
    ...fields,
  };
}
