/** An ordinary object that a federation spread: the object itself, where it goes, and how many of it. */
import { digestOf } from '../../json/digest.ts';
import { at, isArray, isObject, type JsonObject, numberOf, withFields } from '../../json/value.ts';
import { type Findings, isError } from '../../model/diagnostic.ts';
import { type AppId, appId, digest } from '../../model/id.ts';
import type { IgnoreRule, Intent } from '../../model/intent.ts';
import type { Placement, PreferredDivision } from '../../model/placement.ts';
import { declaredObject } from '../declared-object.ts';
import { anyObject } from '../kubefed/override.ts';
import { placementOf, stageOf } from '../kubefed/placement.ts';
import { divisionOf } from '../kubefed/preference.ts';
import { type Problems, problemsIn } from '../kubefed/read.ts';
import { modernAutoscaler } from '../legacy-api/autoscaler.ts';
import { ingressVersion, modernIngressSpec } from '../legacy-api/ingress.ts';
import { modernWorkload } from '../legacy-api/workload.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { clustersOf, scaledOn, sharesOf } from './annotation.ts';

export type SpreadObject = { readonly intent: Intent; readonly placement: Placement };

const defaultNamespace = 'default';

/** The name of the App that a Namespace becomes; undefined for any other object. */
export function namespaceAppOf({ document }: Placed): AppId | undefined {
  const { kind, name } = kindOfDocument(document);
  return kind === 'Namespace' ? appId(name, `namespace-${name}`) : undefined;
}

/** Shape: undefined for what has no name, or no namespace that can be read; broken where it is wrong otherwise, so that what runs is kept. */
export function readObject(placed: Placed, spaces: ReadonlySet<AppId>): Findings<SpreadObject | undefined> {
  const problems = problemsIn(placed);
  const { kind, name, namespace: written } = kindOfDocument(placed.document);
  const namespace = written || defaultNamespace;
  const { value: object, diagnostics } = declaredObject(modern(placed.document.value), placed.origin, (inside) =>
    originAt(placed, inside),
  );
  problems.list.push(...diagnostics);
  if (name === '' || !isInText(placed)) return { value: undefined, diagnostics: problems.list };
  const id = namespaceAppOf(placed) ?? appId(namespace, `${kind.toLowerCase()}-${name}`);
  const scaled = scaledOn(placed);
  const clusters = scaled ?? clustersOf(placed, problems);
  const divisions = scaled === undefined ? divisionsOf(placed, namespace, clusters, problems) : [];
  const isBroken = problems.list.some(isError);
  const base = { id, origin: placed.origin, repository: placed.origin.repository, isBroken };
  const space = appId(namespace, `namespace-${namespace}`);
  const isInSpace = kind !== 'Namespace' && spaces.has(space);
  const intent: Intent = {
    ...base,
    parts: [
      {
        name: kind.toLowerCase(),
        origin: placed.origin,
        namespace: kind === 'Namespace' ? undefined : namespace,
        dependsOn: [],
        clusters: undefined,
        source: { kind: 'objects', objects: object === undefined ? [] : [object] },
      },
    ],
    variants: [],
    variables: {},
    dependsOn: isInSpace ? [{ app: space, scope: 'SameCluster', origin: placed.origin }] : [],
    ignore: scaled === undefined ? [] : [scaledElsewhere],
    movedFrom: [],
    adopt: ['any'],
    isSuspended: false,
    digest: digest(digestOf(placed.document.value)),
  };
  const placement = placementOf({
    ...base,
    apps: [id],
    stages: isBroken ? [] : [stageOf(clusters, placed.origin)],
    replicas: isBroken ? [] : divisions,
    onDelete: isBroken || isOrphaning(placed) ? 'Orphan' : 'Delete',
    isCreatingNamespaces: !isInSpace,
  });
  return { value: { intent, placement }, diagnostics: problems.list };
}

const scaledElsewhere: IgnoreRule = { target: anyObject, paths: ['/spec/replicas'], since: 'creation' };

function isInText({ document }: Placed): boolean {
  const namespace = at(document.value, 'metadata', 'namespace') ?? '';
  return typeof namespace === 'string';
}

const isOrphaning = ({ document }: Placed): boolean => {
  const finalizers = at(document.value, 'metadata', 'finalizers');
  return isArray(finalizers) && finalizers.includes('orphan');
};

/** As a server of today takes it. Finalizers were the control plane's own. */
function modern(value: JsonObject): JsonObject {
  const metadata = isObject(value.metadata) ? withFields(value.metadata, { finalizers: undefined }) : value.metadata;
  const object = withFields(value, { metadata, status: undefined });
  switch (object.kind) {
    case 'Ingress': {
      if (object.apiVersion === ingressVersion || !isObject(object.spec)) return object;
      return withFields(object, { apiVersion: ingressVersion, spec: modernIngressSpec(object.spec) });
    }
    case 'HorizontalPodAutoscaler':
      return modernAutoscaler(object);
    default:
      return modernWorkload(object);
  }
}

/** A count without a wish is shared, too. */
function divisionsOf(
  placed: Placed,
  namespace: string,
  candidates: PreferredDivision['candidates'],
  problems: Problems,
): readonly PreferredDivision[] {
  const { kind, name } = kindOfDocument(placed.document);
  const { spec } = placed.document.value;
  const total = (field: string): number => numberOf(at(spec, field)) ?? 1;
  const division = (count: number): PreferredDivision =>
    divisionOf(
      {
        type: { apiVersion: '', kind, isNamespaced: true, isFrozen: false },
        name,
        namespace,
        template: placed.document.value,
      },
      { origin: placed.origin, total: count, candidates, ...sharesOf(placed, kind, problems) },
    );
  switch (kind) {
    case 'Deployment':
    case 'ReplicaSet':
      return [division(total('replicas'))];
    case 'Job': {
      const parallel: PreferredDivision = { ...division(total('parallelism')), field: 'parallelism' };
      if (at(spec, 'completions') === undefined) return [parallel];
      // Every cluster has to do some of the work, however little may run there at once.
      const preferences = parallel.preferences.map((each) => ({ ...each, min: 0, max: undefined }));
      return [parallel, { ...parallel, total: total('completions'), field: 'completions', preferences }];
    }
    default:
      return [];
  }
}
