/** One object of a made-up kind, and those who write to it: what tests of ownership are told with. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import { apply } from '../../../src/sandbox/merge/apply.ts';
import { pathsOf } from '../../../src/sandbox/merge/fieldset.ts';
import type { Held } from '../../../src/sandbox/merge/managed.ts';
import { settle } from '../../../src/sandbox/merge/settle.ts';
import { trackUpdate } from '../../../src/sandbox/merge/update.ts';
import { customKinds } from '../../../src/sandbox/schema/custom.ts';
import { decodeValue } from '../../../src/sandbox/schema/decode.ts';
import type { Schema } from '../../../src/sandbox/schema/schema.ts';

const text: JsonObject = { type: 'string' };
const set: JsonObject = { type: 'array', items: text, 'x-kubernetes-list-type': 'set' };
const struct = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const keyed = (keys: readonly string[], required: readonly string[], properties: JsonObject): JsonObject => ({
  type: 'array',
  items: { type: 'object', required, properties },
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
});

/** A field of every kind in which fields can be owned. */
export const thingSpec: JsonObject = struct({
  a: text,
  b: text,
  c: text,
  count: { type: 'integer' },
  isOn: { type: 'boolean' },
  set,
  steps: { type: 'array', items: text },
  items: keyed(['name'], ['name'], { name: text, value: text, note: text, tags: set }),
  ports: keyed(['port', 'protocol'], ['port'], {
    port: { type: 'integer' },
    protocol: { ...text, default: 'TCP' },
    label: text,
  }),
  pair: { ...struct({ a: text, b: text }), 'x-kubernetes-map-type': 'atomic' },
  map: { type: 'object', additionalProperties: text },
  mapOfMaps: { type: 'object', additionalProperties: { type: 'object', additionalProperties: text } },
  mapOfSets: { type: 'object', additionalProperties: set },
  nested: struct({ inner: struct({ x: text, y: text }), other: text }),
  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
});

/** A definition of the kind `Thing`; each version is served with its own schema of `spec`. */
export function thingDefinition(specs: Readonly<Record<string, JsonObject>>, storage = 'v1'): KubeObject {
  const versions = Object.entries(specs).map(
    ([name, spec]): JsonObject => ({
      name,
      served: true,
      storage: name === storage,
      schema: { openAPIV3Schema: struct({ spec, status: struct({ ready: text, count: { type: 'integer' } }) }) },
      subresources: { status: {}, scale: { specReplicasPath: '.spec.count', statusReplicasPath: '.status.count' } },
    }),
  );
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'things', kind: 'Thing' }, versions },
  };
}

export const thingSchemas = customKinds(thingDefinition({ v1: thingSpec, v2: thingSpec }));

export const thingSchema = (version = 'v1', schemas = thingSchemas): Schema => {
  const schema = schemas.find((one) => one.version === version);
  if (schema === undefined) throw new Error(`things have no version ${version}`);
  return schema;
};

export const thing = (spec: Json, version = 'v1', more: JsonObject = {}): KubeObject => ({
  apiVersion: `example.com/${version}`,
  kind: 'Thing',
  metadata: { name: 'it', namespace: 'here' },
  ...(spec === undefined ? {} : { spec }),
  ...more,
});

export type Step = {
  readonly by: string;
  /** Of the object after it, by PUT. */
  readonly update?: Json;
  readonly apply?: Json;
  readonly force?: Json;
  readonly at?: string;
  /** Paths that stand in the way of an apply. */
  readonly conflicts?: readonly string[];
};

export class Scene {
  live: Held | undefined;
  #second = 0;
  /** The kind, which may change under the object. */
  schemas: readonly Schema[];

  constructor(schemas: readonly Schema[] = thingSchemas) {
    this.schemas = schemas;
  }

  /** Does a write; gives the paths of the conflicts that stopped it. */
  do({ by, update, apply: config, force, at }: Step): readonly string[] {
    this.#second += 1;
    const time = `2026-01-01T00:00:${String(this.#second).padStart(2, '0')}Z`;
    const schema = thingSchema(at, this.schemas);
    const written = { live: this.live, schema, manager: by, subresource: '', time };
    if (update !== undefined) {
      const read = decodeValue(schema, thing(update, schema.version), 'Strict');
      if (read.kind === 'refused') throw new Error(read.refusal.message);
      this.#keep(trackUpdate({ ...written, next: read.value }), schema);
      return [];
    }
    const body = thing(config ?? force ?? {}, schema.version);
    const applied = apply({ ...written, config: body, isForced: force !== undefined });
    if (applied.kind === 'done') {
      this.#keep(applied.value, schema);
      return [];
    }
    const { code, message, details } = applied.refusal;
    if (code !== 409) throw new Error(message);
    return (details?.causes ?? []).map(({ field }) => field);
  }

  #keep(next: Held, schema: Schema): void {
    const { live } = this;
    if (live !== undefined) this.live = settle(live, next, schema);
    else this.live = { object: schema.family.convert(next.object, schema.family.storage), managed: next.managed };
  }

  spec(): Json {
    return this.live?.object.spec ?? null;
  }

  /** Who owns what of `spec`: `one/Apply@v1` and the paths below it. */
  owners(): Readonly<Record<string, readonly string[]>> {
    const entries = (this.live?.managed ?? []).map(({ manager, operation, apiVersion, subresource, fields }) => {
      const under = subresource === '' ? '' : `/${subresource}`;
      const paths = pathsOf(fields).map((path) => path.replace(/^\.spec/, '') || '.');
      return [`${manager}/${operation}@${apiVersion.replace('example.com/', '')}${under}`, paths] as const;
    });
    return Object.fromEntries(entries);
  }
}

export type Row = {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly spec: Json;
  readonly owners: Readonly<Record<string, readonly string[]>>;
};

export function testRows(symbol: string, rows: readonly Row[]): void {
  for (const { name, steps, spec, owners } of rows) {
    test(`${symbol}: ${name}`, () => {
      const scene = new Scene();
      for (const step of steps) deepEqual(scene.do(step), step.conflicts ?? []);
      deepEqual({ spec: scene.spec(), owners: scene.owners() }, { spec, owners });
    });
  }
}
