/** Diagnostics that hold for many clusters, each told once. */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ClusterId } from '../model/id.ts';
import { compareText } from './compare.ts';

/** A problem of one App on one cluster. */
export type Told = { readonly diagnostic: Diagnostic; readonly app: string; readonly cluster: ClusterId };

const namedMax = 3;

/**
 * Shape: each problem once, with the clusters it holds for where these are not all of its App's; `clusterCounts` has how many
 *   each App has.
 */
export function foldByCluster(told: Iterable<Told>, clusterCounts: ReadonlyMap<string, number>): readonly Diagnostic[] {
  const folded = new Map<Diagnostic, { readonly app: string; readonly clusters: ClusterId[] }>();
  // Cells that share a rendering share its diagnostics, which spares most of the comparing.
  for (const { diagnostic, app, cluster } of told) {
    const known = folded.get(diagnostic);
    if (known === undefined) folded.set(diagnostic, { app, clusters: [cluster] });
    else known.clusters.push(cluster);
  }
  const equal = Map.groupBy(folded, ([diagnostic, { app }]) => `${app} ${keyOf(diagnostic)}`);
  return [...equal.values()].flatMap((group) =>
    group.slice(0, 1).map(([diagnostic, { app }]) => {
      const clusters = [...new Set(group.flatMap(([, each]) => each.clusters))].toSorted();
      if (clusters.length === clusterCounts.get(app)) return diagnostic;
      return { ...diagnostic, message: `${diagnostic.message} (on ${named(clusters)})` };
    }),
  );
}

function named(clusters: readonly ClusterId[]): string {
  const first = clusters.slice(0, namedMax).join(', ');
  return clusters.length > namedMax ? `${first} and ${clusters.length - namedMax} more` : first;
}

/** Each once, in order of repository, path and line; the order of those at one place is fixed, too. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map(diagnostics.map((each) => [keyOf(each), each]));
  return [...unique]
    .toSorted(([a, first], [b, second]) => compareOrigins(first, second) || compareText(a, b))
    .map(([, each]) => each);
}

const keyOf = ({ origin, code, message }: Diagnostic): string =>
  `${origin.repository}\0${origin.path}:${origin.line}:${origin.column}\0${code}\0${message}`;

const compareOrigins = ({ origin: a }: Diagnostic, { origin: b }: Diagnostic): number =>
  compareText(a.repository, b.repository) || compareText(a.path, b.path) || a.line - b.line || a.column - b.column;
