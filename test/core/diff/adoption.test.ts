import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { adoptionOf } from '../../../src/core/diff/adoption.ts';
import { entriesOf, ourSetOf } from '../../../src/core/diff/entries.ts';
import { emptySet, fieldsV1Of, isEmptySet, leavesOf } from '../../../src/core/diff/fields.ts';
import { printPath } from '../../../src/core/diff/path.ts';
import { type Predecessor, predecessors } from '../../../src/core/diff/predecessor.ts';
import { canonical } from '../../../src/core/json/digest.ts';
import { applyPatch } from '../../../src/core/json/patch.ts';
import { readPatch } from '../../../src/core/json/patch-operation.ts';
import { type JsonObject, withFields } from '../../../src/core/json/value.ts';
import { isKubeObject, type KubeObject } from '../../../src/core/model/object.ts';
import { entryOf, objectWith, ours, readAdoptions } from './recorded.ts';

/** The object as the patch makes it. */
function adopted(live: KubeObject, old: readonly Predecessor[]): KubeObject {
  const adoption = adoptionOf(live, ours, old);
  ok(adoption !== undefined);
  const read = readPatch(adoption.patch);
  ok(read.kind === 'read');
  const result = applyPatch(live, read.patch);
  ok(result.kind === 'patched' && isKubeObject(result.value));
  return result.value;
}
const rawOf = (object: KubeObject): readonly JsonObject[] => object.metadata.managedFields as readonly JsonObject[];
/** Without times, in one order: the server sorts entries by time. */
const comparable = (entries: readonly JsonObject[]): readonly string[] =>
  entries.map((entry) => canonical(withFields(entry, { time: undefined }))).toSorted();

const adoptions = readAdoptions();
for (const { name, tool, live, stored, after } of adoptions) {
  const old = predecessors[tool] ?? [];
  test(`adoptionOf, recorded: ${name}: the server keeps the entries as we wrote them`, () => {
    deepEqual(comparable(rawOf(adopted(live, old))), comparable(stored as readonly JsonObject[]));
  });
  test(`adoptionOf, recorded: ${name}: what is not in the next manifest is gone`, () => {
    const text = canonical(withFields(after, { status: undefined }));
    for (const gone of ['"name":"B"', '"name":"C"', '"old":"x"', 'last-applied', 'app.kubernetes.io/instance']) {
      ok(!text.includes(gone), gone);
    }
    equal(adoptionOf(after, ours, old), undefined, 'a second time there is nothing to adopt');
  });
}

test('adoptionOf, recorded: what others own stays', () => {
  const [scaled] = adoptions;
  deepEqual(
    entriesOf(scaled!.after).map(({ manager, subresource }) => `${manager} ${subresource ?? ''}`),
    [`${ours} `, 'kube-controller-manager scale', 'kube-controller-manager status'],
  );
  equal((scaled!.after.spec as JsonObject).replicas, 6);
  deepEqual(adoptions.at(-1)?.after.metadata.finalizers, ['example.com/keep', 'kubernetes.io/pvc-protection']);
});

const all: Predecessor = { manager: 'old', operation: '*', take: 'all' };
const shared: Predecessor = { ...all, take: 'shared' };
const old = (fieldsV1: JsonObject, changes: JsonObject = {}): JsonObject =>
  entryOf(fieldsV1, { manager: 'old', operation: 'Update', ...changes });
const data = (...names: readonly string[]): JsonObject => ({
  'f:data': Object.fromEntries(names.map((name) => [`f:${name}`, {}])),
});

