/** Federated namespaces: they go somewhere themselves, and nothing inside of them goes anywhere else. */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { type AppId, appId } from '../../model/id.ts';
import { originAt } from '../placed.ts';
import { controlPlane } from './cluster.ts';
import type { ControlPlane } from './control-plane.ts';
import { broken, type FederatedObject } from './federated.ts';
import { both, selectedBy, stageOf } from './placement.ts';

/** What a federated namespace says about what is inside of it. */
export type Limit = {
  readonly clusters: ClusterMatch;
  /** What its selector alone says. */
  readonly selected: ClusterMatch;
  /** Undefined where the namespace itself is left to the cluster. */
  readonly app: AppId | undefined;
  readonly isBroken: boolean;
};

/** Every cluster has these, and nobody makes them. */
const given: ReadonlySet<string> = new Set(['default', 'kube-public', 'kube-system', controlPlane]);

export const isNamespace = ({ type }: FederatedObject): boolean =>
  type.apiVersion === 'v1' && type.kind === 'Namespace';

/** Shape: those that are objects of a cluster, and a limit for each name. */
export function namespacesOf(all: readonly FederatedObject[]): {
  readonly objects: readonly FederatedObject[];
  readonly limits: ReadonlyMap<string, Limit>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const valid = all.filter((object) => {
    const namespace = object.placed.document.value.metadata;
    const written =
      typeof namespace === 'object' && namespace !== null && 'namespace' in namespace
        ? namespace.namespace
        : object.name;
    if (written === object.name) return true;
    const message = `a FederatedNamespace must be in the namespace that it is for: ${object.name}`;
    const origin = originAt(object.placed, ['metadata', 'namespace']);
    diagnostics.push({ code: 'A1559', severity: 'error', origin, message });
    return false;
  });
  const limits = new Map(
    valid.map((object): readonly [string, Limit] => [
      object.name,
      {
        clusters: object.clusters,
        selected: selectedBy(object.given.placement),
        app: given.has(object.name) ? undefined : appId(object.name, `namespace-${object.name}`),
        isBroken: object.intent.isBroken,
      },
    ]),
  );
  return { objects: valid.filter(({ name }) => !given.has(name)), limits, diagnostics };
}

/** Shape: an object as far as its namespace lets it go. */
export function within(
  object: FederatedObject,
  limits: ReadonlyMap<string, Limit>,
  { scope }: ControlPlane,
): { readonly object: FederatedObject; readonly diagnostics: readonly Diagnostic[] } {
  const { namespace, placed } = object;
  if (namespace === undefined || object.placement.isBroken) return { object, diagnostics: [] };
  const limit = limits.get(namespace);
  if (limit?.isBroken) return { object: broken(object), diagnostics: [] };
  if (limit === undefined) return unlimited(object, namespace, scope, limits.size > 0);
  const clusters = both(object.clusters, limit.clusters);
  const dependsOn =
    limit.app === undefined ? [] : [{ app: limit.app, scope: 'SameCluster' as const, origin: placed.origin }];
  return {
    object: {
      ...object,
      clusters,
      intent: { ...object.intent, dependsOn },
      placement: { ...object.placement, stages: [stageOf(clusters, object.placementAt)] },
    },
    diagnostics: [],
  };
}

/**
 * Of a control plane for all namespaces, what is in a namespace that is not federated goes nowhere; of one for a single
 * namespace, it goes where it says. What is there is kept, in either case.
 */
function unlimited(
  object: FederatedObject,
  namespace: string,
  scope: ControlPlane['scope'],
  hasOthers: boolean,
): ReturnType<typeof within> {
  const { placed } = object;
  const hint = `commit a FederatedNamespace ${namespace} in namespace ${namespace}, with a placement`;
  const base = { code: 'A1560', origin: placed.origin, hint } as const;
  if (scope === 'Cluster') {
    const message = `namespace ${namespace} is not federated, so this goes nowhere`;
    return { object: broken(object), diagnostics: [{ ...base, severity: 'error', message }] };
  }
  const free = { ...object, placement: { ...object.placement, isCreatingNamespaces: true } };
  if (scope === 'Namespaced' || !hasOthers) return { object: free, diagnostics: [] };
  const message = `namespace ${namespace} is not federated, as others are: this goes wherever its own placement says`;
  return { object: free, diagnostics: [{ ...base, severity: 'warning', message }] };
}
