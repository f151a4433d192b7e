/** How many replicas of a federated workload each cluster runs. */
import { at, isObject, textOf } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { clusterId } from '../../model/id.ts';
import type { PreferredDivision } from '../../model/placement.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { broken, type FederatedObject } from './federated.ts';
import { anyObject } from './override.ts';
import { both, everywhere, selectedBy, stageOf } from './placement.ts';
import { problemsIn, readManifest } from './read.ts';
import * as schema from './schema.ts';

type Preferences = { readonly [cluster: string]: schema.SharedPreference };
type Wish = PreferredDivision['preferences'][number];

/** A cluster's own entry goes before `*`, and is never mixed with it. */
export function wishesOf(clusters: Preferences): readonly Wish[] {
  const named = Object.entries(clusters).filter(([name]) => name !== '*');
  const others = Object.hasOwn(clusters, '*') ? clusters['*'] : undefined;
  const wish = (match: ClusterMatch, given: schema.SharedPreference): Wish => ({
    clusters: match,
    min: given.minReplicas ?? 0,
    max: given.maxReplicas ?? undefined,
    weight: given.weight ?? 0,
  });
  return [
    ...named.map(([name, given]) => wish({ kind: 'names', names: [clusterId(name)] }, given)),
    ...(others === undefined ? [] : [wish(everywhere, others)]),
  ];
}

export const evenly: Preferences = { '*': { weight: 1 } };

/** Everything about a workload that is the same however it is shared. */
export function divisionOf(
  object: Pick<FederatedObject, 'type' | 'name'> & { readonly namespace: string; readonly template: unknown },
  fields: Pick<PreferredDivision, 'origin' | 'total' | 'candidates' | 'preferences' | 'isRebalancing'>,
): PreferredDivision {
  const { type, name, namespace } = object;
  return {
    kind: 'preferred',
    target: { ...anyObject, kind: type.kind, name },
    key: `${namespace}/${name}`,
    running: {
      resource: `${type.kind.toLowerCase()}s`,
      group: 'apps',
      namespace,
      name,
      pods: podsOf(object.template),
    },
    ...fields,
  };
}

/** Labels alone, as it always was; expressions say nothing. */
function podsOf(template: unknown): LabelSelector | undefined {
  const labels = isObject(template) ? at(template, 'spec', 'selector', 'matchLabels') : undefined;
  if (!isObject(labels) || Object.keys(labels).length === 0) return undefined;
  return Object.entries(labels).map(([key, value]) => ({ key, operator: 'In', values: [textOf(value) ?? ''] }));
}

/** Where an object goes once a preference says so: to every cluster that takes part, whatever its own placement lists. */
export type Preferred = { readonly object: FederatedObject; readonly diagnostics: readonly Diagnostic[] };

/** Shape: `object` as its preference has it; `selected` is what its namespace's selector alone says. */
export function preferring(object: FederatedObject, placed: Placed, selected: ClusterMatch): Preferred {
  const { value, diagnostics } = readManifest(schema.ReplicaSchedulingPreference, placed);
  // What is wrong with a count must not become another count.
  if (value === undefined) return { object: broken(object), diagnostics };
  const { spec } = value;
  const isNarrow = spec.intersectWithClusterSelector === true;
  const candidates = isNarrow ? both(selectedBy(object.given.placement), selected) : everywhere;
  const given = spec.clusters ?? {};
  const division = divisionOf(
    { ...object, namespace: object.namespace ?? '', template: object.given.template ?? undefined },
    {
      origin: placed.origin,
      total: spec.totalReplicas,
      candidates,
      preferences: wishesOf(Object.keys(given).length === 0 ? evenly : given),
      isRebalancing: spec.rebalance === true,
    },
  );
  const { intent, placement } = object;
  return {
    object: {
      ...object,
      clusters: candidates,
      intent: { ...intent, ignore: intent.ignore.filter(({ since }) => since === undefined) },
      placement: {
        ...placement,
        replicas: [division],
        stages: placement.isBroken ? [] : [stageOf(candidates, placed.origin)],
      },
    },
    diagnostics,
  };
}

/** The preference of each workload, by kind and name; what meets no workload, or one that is taken, is told. */
export function preferencesOf(
  all: readonly Placed[],
  objects: readonly FederatedObject[],
): Findings<ReadonlyMap<FederatedObject, Placed>> {
  const found = new Map<FederatedObject, Placed>();
  const diagnostics = all.flatMap((placed): readonly Diagnostic[] => {
    const problems = problemsIn(placed);
    const { name, namespace } = kindOfDocument(placed.document);
    const target = textOf(at(placed.document.value, 'spec', 'targetKind'));
    const object = objects.find(
      (each) =>
        `Federated${each.type.kind}` === target && each.name === name && each.namespace === (namespace || 'default'),
    );
    if (object === undefined) {
      const message = `there is no ${target ?? 'workload'} ${name} in namespace ${namespace || 'default'} to share replicas of`;
      if (target === 'FederatedDeployment' || target === 'FederatedReplicaSet')
        problems.warn('A1565', ['metadata', 'name'], message);
      else problems.list.push(...readManifest(schema.ReplicaSchedulingPreference, placed).diagnostics);
    } else if (found.has(object)) {
      problems.error('A1566', ['metadata', 'name'], `replicas of ${name} are shared already, elsewhere`);
    } else found.set(object, placed);
    return problems.list;
  });
  return { value: found, diagnostics };
}
