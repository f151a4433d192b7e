/** Random writes by three managers to one object. */
import { isObject, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import type { Chance } from './chance.ts';
import type { TriedKind } from './kinds.ts';

export type Operation =
  | { readonly kind: 'create'; readonly manager: string; readonly body: JsonObject }
  | {
      readonly kind: 'apply';
      readonly manager: string;
      readonly isForced: boolean;
      readonly config: JsonObject;
      readonly apiVersion: string;
      readonly subresource: string;
    }
  | {
      readonly kind: 'patch';
      readonly manager: string;
      readonly type: 'json' | 'merge' | 'strategic';
      readonly body: Json;
      readonly apiVersion: string;
      readonly subresource: string;
    }
  | {
      readonly kind: 'replace';
      readonly manager: string;
      /** Laid over the live object, field by field; null removes. */
      readonly change: JsonObject;
      readonly owners: 'kept' | 'dropped' | 'reset';
      readonly apiVersion: string;
    };

const managers = ['one', 'two', 'three'];

export function operations(chance: Chance, tried: TriedKind, name: string, count: number): readonly Operation[] {
  const head = { apiVersion: tried.apiVersion, kind: tried.kind };
  const whole = (): JsonObject => named({ ...head, ...tried.body(chance, true) }, name);
  const first: Operation = chance.is(0.5)
    ? { kind: 'create', manager: chance.pick(managers), body: whole() }
    : applied(chance, tried, whole());
  // Appliers repeat themselves with small changes; remember what each said last.
  const said = new Map<string, JsonObject>(first.kind === 'apply' ? [[first.manager, first.config]] : []);
  const rest = Array.from({ length: count - 1 }, () => {
    const next = operation(chance, tried, name, said);
    if (next.kind === 'apply' && next.subresource === '') said.set(next.manager, next.config);
    return next;
  });
  return [first, ...rest];
}

const named = (body: JsonObject, name: string): JsonObject => ({
  ...body,
  metadata: { ...(isObject(body.metadata) ? body.metadata : {}), name, namespace: 'default' },
});

function applied(chance: Chance, tried: TriedKind, config: JsonObject): Operation & { readonly kind: 'apply' } {
  const manager = chance.is(0.06) ? 'kubectl' : chance.pick(managers);
  const apiVersion = tried.alsoAt !== undefined && chance.is(0.3) ? tried.alsoAt : tried.apiVersion;
  return {
    kind: 'apply',
    manager,
    isForced: chance.is(0.5),
    config: { ...config, apiVersion },
    apiVersion,
    subresource: '',
  };
}

function operation(chance: Chance, tried: TriedKind, name: string, said: ReadonlyMap<string, JsonObject>): Operation {
  const roll = chance.next();
  const manager = chance.pick(managers);
  const apiVersion = tried.alsoAt !== undefined && chance.is(0.3) ? tried.alsoAt : tried.apiVersion;
  const partial = (): JsonObject => tried.body(chance, false);
  if (roll < 0.5) {
    const before = said.get(manager);
    const again = before !== undefined && chance.is(0.6);
    const config = again ? varied(chance, before, partial()) : { ...partial(), apiVersion, kind: tried.kind };
    return { ...applied(chance, tried, named(config, name)), ...(again ? { manager } : {}) };
  }
  if (roll < 0.6 && tried.status !== undefined) return ofStatus(chance, tried, manager, name, apiVersion);
  if (roll < 0.66 && tried.isScaled) return ofScale(chance, manager, name, tried.apiVersion);
  if (roll < 0.8) {
    const types = tried.isCustom ? (['merge', 'json'] as const) : (['merge', 'strategic', 'json'] as const);
    const type = chance.pick(types);
    const body = type === 'json' ? jsonPatch(chance, partial()) : withNulls(chance, partial());
    return { kind: 'patch', manager, type, body, apiVersion, subresource: '' };
  }
  const owners = chance.pick(['kept', 'kept', 'kept', 'dropped', 'dropped', 'reset'] as const);
  return { kind: 'replace', manager, change: withNulls(chance, partial()), owners, apiVersion };
}

/** What was said before, with a part said anew, left out, or neither. */
function varied(chance: Chance, before: JsonObject, change: JsonObject): JsonObject {
  if (chance.is(0.25)) return before;
  if (chance.is(0.4)) return { ...pruned(chance, before) };
  const { spec, ...rest } = change;
  const both = isObject(before.spec) && isObject(spec) ? { spec: { ...before.spec, ...spec } } : {};
  return { ...before, ...rest, ...both };
}

/** Leaves out a field here and there, except what names things. */
function pruned(chance: Chance, value: JsonObject): JsonObject {
  const fields = Object.entries(value).flatMap(([field, inner]): [string, Json][] => {
    if (['apiVersion', 'kind', 'metadata', 'selector', 'name'].includes(field)) return [[field, inner]];
    if (chance.is(0.2)) return [];
    return [[field, isObject(inner) ? pruned(chance, inner) : inner]];
  });
  return Object.fromEntries(fields);
}

function withNulls(chance: Chance, value: JsonObject): JsonObject {
  const fields = Object.entries(value).map(([field, inner]): [string, Json] => {
    if (chance.is(0.08) && field !== 'metadata' && field !== 'spec') return [field, null];
    return [field, isObject(inner) ? withNulls(chance, inner) : inner];
  });
  return Object.fromEntries(fields);
}

function jsonPatch(chance: Chance, value: JsonObject): Json {
  const steps = Object.entries(value).flatMap(([field, inner]): Json[] => {
    if (!isObject(inner)) return [{ op: 'add', path: `/${field}`, value: inner }];
    return Object.entries(inner).map(([below, leaf]): Json => {
      const path = `/${field}/${below.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      return chance.is(0.15) ? { op: 'remove', path } : { op: 'add', path, value: leaf };
    });
  });
  return steps.slice(0, 3);
}

function ofStatus(chance: Chance, tried: TriedKind, manager: string, name: string, apiVersion: string): Operation {
  const status = tried.status?.(chance) ?? {};
  const spec = chance.is(0.2) ? { spec: tried.body(chance, false).spec ?? {} } : {};
  if (chance.is(0.5))
    return { kind: 'patch', manager, type: 'merge', body: { status, ...spec }, apiVersion, subresource: 'status' };
  const config = named({ apiVersion, kind: tried.kind, status, ...spec }, name);
  return { kind: 'apply', manager, isForced: chance.is(0.5), config, apiVersion, subresource: 'status' };
}

function ofScale(chance: Chance, manager: string, name: string, apiVersion: string): Operation {
  const body = { spec: { replicas: chance.below(4) } };
  if (chance.is(0.6)) return { kind: 'patch', manager, type: 'merge', body, apiVersion, subresource: 'scale' };
  const config = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name, namespace: 'default' }, ...body };
  return { kind: 'apply', manager, isForced: chance.is(0.5), config, apiVersion, subresource: 'scale' };
}
