/** A federated object: a template, where it goes, and what differs there. */
import { fieldOf, isObject, type JsonObject, textOf, withFields } from '../../json/value.ts';
import { readDeleteOptions } from '../../model/delete-options.ts';
import { type Findings, isError } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { type AppId, appId, type ClusterId, digest } from '../../model/id.ts';
import type { DeclaredObject, IgnoreRule, Intent, Variant } from '../../model/intent.ts';
import type { Placement } from '../../model/placement.ts';
import type { Origin } from '../../model/source.ts';
import { declaredObject } from '../declared-object.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { annotationKeys, managedLabels } from './group.ts';
import { anyObject } from './override.ts';
import { matchOf, nowhere, placementOf, stageOf } from './placement.ts';
import { type Problems, problemsIn } from './read.ts';
import { contentDigest, type Said, saidBy } from './said.ts';
import type * as schema from './schema.ts';
import type { TargetType } from './type-config.ts';
import type { Written } from './written.ts';

/** A federated object by itself, before namespaces and preferences are brought in. */
export type FederatedObject = {
  readonly placed: Placed;
  readonly type: TargetType;
  readonly id: AppId;
  readonly name: string;
  /** Undefined where the target has none. */
  readonly namespace: string | undefined;
  readonly given: schema.Federated['spec'];
  readonly clusters: ClusterMatch;
  readonly placementAt: Origin;
  readonly intent: Intent;
  readonly placement: Placement;
};

export type Surroundings = {
  readonly adopt: readonly string[];
  /** Clusters of the same repository. */
  readonly known: ReadonlySet<ClusterId>;
};

/** Where a manifest without a namespace is put, as kubectl does. */
const defaultNamespace = 'default';

/** Shape: broken when anything of it is wrong, so that what runs is kept. */
export function readFederated(written: Written, type: TargetType, around: Surroundings): Findings<FederatedObject> {
  const { object: placed, isDoubtful } = written;
  const said = saidBy(written, around.known);
  const { given, variants } = said;
  const problems = problemsIn(placed);
  problems.list.push(...said.diagnostics);
  const called = kindOfDocument(placed.document);
  const { name } = called;
  const isNamespace = type.apiVersion === 'v1' && type.kind === 'Namespace';
  const namespace = type.isNamespaced ? called.namespace || defaultNamespace : undefined;
  const id = appId(isNamespace ? name : (namespace ?? defaultNamespace), `${type.kind.toLowerCase()}-${name}`);
  const object = targetOf(written, said, type, namespace, problems);
  const deletion = deletionOf(placed, problems);
  const isBroken = isDoubtful || problems.list.some(isError);
  const base = { id, origin: placed.origin, repository: placed.origin.repository, isBroken };
  const clusters = isBroken ? nowhere : matchOf(given.placement);
  const intent: Intent = {
    ...base,
    parts: [
      {
        name: type.kind.toLowerCase(),
        origin: placed.origin,
        namespace: undefined,
        dependsOn: [],
        clusters: undefined,
        source: { kind: 'objects', objects: object === undefined ? [] : [{ ...object, ...deletion.wish }] },
      },
    ],
    variants,
    variables: {},
    dependsOn: [],
    ignore: [managed, ...(given.retainReplicas === true && isScaled(type) ? [retained(variants)] : [])],
    movedFrom: [],
    adopt: around.adopt,
    isSuspended: type.isFrozen,
    digest: digest(contentDigest(written)),
  };
  const placement = placementOf({
    ...base,
    apps: [id],
    stages: isBroken ? [] : [stageOf(clusters, said.placementAt)],
    onDelete: isOrphaning(placed) || deletion.isUnreadable || isBroken ? 'Orphan' : 'Delete',
  });
  return {
    value: { placed, type, id, name, namespace, given, clusters, placementAt: said.placementAt, intent, placement },
    diagnostics: problems.list,
  };
}

