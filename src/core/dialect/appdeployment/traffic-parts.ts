/** Traffic as parts: on each cluster it leads to the revisions that are there. */

import { canonical } from '../../json/digest.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import type { PlacedRevision } from './revision.ts';
import type { Traffic } from './schema.ts';
import type { Entry } from './selector.ts';

/** Revisions that are on the same clusters, and where that is. */
export type Group = { readonly revisions: readonly string[]; readonly match: ClusterMatch };

/** One combination of groups: the revisions that are there together, and on which clusters just these are. */
export type Meeting = { readonly revisions: readonly string[]; readonly clusters: ClusterMatch };

/** Beyond so many the combinations are too many to write out. */
export const groupsMax = 6;

/** Of the revisions that some target names. */
export function groupsInTraffic({ http }: Traffic, revisions: readonly PlacedRevision[]): readonly Group[] {
  const targets = new Set(http.flatMap(({ weightedTargets }) => weightedTargets.map((each) => each.revisionName)));
  return groupsOf(
    new Map(revisions.filter(({ name }) => targets.has(name)).map(({ name, entries }) => [name, entries])),
  );
}

/** Shape: revisions without a replica anywhere are in no group. */
function groupsOf(entries: ReadonlyMap<string, readonly Entry[]>): readonly Group[] {
  const groups = new Map<string, { readonly revisions: string[]; readonly match: ClusterMatch }>();
  for (const [revision, all] of entries) {
    const running = all.filter(({ replicas }) => replicas !== 0).map(({ match }) => match);
    if (running.length === 0) continue;
    const key = running
      .map((match) => canonical(match))
      .toSorted()
      .join('\n');
    const group = groups.get(key) ?? { revisions: [], match: { kind: 'some', of: running } };
    group.revisions.push(revision);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Every combination of groups; no cluster is in two of them. */
export function meetingsOf(groups: readonly Group[]): readonly Meeting[] {
  return Array.from({ length: 2 ** groups.length - 1 }, (_, index) => {
    const isIn = (at: number): boolean => ((index + 1) & (1 << at)) !== 0;
    return {
      revisions: groups.flatMap(({ revisions }, at) => (isIn(at) ? revisions : [])),
      clusters: {
        kind: 'every',
        of: groups.map(({ match }, at): ClusterMatch => (isIn(at) ? match : { kind: 'not', of: match })),
      },
    };
  });
}
