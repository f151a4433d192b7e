/** The clusters, as the inventory in Git describes them. */
import type { ClusterId } from './id.ts';
import { unreachable } from './invariant.ts';
import { type LabelSelector, selects } from './selector.ts';
import type { Origin } from './source.ts';

/** Joining: add-ons first. Cordoned: nothing new. Draining: make before break, then empty. Retired: forget, no contact. */
export const lifecycles = ['Joining', 'Active', 'Cordoned', 'Draining', 'Retired'] as const;
export type Lifecycle = (typeof lifecycles)[number];

/** How to reach a cluster: references to credentials, never their values. */
export type Access =
  | { readonly kind: 'secret'; readonly namespace: string | undefined; readonly name: string }
  | { readonly kind: 'file'; readonly path: string; readonly context: string | undefined }
  /** The bearer token is in a Secret; where it is good is in Git. */
  | { readonly kind: 'token'; readonly namespace: string; readonly name: string; readonly server: Server }
  | { readonly kind: 'inCluster' }
  | { readonly kind: 'exec'; readonly provider: string };

/** An API server, and how it proves that it is the one. */
export type Server = {
  readonly url: string;
  /** PEM; undefined: the system's roots. */
  readonly ca: string | undefined;
  /** `chain`: whatever name its certificate bears; `nothing`: it is not asked for proof. */
  readonly proof: 'full' | 'chain' | 'nothing';
};

export type Cluster = {
  readonly id: ClusterId;
  readonly origin: Origin;
  readonly labels: Readonly<Record<string, string>>;
  /** The uid of its namespace `kube-system`; learnt on first contact when absent. */
  readonly clusterID: string | undefined;
  readonly access: Access;
  readonly proxyURL: string | undefined;
  readonly lifecycle: Lifecycle;
  /** No writes. */
  readonly isSuspended: boolean;
  readonly variables: Readonly<Record<string, string>>;
  /** Names it had before; its cells' records move along. */
  readonly movedFrom: readonly ClusterId[];
};

/** Never looks at prototypes: a key comes from whoever writes a Placement. */
export const labelOf = ({ labels }: Cluster, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

/** Every cluster, in order of name. */
export type Fleet = ReadonlyMap<ClusterId, Cluster>;

/** Which clusters: by name, by label, or as several say together. */
export type ClusterMatch =
  | { readonly kind: 'names'; readonly names: readonly ClusterId[] }
  | { readonly kind: 'selector'; readonly selector: LabelSelector }
  /** By a label whose value is a whole number beyond a bound. */
  | { readonly kind: 'number'; readonly label: string; readonly is: 'above' | 'below'; readonly bound: number }
  /** Those that have a variable of this name. */
  | { readonly kind: 'variable'; readonly name: string }
  /**
   * One of those that `of` matches: the `rank`-th, from 0, by rendezvous hashing. `core/placement/rendezvous.ts` puts the
   * chosen one in its place; until then it may be any of them.
   */
  | { readonly kind: 'ranked'; readonly of: ClusterMatch; readonly key: string; readonly rank: number }
  /** As `of`. That there is no such cluster is a mistake, never a wish. */
  | { readonly kind: 'needed'; readonly of: ClusterMatch }
  /** Of none: every cluster. */
  | { readonly kind: 'every'; readonly of: readonly ClusterMatch[] }
  /** Of none: no cluster. */
  | { readonly kind: 'some'; readonly of: readonly ClusterMatch[] }
  | { readonly kind: 'not'; readonly of: ClusterMatch };

export function matches(match: ClusterMatch, cluster: Cluster): boolean {
  switch (match.kind) {
    case 'names':
      return match.names.includes(cluster.id);
    case 'selector':
      return selects(match.selector, cluster.labels);
    case 'number': {
      const value = labelOf(cluster, match.label) ?? '';
      if (!/^[+-]?[0-9]{1,15}$/.test(value)) return false;
      return match.is === 'above' ? Number(value) > match.bound : Number(value) < match.bound;
    }
    case 'variable':
      return Object.hasOwn(cluster.variables, match.name);
    case 'ranked':
    case 'needed':
      return matches(match.of, cluster);
    case 'every':
      return match.of.every((each) => matches(each, cluster));
    case 'some':
      return match.of.some((each) => matches(each, cluster));
    case 'not':
      return !matches(match.of, cluster);
    default:
      return unreachable(match);
  }
}

/** The names that are written in it, whether it selects them or not; each once, in the order written. */
export function namesIn(match: ClusterMatch): readonly ClusterId[] {
  switch (match.kind) {
    case 'names':
      return match.names;
    case 'selector':
    case 'variable':
    case 'number':
      return [];
    case 'every':
    case 'some':
      return [...new Set(match.of.flatMap(namesIn))];
    case 'ranked':
    case 'needed':
    case 'not':
      return namesIn(match.of);
    default:
      return unreachable(match);
  }
}

/** Whether a label, or a variable, decides: such a choice is too easily changed by mistake. */
export function dependsOnLabels(match: ClusterMatch): boolean {
  switch (match.kind) {
    case 'names':
      return false;
    case 'selector':
    case 'variable':
    case 'number':
      return true;
    case 'every':
    case 'some':
      return match.of.some(dependsOnLabels);
    case 'ranked':
    case 'needed':
    case 'not':
      return dependsOnLabels(match.of);
    default:
      return unreachable(match);
  }
}
