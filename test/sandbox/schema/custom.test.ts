/** Custom kinds: what a definition serves, what stays of an object, and what is filled in. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import { customKinds } from '../../../src/sandbox/schema/custom.ts';
import { decodeValue } from '../../../src/sandbox/schema/decode.ts';
import { prepareCreate, prepareUpdate } from '../../../src/sandbox/schema/strategy.ts';
import { validate } from '../../../src/sandbox/schema/validate.ts';
import { thing, thingDefinition, thingSchema } from '../merge/scene.ts';

const allocate = { clusterIP: () => '', nodePort: () => 0 };

/** What is read of `spec` where its schema is this. */
function read(schema: JsonObject, spec: Json): readonly [spec: Json | undefined, unknown: readonly string[]] {
  const [kind] = customKinds(thingDefinition({ v1: schema }));
  const result = decodeValue(kind!, thing(spec), 'Warn');
  if (result.kind === 'refused') throw new Error(result.refusal.message);
  return [result.value.spec, result.warnings];
}

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });
const text: JsonObject = { type: 'string' };
const open = { 'x-kubernetes-preserve-unknown-fields': true };
const unknown = (...paths: readonly string[]): readonly string[] => paths.map((path) => `unknown field "${path}"`);

const rows: readonly (readonly [
  name: string,
  schema: JsonObject,
  spec: Json,
  read: Json,
  warnings?: readonly string[],
])[] = [
  ['declared fields stay', object({ a: text }), { a: 'x' }, { a: 'x' }],
  ['others go', object({ a: text }), { a: 'x', b: 1 }, { a: 'x' }, unknown('spec.b')],
  [
    'others go below',
    object({ a: object({ b: text }) }),
    { a: { b: 'x', c: 1 } },
    { a: { b: 'x' } },
    unknown('spec.a.c'),
  ],
  [
    'others go in items',
    object({ l: { type: 'array', items: object({ a: text }) } }),
    { l: [{ a: 'x', b: 1 }] },
    { l: [{ a: 'x' }] },
    unknown('spec.l[0].b'),
  ],
  [
    'others go in free keys',
    object({}, { properties: { m: { type: 'object', additionalProperties: object({ a: text }) } } }),
    { m: { k: { a: 'x', b: 1 } } },
    { m: { k: { a: 'x' } } },
    unknown('spec.m.k.b'),
  ],
  ['others stay where they are welcome', object({ a: text }, open), { a: 'x', b: { c: 1 } }, { a: 'x', b: { c: 1 } }],
  [
    'what is declared below is cut all the same',
    object({ a: object({ b: text }) }, open),
    { a: { b: 'x', c: 1 }, d: 1 },
    { a: { b: 'x' }, d: 1 },
    unknown('spec.a.c'),
  ],
  [
    'an object without fields keeps none',
    object({ a: { type: 'object' } }),
    { a: { b: 1 } },
    { a: {} },
    unknown('spec.a.b'),
  ],
  ['a default', object({ a: { ...text, default: 'x' } }), {}, { a: 'x' }],
  ['a default gives way', object({ a: { ...text, default: 'x' } }), { a: '' }, { a: '' }],
  ['a default for a null', object({ a: { ...text, default: 'x' } }), { a: null }, { a: 'x' }],
  ['a null that is welcome stays', object({ a: { ...text, nullable: true, default: 'x' } }), { a: null }, { a: null }],
  ['a null that is not goes', object({ a: text }), { a: null }, {}],
  [
    'a default below one',
    object({ a: object({ b: { ...text, default: 'x' } }, { default: {} }) }),
    {},
    { a: { b: 'x' } },
  ],
  ['no default below nothing', object({ a: object({ b: { ...text, default: 'x' } }) }), {}, {}],
  [
    'a default in items',
    object({ l: { type: 'array', items: object({ a: { ...text, default: 'x' } }) } }),
    { l: [{}] },
    { l: [{ a: 'x' }] },
  ],
  [
    'an embedded object',
    object({ o: { type: 'object', 'x-kubernetes-embedded-resource': true, ...open } }),
    { o: { apiVersion: 'v1', kind: 'X', metadata: { name: 'n', foo: 1 }, data: 1 } },
    { o: { apiVersion: 'v1', kind: 'X', metadata: { name: 'n' }, data: 1 } },
    unknown('spec.o.metadata.foo'),
  ],
];
for (const [name, schema, spec, wanted, warnings = []] of rows) {
  test(`decodeValue: ${name}`, () => deepEqual(read(schema, spec), [wanted, warnings]));
}

test('customKinds: served versions, the most stable and newest first, as one family', () => {
  const definition = thingDefinition(
    { v1alpha1: object({}), v10: object({}), v2: object({}), v1beta1: object({}) },
    'v2',
  );
  const kinds = customKinds(definition);
  deepEqual(
    kinds.map(({ version }) => version),
    ['v10', 'v2', 'v1beta1', 'v1alpha1'],
  );
  const [first, second] = kinds;
  equal(first?.family, second?.family);
  equal(first?.family.storage, 'example.com/v2');
  equal(first?.family.convert(thing({ a: 1 }, 'v2'), 'example.com/v10').apiVersion, 'example.com/v10');
  const { kind, resource, singular, isNamespaced, subresources } = first!.resource;
  deepEqual(
    { kind, resource, singular, isNamespaced, subresources: subresources.map(({ name }) => name) },
    { kind: 'Thing', resource: 'things', singular: 'thing', isNamespaced: true, subresources: ['status', 'scale'] },
  );
});

