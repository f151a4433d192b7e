/** What an applier hears when it may not, and how client-side kubectl becomes an applier. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import { apply } from '../../../src/sandbox/merge/apply.ts';
import type { Held } from '../../../src/sandbox/merge/managed.ts';
import { trackUpdate } from '../../../src/sandbox/merge/update.ts';
import { builtinSchema } from '../../../src/sandbox/schema/builtin.ts';
import { decodeValue } from '../../../src/sandbox/schema/decode.ts';

const deployments = builtinSchema('apps/v1', 'Deployment')!;
const time = '2026-01-01T00:00:00Z';

const deployment = (spec: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', ...more },
  spec,
});
const image = (name: string, tag: string): JsonObject => ({
  template: { spec: { containers: [{ name, image: tag }] } },
});

function put(live: Held | undefined, body: Json, manager: string, subresource = ''): Held {
  const read = decodeValue(deployments, body, 'Warn');
  if (read.kind === 'refused') throw new Error(read.refusal.message);
  return trackUpdate({ live, next: read.value, schema: deployments, manager, subresource, time });
}

function applied(live: Held | undefined, config: Json, manager: string): Held {
  const result = apply({ live, config, schema: deployments, manager, isForced: false, subresource: '', time });
  if (result.kind === 'refused') throw new Error(result.refusal.message);
  return result.value;
}

function refusalOf(
  live: Held | undefined,
  config: Json,
  manager: string,
): { readonly code: number; readonly message: string; readonly fields: readonly string[] } {
  const result = apply({ live, config, schema: deployments, manager, isForced: false, subresource: '', time });
  if (result.kind === 'done') throw new Error('done');
  const { code, message, details } = result.refusal;
  return { code, message, fields: (details?.causes ?? []).map(({ field }) => field) };
}

test('conflictRefusal: one conflict with an applier', () => {
  const live = applied(undefined, deployment({ replicas: 1 }), 'one');
  deepEqual(refusalOf(live, deployment({ replicas: 2 }), 'two'), {
    code: 409,
    message: 'Apply failed with 1 conflict: conflict with "one": .spec.replicas',
    fields: ['.spec.replicas'],
  });
});

test('conflictRefusal: several, by owner, with what they used', () => {
  let live = applied(undefined, deployment({ replicas: 1, ...image('web', 'a') }), 'one');
  live = put(live, { ...live.object, spec: { ...(live.object.spec as JsonObject), replicas: 2 } }, 'two');
  deepEqual(refusalOf(live, deployment({ replicas: 3, ...image('web', 'b') }), 'three'), {
    code: 409,
    message:
      'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.template.spec.containers[name="web"].image\nconflicts with "two" using apps/v1:\n- .spec.replicas',
    fields: ['.spec.template.spec.containers[name="web"].image', '.spec.replicas'],
  });
});

for (const [name, config, code, message] of [
  ['no object', 'x', 400, 'error decoding YAML: json: cannot unmarshal into Go value of type map[string]interface {}'],
  ['another kind', { ...deployment({}), kind: 'Pod' }, 400, 'invalid object type: apps/v1, Kind=Pod'],
  ['no version', { kind: 'Deployment' }, 400, 'invalid object type: /, Kind=Deployment'],
  ['owners', deployment({}, { managedFields: [] }), 400, 'metadata.managedFields must be nil'],
  [
    'an undeclared field',
    deployment({ foo: 1 }),
    500,
    'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema',
  ],
  [
    'a value of another kind',
    deployment({ replicas: 'x' }),
    500,
    'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string',
  ],
  [
    'a container twice',
    deployment({ template: { spec: { containers: [{ name: 'a' }, { name: 'a' }] } } }),
    500,
    'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name="a"]',
  ],
] as const) {
  test(`apply: refuses ${name}`, () => {
    const refusal = refusalOf(undefined, config, 'one');
    deepEqual([refusal.code, refusal.message], [code, message]);
  });
}

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
const clientSide = (spec: JsonObject, lastApplied: Json): Held =>
  put(
    undefined,
    deployment(spec, { annotations: { [annotation]: JSON.stringify(lastApplied) } }),
    'kubectl-client-side-apply',
  );

test('apply: kubectl takes over what it applied from the client before', () => {
  const before = deployment({ replicas: 1, ...image('web', 'a') });
  const live = clientSide({ replicas: 1, ...image('web', 'a') }, before);
  const next = deployment({ replicas: 2, ...image('web', 'a') });
  equal(refusalOf(live, next, 'other').code, 409);
  const after = applied(live, next, 'kubectl');
  equal(JSON.stringify(after.object.spec).includes('"replicas":2'), true);
  const annotations = after.object.metadata.annotations as JsonObject;
  // What it applies now is what it applied last.
  equal(annotations[annotation], `${JSON.stringify(sorted(next))}\n`);
});

test('apply: kubectl may not take what another changed since, and hears of that alone', () => {
  const before = deployment({ replicas: 1, ...image('web', 'a') });
  const live = clientSide({ replicas: 5, ...image('web', 'a') }, before);
  deepEqual(refusalOf(live, deployment({ replicas: 2, ...image('web', 'b') }), 'kubectl').fields, ['.spec.replicas']);
});

for (const [name, lastApplied] of [
  ['of another version', { ...deployment({ replicas: 1 }), apiVersion: 'apps/v1beta1' }],
  ['that does not fit', deployment({ foo: 1 })],
  ['that is no object', 'x'],
] as const) {
  test(`apply: an annotation ${name} lets kubectl take nothing over`, () => {
    equal(refusalOf(clientSide({ replicas: 1 }, lastApplied), deployment({ replicas: 2 }), 'kubectl').code, 409);
  });
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner as Json)]),
  );
}
