/** The scale subresource: one number of an object, its ownership included, seen as an object of its own. */
import {
  at,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  numberOf,
  textOf,
  withFields,
} from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { builtinSchema } from '../schema/builtin.ts';
import { done, internal, type Result } from '../schema/refusal.ts';
import type { Schema } from '../schema/schema.ts';
import { type ApplyChange, apply } from './apply.ts';
import { fieldElement } from './element.ts';
import { difference, type FieldSet, hasPath, leaf } from './fieldset.ts';
import { intern, plainlyOrdered } from './fieldset-text.ts';
import { type Held, identityOf, type Managed, type ManagedEntry, sortedManaged } from './managed.ts';
import { trackUpdate } from './update.ts';

const scaleVersion = 'autoscaling/v1';
const scalePath = ['spec', 'replicas'];

type Paths = {
  readonly replicas: readonly string[];
  readonly status: readonly string[];
  readonly selector: readonly string[];
};

function pathsOf(schema: Schema): Paths | undefined {
  if (schema.custom === undefined) {
    const isScaled = schema.resource.subresources.some(({ name }) => name === 'scale');
    return isScaled
      ? { replicas: scalePath, status: ['status', 'replicas'], selector: ['spec', 'selector'] }
      : undefined;
  }
  const { scale } = schema.custom;
  if (scale === undefined) return undefined;
  const steps = (path: string): readonly string[] => path.split('.').filter((step) => step !== '');
  return { replicas: steps(scale.specReplicas), status: steps(scale.statusReplicas), selector: steps(scale.selector) };
}

/** The Scale of an object, as GET answers it; undefined for kinds without one. */
export function scaleOf(schema: Schema, object: KubeObject): KubeObject | undefined {
  const paths = pathsOf(schema);
  if (paths === undefined) return undefined;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = numberOf(at(object, ...paths.replicas)) ?? 0;
  const selector = selectorText(at(object, ...paths.selector));
  return {
    apiVersion: scaleVersion,
    kind: 'Scale',
    metadata: { ...withFields({}, { namespace, uid, resourceVersion, creationTimestamp }), name },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: numberOf(at(object, ...paths.status)) ?? 0,
      ...(selector === '' ? {} : { selector }),
    },
  };
}

