/** Who changed it: the managers that own a place now. */
import type { KubeObject } from '../model/object.ts';
import { entriesOf, type Owner } from './entries.ts';
import { ownsAnyAt } from './fields.ts';
import type { FieldPath } from './path.ts';

/** One place and who owns anything of it; nobody where it was removed. We are in the list when we still own it. */
export type Blame = { readonly path: FieldPath; readonly owners: readonly Owner[] };

/** Names the owners of each path in the live object. Shape: in the order of `paths`. */
export function ownersOf(live: KubeObject, paths: readonly FieldPath[]): readonly Blame[] {
  const entries = entriesOf(live);
  return paths.map((path) => ({
    path,
    owners: entries
      .filter(({ set }) => ownsAnyAt(set, path))
      .map(({ manager, operation, subresource, time }) => ({ manager, operation, subresource, time })),
  }));
}

// Tools in a person's hand that write through the scale subresource too; a person's scaling is drift.
const handTools = new Set(['kubectl', 'kubectl-scale', 'oc', 'k9s', 'headlamp', 'lens', 'node-fetch', 'dashboard']);

/**
 * Does an autoscaler own it: the HorizontalPodAutoscaler controller, KEDA, or any other program that scales?
 *
 * All of them write `scale`, which nothing but scaling uses; only a person's tools write it as well. Verified: the
 * HorizontalPodAutoscaler's owner is kube-controller-manager.
 */
export function isAutoscaler({ subresource, manager }: Owner): boolean {
  return subresource === 'scale' && !handTools.has(manager.toLowerCase());
}

/** As a person would say it: `kubectl-edit` or `kube-controller-manager through scale`. */
export function describeOwner({ manager, subresource }: Owner): string {
  return subresource === undefined ? manager : `${manager} through ${subresource}`;
}
