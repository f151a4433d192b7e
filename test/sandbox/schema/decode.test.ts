/** Bodies of requests, read into the server's own form. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/core/json/value.ts';
import { decode, decodeValue, type Strictness } from '../../../src/sandbox/schema/decode.ts';
import { duplicateFields } from '../../../src/sandbox/schema/duplicates.ts';
import { thing, thingSchema } from '../merge/scene.ts';
import { bodyOf, schemaOf } from './kinds.ts';

const container = (more: JsonObject = {}): JsonObject => ({ name: 'c', image: 'i:1', ...more });
const unhandled = (kind: string, why: string): string =>
  `${kind} in version "v1" cannot be handled as a ${kind}: ${why}`;
const misfits: readonly (readonly [name: string, kind: string, given: JsonObject, message: string])[] = [
  [
    'a text for a number',
    'Deployment',
    { spec: { replicas: 'x' } },
    unhandled(
      'Deployment',
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ),
  ],
  [
    'a number for a text',
    'ConfigMap',
    { data: { a: 1 } },
    unhandled('ConfigMap', 'json: cannot unmarshal number into Go struct field ConfigMap.data of type string'),
  ],
  [
    'a list for a map',
    'ConfigMap',
    { data: [] },
    unhandled(
      'ConfigMap',
      'json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string',
    ),
  ],
  [
    'a map for a list',
    'Pod',
    { spec: { containers: {} } },
    unhandled(
      'Pod',
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ),
  ],
  [
    'a text for a truth',
    'ConfigMap',
    { immutable: 'yes' },
    unhandled('ConfigMap', 'json: cannot unmarshal string into Go struct field ConfigMap.immutable of type bool'),
  ],
  [
    'a fraction for a number',
    'Deployment',
    { spec: { replicas: 1.5 } },
    unhandled(
      'Deployment',
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ),
  ],
  [
    'a number that is too large',
    'Deployment',
    { spec: { replicas: 2 ** 31 } },
    unhandled(
      'Deployment',
      'json: cannot unmarshal number 2147483648 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ),
  ],
  [
    'no quantity',
    'Pod',
    { spec: { containers: [container({ resources: { limits: { cpu: 'x' } } })] } },
    unhandled('Pod', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),
  ],
  [
    'another kind',
    'ConfigMap',
    { kind: 'Secret' },
    'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
  ],
];
for (const [name, kind, given, message] of misfits) {
  test(`decodeValue: refuses ${name}`, () => {
    const result = decodeValue(schemaOf(kind), bodyOf(kind, given), 'Warn');
    deepEqual(result.kind === 'refused' && [result.refusal.code, result.refusal.reason, result.refusal.message], [
      400,
      'BadRequest',
      message,
    ]);
  });
}

const text =
  '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","nmae":"y"},"data":{"a":"1","a":"2"},"dta":{}}';
const problems = ['duplicate field "data.a"', 'unknown field "dta"', 'unknown field "metadata.nmae"'];
for (const [strictness, warnings] of [
  ['Ignore', []],
  ['Warn', problems],
] as const) {
  test(`decode: ${strictness} of fields that nobody knows or that come twice`, () => {
    const result = decode(schemaOf('ConfigMap'), text, strictness);
    deepEqual(result.kind === 'done' && [result.warnings.toSorted(), result.value.data], [warnings, { a: '2' }]);
  });
}
test('decode: Strict of fields that nobody knows or that come twice', () => {
  const result = decode(schemaOf('ConfigMap'), text, 'Strict');
  const message = result.kind === 'refused' ? result.refusal.message : '';
  equal(message.startsWith(unhandled('ConfigMap', 'strict decoding error: duplicate field "data.a", ')), true);
  for (const problem of problems) equal(message.includes(problem), true, problem);
});

test('decode: no JSON', () => {
  const result = decode(schemaOf('ConfigMap'), '{', 'Warn');
  equal(result.kind === 'refused' && result.refusal.code, 400);
});

for (const strictness of ['Warn', 'Strict'] as const satisfies readonly Strictness[]) {
  test(`decodeValue: ${strictness} of undeclared fields of a custom object`, () => {
    const result = decodeValue(thingSchema(), thing({ a: '1', foo: 1, free: { any: 1 } }), strictness);
    if (result.kind === 'done')
      deepEqual([result.warnings, result.value.spec], [['unknown field "spec.foo"'], { a: '1', free: { any: 1 } }]);
    else
      equal(
        result.refusal.message,
        'Thing in version "v1" cannot be handled as a Thing: strict decoding error: unknown field "spec.foo"',
      );
    equal(result.kind, strictness === 'Strict' ? 'refused' : 'done');
  });
}

for (const [name, given, paths] of [
  ['none', '{"a":{"b":1},"c":{"b":1}}', []],
  ['at the top', '{"a":1,"b":2,"a":3}', ['a']],
  ['below', '{"a":{"b":1,"b":2}}', ['a.b']],
  ['in an item', '{"l":[{"a":1},{"a":1,"a":2}]}', ['l[1].a']],
  ['three times is one', '{"a":1,"a":2,"a":3}', ['a']],
  ['by another spelling', '{"a":1,"\\u0061":2}', ['a']],
  ['quotes in names', '{"a\\"b":1,"a\\"b":2}', ['a"b']],
  ['signs in texts', '{"a":"},{\\"a\\":","b":"[","a":1}', ['a']],
  ['no JSON', '{"a":1,"a"', []],
  ['a text that never ends', '"a', []],
] as const) {
  test(`duplicateFields: ${name}`, () => deepEqual(duplicateFields(given), paths));
}
