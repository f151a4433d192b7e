/** The objects of one resource, in the order of their keys. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { collection } from '../../../src/sandbox/store/collection.ts';
import { type Entry, entryFrom } from '../../../src/sandbox/store/entry.ts';

const entry = (namespace: string, name: string, x = ''): Entry =>
  entryFrom({
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data: { x } },
    managed: [],
  });
const keys = (entries: readonly Entry[]): readonly string[] =>
  entries.map(({ namespace, name }) => `${namespace}/${name}`);

test('collection: lists by namespace and name, as etcd orders keys', () => {
  const all = collection();
  for (const [namespace, name] of [
    ['b', 'z'],
    ['a', 'y'],
    ['a-1', 'x'],
    ['a', 'b'],
    ['a', 'b-1'],
  ] as const) {
    all.set(entry(namespace, name));
  }
  // The slash after a namespace sorts after the dash of a longer one.
  deepEqual(keys(all.list(undefined)), ['a-1/x', 'a/b', 'a/b-1', 'a/y', 'b/z']);
  deepEqual(keys(all.list('a')), ['a/b', 'a/b-1', 'a/y']);
  deepEqual(all.list('nowhere'), []);
});

test('collection: a list follows changes, new objects and removed ones', () => {
  const all = collection();
  all.set(entry('a', 'x', '1'));
  equal(all.list('a')[0]?.restText, '{"data":{"x":"1"}}');
  all.set(entry('a', 'x', '2'));
  equal(all.list('a')[0]?.restText, '{"data":{"x":"2"}}');
  equal(all.size(), 1);
  all.set(entry('a', 'w'));
  deepEqual(keys(all.list('a')), ['a/w', 'a/x']);
  all.delete(entry('a', 'x'));
  deepEqual(keys(all.list(undefined)), ['a/w']);
  all.delete(entry('a', 'absent'));
  equal(all.size(), 1);
});