/** A label selector in the words of a query. */
function selectorText(selector: Json | undefined): string {
  if (typeof selector === 'string') return selector;
  if (!isObject(selector)) return '';
  const isStructured = isObject(selector.matchLabels) || isArray(selector.matchExpressions);
  const labels = isStructured ? (isObject(selector.matchLabels) ? selector.matchLabels : {}) : selector;
  const expressions = isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  const equalities = Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${textOf(value) ?? ''}`);
  return [...equalities, ...expressions.map(expressionText)].join(',');
}

function expressionText(expression: Json): string {
  const key = textOf(at(expression, 'key')) ?? '';
  const values = at(expression, 'values');
  const list = `(${(isArray(values) ? values : []).join(',')})`;
  switch (at(expression, 'operator')) {
    case 'In':
      return `${key} in ${list}`;
    case 'NotIn':
      return `${key} notin ${list}`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}

const scaleSchema = (): Schema | undefined => builtinSchema(scaleVersion, 'Scale');

export type ScaleUpdate = {
  readonly live: Held;
  /** The Scale as it is to be: decoded. */
  readonly scale: KubeObject;
  /** Of the object. */
  readonly schema: Schema;
  readonly manager: string;
  readonly time: string;
};

/** The object after a PUT or a patch of its Scale; whoever set the number owns it, as of the subresource. */
export function trackScale(change: ScaleUpdate): Result<Held> {
  const paths = pathsOf(change.schema);
  const schema = scaleSchema();
  const scale = scaleOf(change.schema, change.live.object);
  if (paths === undefined || schema === undefined || scale === undefined) return internal('the kind has no scale');
  const before: Held = { object: scale, managed: toScale(change.live.managed, paths) };
  const { manager, time } = change;
  const tracked = trackUpdate({ live: before, next: change.scale, schema, manager, time, subresource: 'scale' });
  return done(toParent(change, tracked, paths));
}

export type ScaleApply = Omit<ApplyChange, 'schema' | 'subresource' | 'live'> & {
  readonly live: Held;
  readonly schema: Schema;
};

/** The object after a server-side apply of its Scale. */
export function applyScale(change: ScaleApply): Result<Held> {
  const paths = pathsOf(change.schema);
  const schema = scaleSchema();
  const scale = scaleOf(change.schema, change.live.object);
  if (paths === undefined || schema === undefined || scale === undefined) return internal('the kind has no scale');
  const before: Held = { object: scale, managed: toScale(change.live.managed, paths) };
  if (change.schema.custom !== undefined && before.managed.length === 0) {
    return internal(`failed to create manager for existing fields: failed to convert live object (/; ${scaleAsCustom}`);
  }
  const applied = apply({ ...change, schema, live: before, subresource: 'scale' });
  if (applied.kind === 'refused') return applied;
  if (change.schema.custom !== undefined && applied.value.object !== before.object) return notConvertible(change);
  return done(toParent(change, applied.value, paths));
}

// The API server tries to make a custom object of the Scale, and fails; whoever applies sees that.
const scaleAsCustom = `${scaleVersion}, Kind=Scale) to proper version: request to convert CR to an invalid group/version: ${scaleVersion}`;

function notConvertible({ config }: ScaleApply): Result<Held> {
  const [namespace, name] = [textOf(at(config, 'metadata', 'namespace')), textOf(at(config, 'metadata', 'name'))];
  return internal(`failed to convert new object (${namespace ?? ''}/${name ?? ''}; ${scaleAsCustom}`);
}

const replicasSet: FieldSet = setOf(scalePath);

function setOf([first, ...rest]: readonly string[]): FieldSet {
  if (first === undefined) return new Map();
  return new Map([[fieldElement(first), rest.length === 0 ? leaf : { isOwned: false, below: setOf(rest) }]]);
}

const elementsOf = (path: readonly string[]): readonly string[] => path.map(fieldElement);

// Owners of the number own it in the Scale too.
function toScale(managed: Managed, paths: Paths): Managed {
  const owners = managed.filter((entry) => hasPath(entry.fields, elementsOf(paths.replicas)));
  return sortedManaged(owners.map((entry) => ({ ...entry, apiVersion: scaleVersion, fields: intern(replicasSet) })));
}

function toParent(change: Pick<ScaleUpdate, 'live' | 'schema'>, scaled: Held, paths: Paths): Held {
  const { live, schema } = change;
  const replicas = at(scaled.object, 'spec', 'replicas') ?? 0;
  const object = withValueAt(live.object, paths.replicas, replicas);
  const ofScale = new Map(scaled.managed.map((entry) => [identityOf(entry), entry]));
  const own = setOf(paths.replicas);
  const times = new Map(live.managed.map((entry) => [identityOf(entry), entry.time]));
  const kept = live.managed.flatMap((entry): ManagedEntry[] => {
    if (!hasPath(entry.fields, elementsOf(paths.replicas))) return [entry];
    // An updater's entry is known by its version too, which is another in the Scale: it is always taken for lost.
    if (ofScale.delete(identityOf(entry))) return [entry];
    const fields = difference(entry.fields, own);
    return fields.size === 0 ? [] : [{ ...entry, fields }];
  });
  const taken = [...ofScale].filter(([, entry]) => hasPath(entry.fields, elementsOf(scalePath)));
  const added = taken.map(([id, entry]) => ({
    ...entry,
    apiVersion: schema.apiVersion,
    // The API server forgets the time on the way; so do we.
    time: times.get(id),
    fields: own,
  }));
  const managed = [...kept, ...added].map((entry) => ({ ...entry, fields: plainlyOrdered(intern(entry.fields)) }));
  return { object, managed: sortedManaged(managed) };
}

function withValueAt(object: KubeObject, [first, ...rest]: readonly string[], value: Json): KubeObject {
  const set = (here: JsonObject, [name, ...below]: readonly string[]): JsonObject => {
    if (name === undefined) return here;
    const inner = Object.hasOwn(here, name) ? here[name] : undefined;
    return { ...here, [name]: below.length === 0 ? value : set(isObject(inner) ? inner : {}, below) };
  };
  return first === undefined ? object : (set(object, [first, ...rest]) as KubeObject);
}