test('customKinds: a definition that serves nothing', () => {
  deepEqual(customKinds({ ...thingDefinition({}), spec: {} }), []);
});

const schema = thingSchema();
const live = thing({ a: '1' }, 'v1', {
  metadata: { name: 'it', namespace: 'here', uid: 'u', generation: 3, resourceVersion: '7' },
  status: { ready: 'no' },
});
const generationOf = (written: JsonObject): Json | undefined => (written.metadata as JsonObject).generation;

test('prepareCreate: no status, the first generation', () => {
  const created = prepareCreate(schema, { ...live, metadata: { name: 'it', uid: 'u' } }, allocate);
  deepEqual([created.status, generationOf(created), created.spec], [undefined, 1, { a: '1' }]);
});

test('prepareUpdate: the status stays, a new wish is counted', () => {
  const next = {
    ...live,
    spec: { a: '2' },
    status: { ready: 'yes' },
    metadata: { name: 'it', namespace: 'here', resourceVersion: '7' },
  };
  const written = prepareUpdate(schema, live, next, '', allocate);
  deepEqual(
    [written.spec, written.status, generationOf(written), written.metadata.uid],
    [{ a: '2' }, { ready: 'no' }, 4, 'u'],
  );
});

test('prepareUpdate: labels are no wish', () => {
  const next = { ...live, metadata: { ...live.metadata, labels: { x: 'y' } } };
  equal(generationOf(prepareUpdate(schema, live, next, '', allocate)), 3);
});

test('prepareUpdate: of a status, all else stays', () => {
  const next = { ...live, spec: { a: '2' }, status: { ready: 'yes' } };
  const written = prepareUpdate(schema, live, next, 'status', allocate);
  deepEqual([written.spec, written.status, generationOf(written)], [{ a: '1' }, { ready: 'yes' }, 3]);
});

type Cause = readonly [field: string, message: string];
const either = object({ a: text, b: text }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] });
const some = object({ a: text, b: text }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] });
const must = (what: string): Cause => ['<nil>', `Invalid value: "": "spec.v" must ${what}`];
const inBody = (value: Json, what: string): Cause => [
  'spec.v',
  `Invalid value: ${JSON.stringify(value)}: spec.v in body should ${what}`,
];
// As a real API server said of each.
const rules: readonly (readonly [name: string, schema: JsonObject, value: Json, ...causes: readonly Cause[]])[] = [
  ['a number in its bounds', { type: 'integer', minimum: 1, maximum: 3 }, 3],
  ['a number below', { type: 'integer', minimum: 1 }, 0, inBody(0, 'be greater than or equal to 1')],
  [
    'a number at an open bound',
    { type: 'integer', maximum: 3, exclusiveMaximum: true },
    3,
    inBody(3, 'be less than 3'),
  ],
  ['no multiple', { type: 'integer', multipleOf: 2 }, 3, inBody(3, 'be a multiple of 2')],
  ['a short text', { type: 'string', minLength: 3 }, 'ab', inBody('ab', 'be at least 3 chars long')],
  ['a long text', { type: 'string', maxLength: 1 }, 'ab', ['spec.v', 'Too long: may not be more than 1 byte']],
  ['few items', { type: 'array', minItems: 1, items: text }, [], inBody(0, 'have at least 1 items')],
  [
    'many items',
    { type: 'array', maxItems: 1, items: text },
    ['a', 'b'],
    ['spec.v', 'Too many: 2: must have at most 1 item'],
  ],
  [
    'few fields',
    { type: 'object', minProperties: 1, additionalProperties: text },
    {},
    inBody(0, 'have at least 1 properties'),
  ],
  ['a number or a text', { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }, 1],
  ['one of two', either, { a: '' }],
  [
    'both of two',
    either,
    { a: '', b: '' },
    must('validate one and only one schema (oneOf). Found 2 valid alternatives'),
  ],
  [
    'none of two',
    either,
    {},
    must('validate one and only one schema (oneOf). Found none valid'),
    ['spec.v.a', 'Required value'],
  ],
  ['at least one of two', some, {}, must('validate at least one schema (anyOf)'), ['spec.v.a', 'Required value']],
  ['what must not be', { type: 'string', not: { enum: ['x'] } }, 'x', must('not validate the schema (not)')],
  [
    'all of one',
    { type: 'string', allOf: [{ minLength: 3 }] },
    'x',
    inBody('x', 'be at least 3 chars long'),
    must('validate all the schemas (allOf). None validated'),
  ],
];
for (const [name, rule, value, ...causes] of rules) {
  test(`validate: ${name}`, () => {
    const [kind] = customKinds(thingDefinition({ v1: object({ v: rule }) }));
    const refusal = validate(kind!, thing({ v: value }), undefined, '');
    deepEqual(
      (refusal?.details?.causes ?? []).map(({ field, message }) => [field, message]),
      causes,
    );
  });
}
