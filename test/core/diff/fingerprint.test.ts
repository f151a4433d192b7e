import { equal, match, notEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { ownedLabel } from '../../../src/core/diff/entries.ts';
import { fingerprintOf } from '../../../src/core/diff/fingerprint.ts';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import { entryOf, objectWith, ours, readEdits } from './recorded.ts';

const fields: JsonObject = {
  'f:data': { 'f:a': {}, 'f:b': {} },
  'f:metadata': { 'f:labels': { 'f:app': {} }, 'f:finalizers': { 'v:"x"': {} } },
};
const of = (fieldsV1: JsonObject, changes: JsonObject = {}): string | undefined =>
  fingerprintOf(objectWith([entryOf(fieldsV1, changes)]), ours);
const base = of(fields);

/** The same value with the fields of every object in another order. */
function turned(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, part]) => [name, turned(part)]),
  );
}

test('fingerprintOf: 66 bits of base64url', () => match(base ?? '', /^[A-Za-z0-9_-]{11}$/));

const same: readonly { name: string; object: KubeObject }[] = [
  { name: 'fields in another order', object: objectWith([entryOf(turned(fields) as JsonObject)]) },
  {
    name: 'entries of others around it',
    object: objectWith([
      { manager: 'x', operation: 'Apply' },
      entryOf(fields),
      { manager: ours, operation: 'Update', fieldsV1: {} },
    ]),
  },
  {
    name: 'an entry of ours on a subresource before it',
    object: objectWith([entryOf({ 'f:status': {} }, { subresource: 'status' }), entryOf(fields)]),
  },
  { name: 'other values', object: objectWith([entryOf(fields)], { data: { a: '1' } }) },
  { name: 'metadata only', object: { ...objectWith([entryOf(fields)]), kind: 'PartialObjectMetadata' } },
];
for (const { name, object } of same)
  test(`fingerprintOf: ${name}, same`, () => equal(fingerprintOf(object, ours), base));

const different: readonly { name: string; fieldsV1: JsonObject; changes?: JsonObject }[] = [
  { name: 'a field less', fieldsV1: { ...fields, 'f:data': { 'f:a': {} } } },
  { name: 'a field more', fieldsV1: { ...fields, 'f:spec': {} } },
  { name: 'another field', fieldsV1: { ...fields, 'f:data': { 'f:a': {}, 'f:c': {} } } },
  {
    name: 'a field at another depth',
    fieldsV1: { 'f:data': { 'f:a': { 'f:b': {} } }, 'f:metadata': fields['f:metadata']! },
  },
  { name: 'a name that looks like two', fieldsV1: { ...fields, 'f:data': { 'f:a;3:f:b': {} } } },
  { name: 'a container that is owned itself', fieldsV1: { ...fields, 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } } },
  { name: 'another version', fieldsV1: fields, changes: { apiVersion: 'v2' } },
  { name: 'another time: an apply that nobody heard of', fieldsV1: fields, changes: { time: '2026-11-20T14:00:00Z' } },
];
for (const { name, fieldsV1, changes } of different) {
  test(`fingerprintOf: ${name}, another`, () => notEqual(of(fieldsV1, changes), base));
}

const absent: readonly { name: string; object: KubeObject }[] = [
  { name: 'no managedFields', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } } },
  {
    name: 'managedFields that are none',
    object: { apiVersion: 'v1', kind: 'X', metadata: { name: 'w', managedFields: 'x' } },
  },
  { name: 'only an Update entry of our name', object: objectWith([entryOf(fields, { operation: 'Update' })]) },
  { name: 'only another manager', object: objectWith([entryOf(fields, { manager: 'landfall-other' })]) },
  { name: 'only a subresource', object: objectWith([entryOf(fields, { subresource: 'scale' })]) },
];
for (const { name, object } of absent) {
  test(`fingerprintOf: ${name}, undefined`, () => equal(fingerprintOf(object, ours), undefined));
}

test('fingerprintOf: the order of a recorded entry does not matter', () => {
  for (const { live } of readEdits().edits) {
    equal(fingerprintOf(turned(live) as KubeObject, ours), fingerprintOf(live, ours));
  }
});

test('fingerprintOf: nesting beyond all objects is no crash', () => {
  let deep: JsonObject = {};
  for (let depth = 0; depth < 20_000; depth++) deep = { 'f:a': deep };
  match(of(deep) ?? '', /^.{11}$/);
});

const labels: JsonObject = { 'f:metadata': { 'f:labels': { 'f:landfall.dev/installation': {} } } };
const labelled = (managedFields: readonly JsonObject[], value: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'web', managedFields, labels: { 'landfall.dev/installation': value } },
});
const ownedLabels = [
  { name: 'set by our entry', object: labelled([entryOf(labels)], 'test'), value: 'test' },
  { name: 'copied by somebody', object: labelled([entryOf(labels, { manager: 'kubectl' })], 'test'), value: undefined },
  { name: 'entry without it', object: labelled([entryOf(fields)], 'test'), value: undefined },
  { name: 'in the entry, not on the object', object: objectWith([entryOf(labels)]), value: undefined },
];
for (const { name, object, value } of ownedLabels) {
  test(`ownedLabel: ${name}`, () => equal(ownedLabel(object, ours, 'landfall.dev/installation'), value));
}
