import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { entriesOf } from '../../../src/core/diff/entries.ts';
import {
  divideSet,
  emptySet,
  fieldSetOf,
  fieldsV1Of,
  hasPath,
  isEmptySet,
  leavesOf,
  ownsAnyAt,
  subsetAt,
  union,
} from '../../../src/core/diff/fields.ts';
import { type FieldPath, fieldPath, printPath, readElement } from '../../../src/core/diff/path.ts';
import type { JsonObject } from '../../../src/core/json/value.ts';
import { readEdits } from './recorded.ts';

const fields: JsonObject = {
  'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
  'f:spec': {
    'f:replicas': {},
    'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } },
    'f:selector': {},
  },
};
const set = fieldSetOf(fields);
const web = readElement('k:{"name":"web"}')!;
const container: FieldPath = [...fieldPath('spec', 'containers'), web];

test('fieldSetOf: leaves, in the order of the tree', () => {
  deepEqual(leavesOf(set).map(printPath), [
    '.metadata.labels.app',
    '.spec.replicas',
    '.spec.containers[name="web"].image',
    '.spec.containers[name="web"].name',
    '.spec.selector',
  ]);
});

test('fieldSetOf: what is no set is the empty one', () => {
  for (const nothing of [undefined, null, 'f:spec', [], {}, { 'x:1': {} }, { 'f:a': null }, { 'f:a': { 'x:1': {} } }]) {
    ok(isEmptySet(fieldSetOf(nothing)), JSON.stringify(nothing));
  }
});

test('fieldSetOf: nesting beyond all objects ends in a leaf', () => {
  let deep: JsonObject = {};
  for (let depth = 0; depth < 20_000; depth++) deep = { 'f:a': deep };
  equal(leavesOf(fieldSetOf(deep))[0]?.length, 201);
});

const places = [
  { name: 'a leaf', path: fieldPath('spec', 'replicas'), has: true, owns: true },
  { name: 'a member with children', path: container, has: true, owns: true },
  { name: 'a place above members', path: fieldPath('spec'), has: false, owns: true },
  { name: 'a place below a leaf', path: fieldPath('spec', 'selector', 'matchLabels'), has: false, owns: true },
  { name: 'a place below a member with children', path: [...container, ...fieldPath('env')], has: false, owns: false },
  {
    name: 'another element',
    path: [...fieldPath('spec', 'containers'), readElement('k:{"name":"proxy"}')!],
    has: false,
    owns: false,
  },
  { name: 'another field', path: fieldPath('status'), has: false, owns: false },
];
for (const { name, path, has, owns } of places) {
  test(`hasPath, ownsAnyAt: ${name}`, () => {
    equal(hasPath(set, path), has);
    equal(ownsAnyAt(set, path), owns);
  });
}

test('subsetAt: the part below a path', () => {
  deepEqual(fieldsV1Of(subsetAt(set, container)!), { 'f:image': {}, 'f:name': {} });
  equal(subsetAt(set, fieldPath('nothing', 'here')), undefined);
});

test('fieldsV1Of: writes what was read', () => {
  deepEqual(fieldsV1Of(set), fields);
  const { applied, edits } = readEdits();
  for (const object of [applied, ...edits.flatMap(({ live, answer }) => [live, answer])]) {
    const raw = object.metadata.managedFields as readonly JsonObject[] | undefined;
    deepEqual(
      entriesOf(object).map((entry) => fieldsV1Of(entry.set)),
      (raw ?? []).map((entry) => entry.fieldsV1),
    );
  }
});

test('union: the paths of both', () => {
  const other = fieldSetOf({ 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:env': {} } }, 'f:paused': {} } });
  const both = union(set, other);
  deepEqual(leavesOf(both).map(printPath).toSorted(), [...leavesOf(set), ...leavesOf(other)].map(printPath).toSorted());
  ok(hasPath(both, container));
  deepEqual(fieldsV1Of(union(emptySet, set)), fields);
  // A leaf and a member with children are one: the place, and what is below it.
  deepEqual(fieldsV1Of(union(fieldSetOf({ 'f:a': {} }), fieldSetOf({ 'f:a': { 'f:b': {} } }))), {
    'f:a': { '.': {}, 'f:b': {} },
  });
});

test('divideSet: every member is in exactly one half', () => {
  const isImage = (path: FieldPath): boolean => printPath(path).endsWith('.image');
  const halves = divideSet(set, isImage);
  deepEqual(leavesOf(halves.in).map(printPath), ['.spec.containers[name="web"].image']);
  equal(hasPath(halves.in, container), false);
  ok(hasPath(halves.out, container));
  deepEqual(fieldsV1Of(union(halves.out, halves.in)), fieldsV1Of(union(set, emptySet)));
  ok(isEmptySet(divideSet(set, () => false).in));
  ok(isEmptySet(divideSet(set, () => true).out));
});
