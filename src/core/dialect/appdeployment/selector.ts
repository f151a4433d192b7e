/** Which cluster a placement entry means. */
import { canonical, digestOf } from '../../json/digest.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { type ClusterId, clusterId } from '../../model/id.ts';
import type { Requirement } from '../../model/selector.ts';
import type { Origin } from '../../model/source.ts';
import type { PlacementEntry } from './schema.ts';

/** The cluster in which the manifests were once applied. */
export const host = clusterId('local');

export type Entry = {
  readonly match: ClusterMatch;
  readonly replicas: number | undefined;
  readonly origin: Origin;
};

export type SelectorContext = {
  /** `<namespace>/<name>` of the AppDeployment. */
  readonly id: string;
  /** Clusters that this repository declares in the AppDeployment's namespace, with their labels. */
  readonly beside: ReadonlyMap<ClusterId, Readonly<Record<string, string>>>;
};

/**
 * Matches for the entries of one revision.
 *
 * Shape: one cluster each. The n-th entry that asks for the same labels has the n-th of the clusters by rendezvous
 *   hashing; what is hashed leaves the revision out, so that two revisions meet on one cluster and can share traffic.
 */
export function entriesOf(
  placement: readonly PlacementEntry[],
  origins: readonly Origin[],
  context: SelectorContext,
): { readonly value: readonly Entry[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const counts = new Map<string, number>();
  const value = placement.flatMap((entry, index): readonly Entry[] => {
    const origin = origins[index];
    if (origin === undefined) return [];
    const { clusterSelector } = entry;
    const error = (code: Diagnostic['code'], message: string): readonly Entry[] => {
      diagnostics.push({ code, severity: 'error', origin, message });
      return [];
    };
    const name = clusterSelector?.name ?? '';
    const labels = clusterSelector?.labels ?? {};
    const isHost = clusterSelector === undefined;
    if (!isHost && name === '' && Object.keys(labels).length === 0)
      return error('A1625', 'a `clusterSelector` needs a name or labels; without one the host cluster is meant');
    const question = digestOf([isHost, name, labels]);
    const rank = counts.get(question) ?? 0;
    counts.set(question, rank + 1);
    if (rank > 0 && (isHost || name !== ''))
      return error('A1626', `this revision is on ${isHost ? 'the host cluster' : `cluster ${name}`} already`);
    const match = isHost ? named(host) : matchOf(name, labels, rank, context);
    return [{ match: { kind: 'needed', of: match }, replicas: entry.distribution?.replicas, origin }];
  });
  return { value, diagnostics };
}

const named = (name: ClusterId): ClusterMatch => ({ kind: 'names', names: [name] });

function matchOf(
  name: string,
  labels: Readonly<Record<string, string>>,
  rank: number,
  { id, beside }: SelectorContext,
): ClusterMatch {
  const selector = Object.entries(labels).map(
    ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
  );
  const byLabels: ClusterMatch = { kind: 'selector', selector };
  if (name !== '') {
    const byName = named(clusterId(name));
    return selector.length === 0 ? byName : { kind: 'every', of: [byName, byLabels] };
  }
  // Clusters of the namespace come first; any other of the fleet only where it has none that fits.
  const own = [...beside].filter(([, its]) => Object.entries(labels).every(([key, value]) => its[key] === value));
  const of: ClusterMatch =
    own.length === 0
      ? byLabels
      : { kind: 'every', of: [{ kind: 'names', names: own.map(([cluster]) => cluster) }, byLabels] };
  return { kind: 'ranked', of, key: `${id}\0${canonical(labels)}`, rank };
}
