/** Clusters to assume where a folder declares none. */
import type { Reading } from '../../core/model/declarations.ts';
import { type Cluster, type ClusterMatch, namesIn } from '../../core/model/fleet.ts';
import { type ClusterId, clusterId, type RepositoryId } from '../../core/model/id.ts';
import type { ReplicaDivision } from '../../core/model/placement.ts';

/** What a cluster is called that stands for all. */
export const anyCluster = clusterId('any');

/** Shape: those that placements name; where they name none, the one asked for, or one that stands for all. */
export function assumedClusters(asked: string | undefined): (reading: Reading) => readonly Cluster[] {
  return (reading) => {
    const named = new Set(
      [
        ...reading.placements.flatMap(({ stages, replicas }) => [
          ...stages.map(({ clusters }) => clusters),
          ...replicas.flatMap(matchesIn),
        ]),
        ...reading.intents.flatMap(({ parts }) => parts.flatMap(({ clusters }) => clusters ?? [])),
      ].flatMap(namesIn),
    );
    const only = asked === undefined ? anyCluster : clusterId(asked);
    const names = named.size === 0 ? [only] : [...named];
    return names.map((name) => clusterOf(name, reading.repository));
  };
}

const matchesIn = (division: ReplicaDivision): readonly ClusterMatch[] =>
  division.kind === 'weighted'
    ? division.weights.map(({ clusters }) => clusters)
    : [division.candidates, ...division.preferences.map(({ clusters }) => clusters)];

const clusterOf = (id: ClusterId, repository: RepositoryId): Cluster => ({
  id,
  origin: { repository, path: '', line: 1, column: 1 },
  labels: {},
  clusterID: undefined,
  access: { kind: 'inCluster' },
  proxyURL: undefined,
  lifecycle: 'Active',
  isSuspended: false,
  variables: {},
  movedFrom: [],
});
