/** Which clusters a topology means, in the model's words. */
import { canonical } from '../../json/digest.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { clusterId } from '../../model/id.ts';
import type { LabelSelector, Labels, Requirement } from '../../model/selector.ts';

/** What the cluster is called on which the control plane was. */
export const local = clusterId('local');

export const named = (names: readonly string[]): ClusterMatch => ({ kind: 'names', names: names.map(clusterId) });

export const equalTo = (labels: Labels): LabelSelector =>
  Object.entries(labels).map(([key, value]): Requirement => ({ key, operator: 'In', values: [value] }));

/** A label that no cluster carries: it is true of `local`, and false of every other. */
const controlPlaneLabel = 'cluster.core.oam.dev/control-plane';

export function labelled(labels: Labels): ClusterMatch {
  const { [controlPlaneLabel]: controlPlane, ...others } = labels;
  const selector: ClusterMatch = { kind: 'selector', selector: equalTo(others) };
  if (controlPlane === undefined) return selector;
  const here = named([local]);
  const meant: ClusterMatch =
    controlPlane === 'true' ? here : controlPlane === 'false' ? { kind: 'not', of: here } : nowhere;
  return Object.keys(others).length === 0 ? meant : { kind: 'every', of: [meant, selector] };
}

export const nowhere: ClusterMatch = { kind: 'names', names: [] };

const textOfMatch = (match: ClusterMatch): string => canonical(match as never);

/** Clusters of any of them; in few words where they are. */
export function union(matches: readonly ClusterMatch[]): ClusterMatch {
  const distinct = [...new Map(matches.map((match) => [textOfMatch(match), match])).values()];
  const [only, ...others] = distinct;
  if (only === undefined) return nowhere;
  if (others.length === 0) return only;
  const lists = distinct.filter((match) => match.kind === 'names');
  const rest = distinct.filter((match) => match.kind !== 'names');
  const names = [...new Set(lists.flatMap((match) => match.names))];
  if (rest.length === 0) return { kind: 'names', names };
  return { kind: 'some', of: [...(names.length === 0 ? [] : [{ kind: 'names', names } as const]), ...rest] };
}

/** Clusters of the first that are in none of the others. */
export function minus(match: ClusterMatch, others: readonly ClusterMatch[]): ClusterMatch {
  const taken = union(others);
  if (taken.kind === 'names' && taken.names.length === 0) return match;
  if (sameMatch(match, taken)) return nowhere;
  if (match.kind === 'names' && taken.kind === 'names')
    return { kind: 'names', names: match.names.filter((name) => !taken.names.includes(name)) };
  return { kind: 'every', of: [match, { kind: 'not', of: taken }] };
}

export const sameMatch = (a: ClusterMatch, b: ClusterMatch): boolean => textOfMatch(a) === textOfMatch(b);

export const isNowhere = (match: ClusterMatch): boolean => match.kind === 'names' && match.names.length === 0;

/** Clusters that are surely in both: whether labels overlap, nobody can tell from manifests. */
export function surelyInBoth(a: ClusterMatch, b: ClusterMatch): boolean {
  if (isNowhere(a) || isNowhere(b)) return false;
  if (a.kind === 'names' && b.kind === 'names') return a.names.some((name) => b.names.includes(name));
  return sameMatch(a, b) || isEverything(a) || isEverything(b);
}

const isEverything = (match: ClusterMatch): boolean => match.kind === 'selector' && match.selector.length === 0;