/** Its own labels stay as they are on the cluster, until somebody takes them off. */
const managed: IgnoreRule = {
  target: anyObject,
  paths: managedLabels.map((label) => `/metadata/labels/${label.replace('/', '~1')}`),
};

/** Both are kept by rules of their own. */
const isScaled = ({ kind }: TargetType): boolean => kind !== 'Service' && kind !== 'ServiceAccount';

const replicasPath = '/spec/replicas';

/** Where an override says how many, it goes before what the cluster has. */
function retained(variants: readonly Variant[]): IgnoreRule {
  const saying = variants.filter(({ patches }) =>
    patches.some(
      ({ change }) =>
        change.kind === 'amend' && change.amendments.some(({ path }) => `/${path.join('/')}` === replicasPath),
    ),
  );
  const of = { kind: 'some', of: saying.map(({ clusters }) => clusters) } as const;
  return { target: anyObject, paths: [replicasPath], since: 'creation', clusters: { kind: 'not', of } };
}

function targetOf(
  { object: placed, namespace: own }: Written,
  { template, templateAt }: Said,
  type: TargetType,
  namespace: string | undefined,
  problems: Problems,
): DeclaredObject | undefined {
  const metadata = isObject(template.metadata) ? template.metadata : {};
  const { name } = kindOfDocument(placed.document);
  const dropped = own === undefined ? ['annotations', 'finalizers'] : ['finalizers'];
  for (const field of dropped) {
    const value = metadata[field];
    if (value === undefined || value === null) continue;
    const message = `\`${field}\` of a template are not propagated`;
    const hint = field === 'annotations' ? 'what an override adds under /metadata/annotations is' : undefined;
    problems.warn('A1554', ['spec', 'template', 'metadata', field], message, hint);
  }
  const object: JsonObject = {
    apiVersion: textOf(template.apiVersion)?.replace(/^\//, '') || type.apiVersion,
    kind: type.kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...withFields(metadata, {
        ...Object.fromEntries(dropped.map((field) => [field, undefined])),
        name: undefined,
        namespace: undefined,
      }),
    },
    ...withFields(template, { apiVersion: undefined, kind: undefined, metadata: undefined }),
  };
  const { value, diagnostics } = declaredObject(object, placed.origin, (inside) =>
    inside[0] === 'metadata' && inside[1] === 'name' ? originAt(placed, inside) : templateAt(inside),
  );
  problems.list.push(...diagnostics);
  return value;
}

export function annotationOf({ document }: Placed, name: string): string | undefined {
  const { metadata } = document.value;
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  return annotationKeys(name)
    .map((key) => textOf(fieldOf(annotations, key)))
    .find((value) => value !== undefined);
}

const isOrphaning = (placed: Placed): boolean => annotationOf(placed, 'orphan') === 'true';

type Deletion = { readonly wish: Pick<DeclaredObject, 'deletion'>; readonly isUnreadable: boolean };

/** What cannot be understood deletes nothing, as it was with KubeFed; the rest of the object is as good as ever. */
function deletionOf(placed: Placed, problems: Problems): Deletion {
  const text = annotationOf(placed, 'deleteoption');
  if (text === undefined) return { wish: {}, isUnreadable: false };
  const deletion = readDeleteOptions(text);
  if (deletion !== undefined)
    return { wish: Object.keys(deletion).length === 0 ? {} : { deletion }, isUnreadable: false };
  const hint =
    'it is JSON, as {"gracePeriodSeconds": 5, "propagationPolicy": "Orphan"}; until it is, nothing is deleted';
  problems.warn('A1567', ['metadata', 'annotations'], 'the options of deletion cannot be understood', hint);
  return { wish: {}, isUnreadable: true };
}

/** For a placement and an intent that cannot be trusted: what runs is kept. */
export const broken = (object: FederatedObject): FederatedObject => ({
  ...object,
  intent: { ...object.intent, isBroken: true },
  placement: { ...object.placement, isBroken: true, stages: [] },
});
