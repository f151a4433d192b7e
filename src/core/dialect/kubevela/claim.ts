/** Who wants which component where: of several deployments on one cluster, who has it. */
import { digestOf } from '../../json/digest.ts';
import type { Json } from '../../json/value.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { minus, surelyInBoth, union } from './clusters.ts';
import type { Deploy } from './deploy.ts';
import type { Component } from './loaded.ts';

/** A component, as one step wants it on some clusters. */
export type Claim = {
  readonly deploy: Deploy;
  readonly component: Component;
  readonly namespace: string | undefined;
  readonly clusters: ClusterMatch;
  /** Equal for claims that come to the same objects. */
  readonly content: string;
};

/** Of one component in one namespace. */
export const groupOf = ({ component, namespace }: Claim): string => `${component.name} ${namespace ?? ''}`;

export function claimsOf(deploys: readonly Deploy[]): readonly Claim[] {
  return deploys.flatMap((deploy) =>
    deploy.places.flatMap(({ clusters, namespace, components }) =>
      components.map((component) => ({
        deploy,
        component,
        namespace,
        clusters,
        content: digestOf(contentOf(component)),
      })),
    ),
  );
}

const contentOf = ({ type, properties, traits, dependsOn, replicaKey }: Component): Json => [
  type,
  properties.value,
  traits.map((trait) => [trait.type, trait.given.value]),
  dependsOn.map(({ name }) => name),
  replicaKey ?? null,
];

export const clustersOf = ({ places }: Deploy): ClusterMatch => union(places.map(({ clusters }) => clusters));

/** Does a deployment bring nothing to a cluster that an earlier one has not brought, but perhaps in another form? */
export function isCoveredBy(later: Deploy, earlier: Deploy): boolean {
  const namesOf = ({ places }: Deploy): readonly string[] =>
    places.flatMap(({ namespace, components }) => components.map(({ name }) => `${name} ${namespace ?? ''}`));
  const known = new Set(namesOf(earlier));
  return namesOf(later).every((name) => known.has(name));
}

export type Settled = {
  readonly claims: readonly Claim[];
  /** Where each deployment leads: a cluster is led by one. */
  readonly leads: ReadonlyMap<Deploy, ClusterMatch>;
  /** Deployments of which the later waits for a person, and that surely share a cluster. */
  readonly entangled: readonly { readonly earlier: Deploy; readonly later: Deploy }[];
};

/**
 * Settles clusters that several deployments want.
 *
 * Shape: a later deployment has the last word, as it would when all have run. But one that waits for a person must not reach
 *   a cluster through an earlier one: where it only repeats the earlier, the cluster stays with that; where it brings
 *   more, the cluster waits as a whole.
 */
export function settle(deploys: readonly Deploy[]): Settled {
  const waiting = (later: Deploy, earlier: Deploy): boolean => later.isWaiting && earlier !== later;
  const pairs = deploys.flatMap((later, index) =>
    deploys
      .slice(0, index)
      .filter((earlier) => waiting(later, earlier))
      .map((earlier) => ({ earlier, later, isCovered: isCoveredBy(later, earlier) })),
  );
  const leads = new Map(
    deploys.map((deploy) => {
      const taken = pairs.filter((pair) => pair.earlier === deploy && !pair.isCovered);
      return [
        deploy,
        minus(
          clustersOf(deploy),
          taken.map(({ later }) => clustersOf(later)),
        ),
      ] as const;
    }),
  );
  const claims = claimsOf(deploys).map((claim): Claim => {
    const left = pairs.filter((pair) => pair.later === claim.deploy && pair.isCovered);
    return {
      ...claim,
      clusters: minus(
        claim.clusters,
        left.map(({ earlier }) => clustersOf(earlier)),
      ),
    };
  });
  const entangled = pairs.filter(
    ({ earlier, later, isCovered }) => !isCovered && surelyInBoth(clustersOf(earlier), clustersOf(later)),
  );
  return { claims, leads, entangled };
}
