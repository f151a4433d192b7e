/** Traffic as parts: on each cluster it leads to the revisions that are there. */

import { canonical } from '../../json/digest.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import type { ClusterId } from '../../model/id.ts';
import type { PlacedRevision } from './revision.ts';
import type { Traffic } from './schema.ts';
import type { Entry } from './selector.ts';

/** Revisions that are on the same clusters, and where that is. */
export type Group = { readonly revisions: readonly string[]; readonly match: ClusterMatch };

/** One combination of groups: the revisions that are there together, and on which clusters just these are. */
export type Meeting = { readonly revisions: readonly string[]; readonly clusters: ClusterMatch };

/** Groups of which only the fleet tells where they are: beyond so many the combinations are too many to write out. */
export const groupsMax = 6;

/** Those whose clusters are written down need no combinations. */
export const isOpen = ({ match }: Group): boolean => namesOf(match) === undefined;

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

/** All of them as one, wherever any of them is. */
export const everyMeeting = (groups: readonly Group[]): Meeting => ({
  revisions: groups.flatMap(({ revisions }) => revisions),
  clusters: { kind: 'some', of: groups.map(({ match }) => match) },
});

/** The clusters that are surely meant; undefined where labels choose. A name with labels beside is that cluster, or a mistake. */
function namesOf(match: ClusterMatch): readonly ClusterId[] | undefined {
  switch (match.kind) {
    case 'names':
      return match.names;
    case 'needed':
      return namesOf(match.of);
    case 'every':
      return match.of.find((each) => each.kind === 'names')?.names;
    case 'some': {
      const all = match.of.map(namesOf);
      return all.includes(undefined) ? undefined : [...new Set(all.flatMap((each) => each ?? []))];
    }
    default:
      return undefined;
  }
}

/**
 * The combinations of groups that there are; no cluster is in two of them.
 *
 * Cost: the ways in which clusters that are named differ, times two to the number of open groups.
 */
export function meetingsOf(groups: readonly Group[]): readonly Meeting[] {
  const open = groups.filter(isOpen);
  return placesOf(groups).flatMap(({ here, clusters }) =>
    Array.from({ length: 2 ** open.length }, (_, index): Meeting => {
      const isIn = (group: Group): boolean =>
        isOpen(group) ? (index & (1 << open.indexOf(group))) !== 0 : here.has(group);
      const chosen = open.map((group): ClusterMatch => (isIn(group) ? group.match : { kind: 'not', of: group.match }));
      return {
        revisions: groups.filter(isIn).flatMap(({ revisions }) => revisions),
        clusters: { kind: 'every', of: [clusters, ...chosen] },
      };
    }).filter(({ revisions }) => revisions.length > 0),
  );
}

type Place = { readonly here: ReadonlySet<Group>; readonly clusters: ClusterMatch };

/** Named clusters by the groups that are there, and all others, where only open groups can be. */
function placesOf(groups: readonly Group[]): readonly Place[] {
  const named = groups.flatMap((group) => (namesOf(group.match) ?? []).map((name) => ({ group, name })));
  const names = [...new Set(named.map(({ name }) => name))];
  const alike = Map.groupBy(names, (name) =>
    named.flatMap((each) => (each.name === name ? [groups.indexOf(each.group)] : [])).join(),
  );
  const places = [...alike].map(
    ([which, clusters]): Place => ({
      here: new Set(which.split(',').flatMap((at) => groups[Number(at)] ?? [])),
      clusters: { kind: 'names', names: clusters },
    }),
  );
  const elsewhere: Place = { here: new Set(), clusters: { kind: 'not', of: { kind: 'names', names } } };
  return groups.some(isOpen) ? [...places, elsewhere] : places;
}
