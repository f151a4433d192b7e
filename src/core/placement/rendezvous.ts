/** Choosing one cluster of several so that no other cluster's coming or going changes the choice. */
import { scoreOfText } from '../json/digest.ts';
import { type Cluster, type ClusterMatch, type Fleet, matches } from '../model/fleet.ts';

/**
 * The match with each `ranked` part replaced by the cluster that is chosen, or by none where there are too few.
 *
 * Shape: the same match where nothing is ranked. Clusters that are being left are no candidates.
 * Cost: a hash for each candidate.
 * Source: highest random weight (rendezvous) hashing, Thaler and Ravishankar.
 */
export function chosenIn(match: ClusterMatch, fleet: Fleet): ClusterMatch {
  if (!isOpen(match)) return match;
  switch (match.kind) {
    case 'ranked': {
      const of = chosenIn(match.of, fleet);
      const chosen = rankedBy(
        match.key,
        [...fleet.values()].filter((each) => isCandidate(each) && matches(of, each)),
      );
      const names = chosen.slice(match.rank, match.rank + 1).map(({ id }) => id);
      return { kind: 'every', of: [{ kind: 'names', names }, of] };
    }
    case 'every':
    case 'some':
      return { kind: match.kind, of: match.of.map((each) => chosenIn(each, fleet)) };
    case 'not':
    case 'needed':
      return { kind: match.kind, of: chosenIn(match.of, fleet) };
    default:
      return match;
  }
}

const isCandidate = ({ lifecycle }: Cluster): boolean => lifecycle !== 'Draining' && lifecycle !== 'Retired';

function isOpen(match: ClusterMatch): boolean {
  switch (match.kind) {
    case 'ranked':
      return true;
    case 'every':
    case 'some':
      return match.of.some(isOpen);
    case 'not':
    case 'needed':
      return isOpen(match.of);
    default:
      return false;
  }
}

/** Highest score first, equal scores by name. */
export function rankedBy(key: string, clusters: readonly Cluster[]): readonly Cluster[] {
  const scored = clusters.map((cluster) => ({ cluster, score: scoreOfText(`${cluster.id}\0${key}`) }));
  return scored
    .toSorted((a, b) => (a.score === b.score ? (a.cluster.id < b.cluster.id ? -1 : 1) : a.score > b.score ? -1 : 1))
    .map(({ cluster }) => cluster);
}
