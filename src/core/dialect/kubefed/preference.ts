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

/** Shape: `object` as its preferences have it; `selected` is what its namespace's selector alone says. */
export function preferring(object: FederatedObject, wishes: readonly Placed[], selected: ClusterMatch): Preferred {
  const read = wishes.map((placed) => ({ placed, ...readManifest(schema.ReplicaSchedulingPreference, placed) }));
  const diagnostics = read.flatMap((each) => each.diagnostics);
  const [first, ...others] = read;
  // What is wrong with a count must not become another count.
  if (first?.value === undefined || others.length > 0) return { object: broken(object), diagnostics };
  const { placed, value } = first;
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

/** The preferences of each workload: one, or several of which nobody can say which is meant. What meets no workload is told. */
export function preferencesOf(
  all: readonly Placed[],
  objects: readonly FederatedObject[],
): Findings<ReadonlyMap<FederatedObject, readonly Placed[]>> {
  const found = new Map<FederatedObject, Placed[]>();
  const diagnostics = all.flatMap((placed): readonly Diagnostic[] => {
    const problems = problemsIn(placed);
    const { name, namespace } = kindOfDocument(placed.document);
    const target = textOf(at(placed.document.value, 'spec', 'targetKind')) ?? '';
    const isKnown = targetKinds.includes(target);
    // A preference for nothing that can be read may be for any workload of its name: what runs of them stays.
    const meant = objects.filter(
      ({ type, name: own, namespace: place }) =>
        mayBe(placed, 'name', own) &&
        mayBe(placed, 'namespace', place ?? '') &&
        (isKnown ? [target] : targetKinds).includes(`Federated${type.kind}`),
    );
    for (const object of meant) {
      const others = found.get(object) ?? [];
      found.set(object, [...others, placed]);
      if (others.length > 0)
        problems.error('A1566', ['metadata', 'name'], `replicas of ${name} are shared already, elsewhere`);
    }
    if (meant.length > 0) return problems.list;
    if (!isKnown) return readManifest(schema.ReplicaSchedulingPreference, placed).diagnostics;
    const message = `there is no ${target} ${name} in namespace ${namespace || 'default'} to share replicas of`;
    problems.warn('A1565', ['metadata', 'name'], message);
    return problems.list;
  });
  return { value: found, diagnostics };
}

/** What cannot be read may be anything. */
function mayBe({ document }: Placed, field: 'name' | 'namespace', value: string): boolean {
  const { metadata } = document.value;
  const written = isObject(metadata) ? metadata[field] : metadata;
  if (written === undefined || written === null) return field === 'namespace' && value === 'default';
  return typeof written === 'string' && isObject(metadata) ? (written || 'default') === value : true;
}

const targetKinds: readonly string[] = schema.ReplicaSchedulingPreference.shape.spec.shape.targetKind.options;
