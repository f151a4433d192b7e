/** Small things of the model for tests, each with what it must have and nothing to say for the rest. */
import type { Cluster } from '../../src/core/model/fleet.ts';
import { appIdOf, clusterId, commitSha, repositoryId } from '../../src/core/model/id.ts';
import type { Placement, Stage } from '../../src/core/model/placement.ts';
import type { LabelSelector } from '../../src/core/model/selector.ts';
import type { Origin } from '../../src/core/model/source.ts';

export const origin: Origin = { repository: repositoryId('fleet'), path: 'test.yaml', line: 1, column: 1 };

/** A commit's name from a small number. */
export const sha = (number: number): ReturnType<typeof commitSha> => commitSha(number.toString(16).padStart(40, '0'));

export function clusterOf(name: string, fields: Partial<Omit<Cluster, 'id'>> = {}): Cluster {
  return {
    id: clusterId(name),
    origin,
    labels: {},
    clusterID: undefined,
    access: { kind: 'inCluster' },
    proxyURL: undefined,
    lifecycle: 'Active',
    isSuspended: false,
    variables: {},
    movedFrom: [],
    ...fields,
  };
}

export const fleetOf = (...clusters: readonly Cluster[]): ReadonlyMap<Cluster['id'], Cluster> =>
  new Map(clusters.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((cluster) => [cluster.id, cluster]));

export const everything: LabelSelector = [];

export function stageOf(name: string, fields: Partial<Omit<Stage, 'name'>> = {}): Stage {
  return {
    name,
    origin,
    clusters: { kind: 'selector', selector: everything },
    revision: 'Head',
    soakMs: 0,
    waves: undefined,
    maxUnavailable: { kind: 'share', percent: 25 },
    maxFailures: 0,
    progressDeadlineMs: 600_000,
    ...fields,
  };
}

export const named = (...names: readonly string[]): Stage['clusters'] => ({
  kind: 'names',
  names: names.map(clusterId),
});

export function placementOf(fields: Partial<Placement> = {}): Placement {
  return {
    id: 'shop/web',
    repository: origin.repository,
    origin,
    apps: [appIdOf('shop/web')],
    stages: [stageOf('all')],
    spread: undefined,
    replicas: [],
    onDelete: 'Delete',
    isCreatingNamespaces: false,
    isMakingFirst: false,
    isAddOn: false,
    isSuspended: false,
    isBroken: false,
    ...fields,
  };
}
