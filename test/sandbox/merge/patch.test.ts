/** The three patches that are no applies. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import { type PatchKind, patch } from '../../../src/sandbox/merge/patch.ts';
import { PatchError, strategicMerge } from '../../../src/sandbox/merge/strategic.ts';
import { builtinSchema } from '../../../src/sandbox/schema/builtin.ts';
import { decodeValue } from '../../../src/sandbox/schema/decode.ts';
import { thing, thingSchema } from './scene.ts';

const pods = builtinSchema('v1', 'Pod')!;
const deployments = builtinSchema('apps/v1', 'Deployment')!;
const container = (name: string, more: JsonObject = {}): JsonObject => ({ name, ...more });
const inPod = (spec: JsonObject): JsonObject => ({ spec });

const rows: readonly (readonly [name: string, object: JsonObject, patch: JsonObject, out: JsonObject])[] = [
  ['fields are set and removed', { a: 1, b: 1 }, { a: 2, b: null, c: 3 }, { a: 2, c: 3 }],
  [
    'maps are merged',
    { metadata: { labels: { a: '1', b: '1' } } },
    { metadata: { labels: { b: null, c: '1' } } },
    { metadata: { labels: { a: '1', c: '1' } } },
  ],
  [
    'a map that is replaced',
    { metadata: { labels: { a: '1' } } },
    { metadata: { labels: { $patch: 'replace', b: '1' } } },
    { metadata: { labels: { b: '1' } } },
  ],
  [
    'a map that is deleted',
    { metadata: { labels: { a: '1' }, name: 'x' } },
    { metadata: { labels: { $patch: 'delete' } } },
    { metadata: { labels: {}, name: 'x' } },
  ],
  [
    'items by key, those of the patch first',
    inPod({ containers: [container('a', { image: '1' }), container('b')] }),
    inPod({ containers: [container('c'), container('a', { image: '2' })] }),
    inPod({ containers: [container('c'), container('a', { image: '2' }), container('b')] }),
  ],
  [
    'an item that is deleted',
    inPod({ containers: [container('a'), container('b')] }),
    inPod({ containers: [{ name: 'a', $patch: 'delete' }] }),
    inPod({ containers: [container('b')] }),
  ],
  [
    'a list that is replaced',
    inPod({ containers: [container('a'), container('b')] }),
    inPod({ containers: [{ $patch: 'replace' }, container('c')] }),
    inPod({ containers: [container('c')] }),
  ],
  [
    'a list in an order',
    inPod({ containers: [container('a'), container('b'), container('c')] }),
    inPod({ '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }, { name: 'b' }] }),
    inPod({ containers: [container('c'), container('a'), container('b')] }),
  ],
  [
    'a new item in its place',
    inPod({ containers: [container('a'), container('c')] }),
    inPod({
      '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      containers: [container('b')],
    }),
    inPod({ containers: [container('a'), container('b'), container('c')] }),
  ],
  [
    'nested lists',
    inPod({ containers: [container('a', { env: [{ name: 'X', value: '1' }] })] }),
    inPod({ containers: [container('a', { env: [{ name: 'Y', value: '2' }] })] }),
    inPod({
      containers: [
        container('a', {
          env: [
            { name: 'Y', value: '2' },
            { name: 'X', value: '1' },
          ],
        }),
      ],
    }),
  ],
  [
    'lists without a strategy are replaced',
    inPod({ containers: [container('a', { args: ['x', 'y'] })] }),
    inPod({ containers: [container('a', { args: ['z'] })] }),
    inPod({ containers: [container('a', { args: ['z'] })] }),
  ],
  [
    'values of a set, those of the patch first',
    { metadata: { finalizers: ['a', 'b'] } },
    { metadata: { finalizers: ['c'] } },
    { metadata: { finalizers: ['c', 'a', 'b'] } },
  ],
  [
    'values that are deleted',
    { metadata: { finalizers: ['a', 'b'] } },
    { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } },
    { metadata: { finalizers: ['b'] } },
  ],
  [
    'keys that are retained',
    inPod({ volumes: [{ name: 'v', emptyDir: {} }] }),
    inPod({ volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] }),
    inPod({ volumes: [{ name: 'v', configMap: { name: 'c' } }] }),
  ],
  [
    'nulls and directives where there is nothing',
    {},
    inPod({ containers: [{ name: 'a', $patch: 'delete' }, container('b', { image: null })] }),
    inPod({ containers: [container('b')] }),
  ],
];
for (const [name, object, change, out] of rows) {
  test(`strategicMerge: ${name}`, () => {
    const before = structuredClone(object);
    deepEqual(strategicMerge(object, change, pods.type), out);
    deepEqual(object, before);
  });
}

const failures: readonly (readonly [
  name: string,
  object: JsonObject,
  patch: JsonObject,
  code: number,
  message: string,
])[] = [
  ['an unknown directive', {}, { $patch: 'x' }, 500, 'unknown patch type: x in map: {"$patch":"x"}'],
  [
    'an item without its key',
    inPod({ containers: [container('a')] }),
    inPod({ containers: [{ image: 'x' }] }),
    500,
    'map: map[image:x] does not contain declared merge key: name',
  ],
  ['foreign keys beside those retained', {}, { $retainKeys: ['a'], b: 1 }, 400, 'invalid patch format of retainKeys'],
  [
    'an order that is no list',
    {},
    { '$setElementOrder/finalizers': 'x' },
    400,
    'invalid patch format of setElementOrder list',
  ],
];
for (const [name, object, change, code, message] of failures) {
  test(`strategicMerge: refuses ${name}`, () => {
    let error: unknown;
    try {
      strategicMerge(object, change, pods.type);
    } catch (caught) {
      error = caught;
    }
    equal(error instanceof PatchError && error.code, code);
    equal(error instanceof PatchError && error.message, message);
  });
}

const live = (() => {
  const read = decodeValue(
    deployments,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'web', image: 'x:1' }] } },
      },
    },
    'Strict',
  );
  if (read.kind === 'refused') throw new Error(read.refusal.message);
  return { object: read.value, managed: [] };
})();
const kinds = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;
const patched = (kind: PatchKind, text: string, strictness: 'Ignore' | 'Warn' | 'Strict' = 'Warn') =>
  patch({ live, text, patchKind: kind, schema: deployments, strictness });

for (const [kind, text] of [
  ['json', '[{"op":"test","path":"/spec/replicas","value":1},{"op":"replace","path":"/spec/replicas","value":3}]'],
  ['merge', '{"spec":{"replicas":3}}'],
  ['strategic', '{"spec":{"replicas":3,"template":{"spec":{"containers":[{"name":"web","image":"x:1"}]}}}}'],
] as const) {
  test(`patch: ${kind}`, () => {
    const result = patched(kinds[kind], text);
    const spec = live.object.spec as JsonObject;
    deepEqual(result.kind === 'done' && result.value, { ...live.object, spec: { ...spec, replicas: 3 } });
  });
}

test('patch: what is set back to its default is filled in again', () => {
  const result = patched(kinds.merge, '{"spec":{"replicas":null,"strategy":null}}');
  deepEqual(result.kind === 'done' && result.value, live.object);
});

const refusals: readonly (readonly [name: string, PatchKind, text: string, code: number, message: string])[] = [
  ['no JSON', kinds.merge, '{', 400, 'error decoding patch: unexpected end of JSON input'],
  [
    'a list',
    kinds.merge,
    '[]',
    400,
    'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
  [
    'a strategic list',
    kinds.strategic,
    '[]',
    400,
    'json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
  [
    'an object of operations',
    kinds.json,
    '{}',
    400,
    'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
  ],
  [
    'a test that fails',
    kinds.json,
    '[{"op":"test","path":"/spec/replicas","value":2}]',
    422,
    'the server rejected our request due to an error in our request',
  ],
  [
    'a path that leads nowhere',
    kinds.json,
    '[{"op":"remove","path":"/spec/nothing"}]',
    422,
    'the server rejected our request due to an error in our request',
  ],
];
for (const [name, kind, text, code, message] of refusals) {
  test(`patch: refuses ${name}`, () => {
    const result = patched(kind, text);
    deepEqual(result.kind === 'refused' && [result.refusal.code, result.refusal.message], [code, message]);
  });
}

test('patch: unknown and duplicate fields are warned of, refused, or passed over', () => {
  const text = '{"spec":{"foo":1,"replicas":2,"replicas":3}}';
  const strict = patched(kinds.merge, text, 'Strict');
  const warned = patched(kinds.merge, text);
  const ignored = patched(kinds.merge, text, 'Ignore');
  const problems = ['duplicate field "spec.replicas"', 'unknown field "spec.foo"'];
  equal(strict.kind === 'refused' && strict.refusal.code, 422);
  equal(
    strict.kind === 'refused' && strict.refusal.message.endsWith(`strict decoding error: ${problems.join(', ')}`),
    true,
  );
  deepEqual(warned.kind === 'done' && warned.warnings, problems);
  deepEqual(ignored.kind === 'done' && ignored.warnings, []);
});

test('patch: custom objects know no strategic patch', () => {
  const held = { object: thing({ a: '1' }), managed: [] };
  const result = patch({
    live: held,
    text: '{}',
    patchKind: kinds.strategic,
    schema: thingSchema(),
    strictness: 'Warn',
  });
  equal(result.kind === 'refused' && result.refusal.code, 415);
});

test('patch: owners are there to be patched', () => {
  const managed = [
    { manager: 'm', operation: 'Apply', apiVersion: 'apps/v1', subresource: '', time: undefined, fields: new Map() },
  ] as const;
  const result = patch({
    live: { ...live, managed },
    text: '{"metadata":{"managedFields":[]}}',
    patchKind: kinds.merge,
    schema: deployments,
    strictness: 'Warn',
  });
  const metadata: Json | undefined = result.kind === 'done' ? result.value.metadata : undefined;
  deepEqual((metadata as JsonObject).managedFields, []);
});