type Case = {
  readonly name: string;
  readonly entries: readonly JsonObject[];
  readonly rule: Predecessor;
  /** Ours and the old one's fields after it; undefined when there is nothing to adopt. */
  readonly ours?: JsonObject;
  readonly left?: JsonObject;
  readonly taken?: readonly string[];
};
const cases: readonly Case[] = [
  { name: 'no entries', entries: [], rule: all },
  { name: 'only ours', entries: [entryOf(data('a'))], rule: all },
  { name: 'another manager', entries: [old(data('a'), { manager: 'older' })], rule: all },
  { name: 'another operation', entries: [old(data('a'))], rule: { ...all, operation: 'Apply' } },
  { name: 'a subresource', entries: [old(data('a'), { subresource: 'scale' })], rule: all },
  { name: 'status only', entries: [old({ 'f:status': { 'f:phase': {} } })], rule: all },
  {
    name: 'before our first apply',
    entries: [old(data('a', 'b'))],
    rule: all,
    ours: data('a', 'b'),
    taken: ['.data.a', '.data.b'],
  },
  {
    name: 'beside ours',
    entries: [entryOf(data('a')), old(data('a', 'b'))],
    rule: all,
    ours: data('a', 'b'),
    taken: ['.data.a', '.data.b'],
  },
  {
    name: 'status, finalizers and owner references stay',
    entries: [
      old({
        ...data('a'),
        'f:status': {},
        'f:metadata': { 'f:labels': { 'f:x': {} }, 'f:finalizers': { 'v:"y"': {} }, 'f:ownerReferences': { '.': {} } },
      }),
    ],
    rule: all,
    ours: { 'f:metadata': { 'f:labels': { 'f:x': {} } }, ...data('a') },
    left: { 'f:status': {}, 'f:metadata': { 'f:finalizers': { 'v:"y"': {} }, 'f:ownerReferences': {} } },
    taken: ['.metadata.labels.x', '.data.a'],
  },
  {
    name: 'shared takes nothing new',
    entries: [entryOf(data('a')), old(data('a', 'b'))],
    rule: shared,
    ours: data('a'),
    left: data('b'),
    taken: ['.data.a'],
  },
  { name: 'shared, with nothing of ours', entries: [old(data('a'))], rule: shared },
  {
    name: 'what the tool never took away is only shared, and what the server puts back is nobody’s',
    entries: [
      entryOf({ 'f:metadata': { 'f:annotations': { 'f:b': {} } } }),
      old({
        'f:metadata': {
          'f:annotations': { 'f:a': {}, 'f:b': {}, 'f:deprecated.daemonset.template.generation': {} },
          'f:labels': { 'f:x': {}, 'f:kubernetes.io/metadata.name': {} },
        },
      }),
    ],
    rule: { ...all, spares: ['metadata', 'annotations'] },
    ours: { 'f:metadata': { 'f:annotations': { 'f:b': {} }, 'f:labels': { 'f:x': {} } } },
    left: {
      'f:metadata': {
        'f:annotations': { 'f:a': {}, 'f:deprecated.daemonset.template.generation': {} },
        'f:labels': { 'f:kubernetes.io/metadata.name': {} },
      },
    },
    taken: ['.metadata.annotations.b', '.metadata.labels.x'],
  },
  {
    name: 'another version: what the object has',
    entries: [old(data('a', 'gone'), { apiVersion: 'v0' })],
    rule: all,
    ours: data('a'),
    left: data('gone'),
    taken: ['.data.a'],
  },
];

for (const { name, entries, rule, ours: mine, left, taken } of cases) {
  test(`adoptionOf: ${name}`, () => {
    const live = objectWith(entries, { data: { a: '1', b: '2' } });
    const adoption = adoptionOf(live, ours, [rule]);
    equal(adoption === undefined, mine === undefined);
    if (adoption === undefined || mine === undefined) return;
    deepEqual(leavesOf(adoption.taken).map(printPath).toSorted(), [...(taken ?? [])].toSorted());
    deepEqual(
      adoption.from.map(({ manager }) => manager),
      ['old'],
    );
    const object = adopted({ ...live, metadata: { ...live.metadata, resourceVersion: '7' } }, [rule]);
    equal(canonical(fieldsV1Of(ourSetOf(object, ours)!)), canonical(mine));
    const rest = entriesOf(object).filter(({ manager }) => manager === 'old');
    deepEqual(
      rest.map(({ set }) => canonical(fieldsV1Of(set))),
      left === undefined ? [] : [canonical(left)],
    );
  });
}

test('adoptionOf: what we are about to apply is shared, so that it disappears when it leaves Git', () => {
  const live = objectWith([old(data('a', 'b'))], { data: { a: '1', b: '2' } });
  const adoption = adoptionOf(live, ours, [shared], [], { ...live, data: { a: '1' } });
  deepEqual(leavesOf(adoption?.taken ?? emptySet).map(printPath), ['.data.a']);
});

test('adoptionOf: is refused by a newer object, keeps the newest time, changes no value', () => {
  const entries = [
    entryOf(data('a'), { time: '2026-01-03T00:00:00Z' }),
    old(data('b'), { time: '2026-01-02T00:00:00Z' }),
  ];
  const live = objectWith(entries, { data: { a: '1' } });
  const { patch } = adoptionOf({ ...live, metadata: { ...live.metadata, resourceVersion: '7' } }, ours, [all])!;
  deepEqual(patch[0], { op: 'replace', path: '/metadata/resourceVersion', value: '7' });
  deepEqual(
    patch.map((operation) => (operation as JsonObject).path),
    ['/metadata/resourceVersion', '/metadata/managedFields'],
  );
  const object = adopted({ ...live, metadata: { ...live.metadata, resourceVersion: '7' } }, [all]);
  equal(rawOf(object)[0]?.time, '2026-01-03T00:00:00Z');
  deepEqual(object.data, { a: '1' });
});

test('adoptionOf: one entry of ours, in the version of the object', () => {
  const entries = [entryOf(data('a', 'gone'), { apiVersion: 'v0' }), old(data('b'))];
  const live = objectWith(entries, { data: { a: '1', b: '2' } });
  const object = adopted({ ...live, metadata: { ...live.metadata, resourceVersion: '7' } }, [all]);
  deepEqual(rawOf(object), [entryOf(data('a', 'b'))]);
});

test('predecessors: every tool has managers, none of them by hand', () => {
  for (const [tool, managers] of Object.entries(predecessors)) {
    ok(managers.length > 0, tool);
    ok(!managers.some(({ manager }) => manager === 'kubectl-edit' || manager === 'kube-controller-manager'), tool);
  }
  const unsafe = predecessors.kubectl?.find(({ manager }) => manager === 'before-first-apply');
  equal(unsafe?.take, 'shared');
  ok(!isEmptySet(ourSetOf(adoptions[2]!.live, ours)!));
});
