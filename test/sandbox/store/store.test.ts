/** One cluster's objects and their history. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/core/json/value.ts';
import { entryFrom, textOfEntry } from '../../../src/sandbox/store/entry.ts';
import { parsedObjects } from '../../../src/sandbox/store/parsed.ts';
import { type Store, store } from '../../../src/sandbox/store/store.ts';

const made = (): Store => store(parsedObjects(2), 100);
const write = (to: Store, name: string, data: JsonObject, metadata: JsonObject = {}) =>
  to.write('configmaps', {
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'a', uid: `uid-${name}`, ...metadata, name },
      data,
    },
    managed: [],
  });

test('store: every write has a revision of its own, and the object says so', () => {
  const all = made();
  const first = write(all, 'x', { n: '1' });
  const second = write(all, 'x', { n: '2' });
  equal(second.revision, first.revision + 1);
  equal(all.revision(), second.revision);
  equal(all.read(second).metadata.resourceVersion, String(second.revision));
  deepEqual(all.get('configmaps', 'a', 'x'), second);
});

test('store: what was read is equal to what was written, however often the cache turned over', () => {
  const all = made();
  const data = { text: 'ä\u2028"\\', big: '9' };
  for (const name of ['p', 'q', 'r', 's']) write(all, name, { ...data, name });
  for (const name of ['p', 'q', 'r', 's']) {
    const entry = all.get('configmaps', 'a', name);
    deepEqual(entry && all.read(entry).data, { ...data, name });
  }
});

test('store: integers keep their digits', () => {
  const all = store(parsedObjects(0), 10);
  const entry = all.write('things', {
    object: { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'x' }, spec: { big: 9007199254740993n } },
    managed: [],
  });
  equal(textOfEntry(entry, true).includes('"big":9007199254740993'), true);
  deepEqual(all.read(entry).spec, { big: 9007199254740993n });
});

test('store: an earlier revision can be listed while history reaches back', () => {
  const all = made();
  const first = write(all, 'x', { n: '1' });
  write(all, 'y', {});
  const gone = write(all, 'z', {});
  write(all, 'x', { n: '2' });
  all.remove('configmaps', gone);
  const at = (revision: number) =>
    all.listAt('configmaps', 'a', revision)?.map((entry) => [entry.name, entry.restText]);
  deepEqual(at(first.revision), [['x', '{"data":{"n":"1"}}']]);
  deepEqual(
    at(gone.revision)?.map(([name]) => name),
    ['x', 'y', 'z'],
  );
  deepEqual(at(all.revision()), [
    ['x', '{"data":{"n":"2"}}'],
    ['y', '{"data":{}}'],
  ]);
  all.log.compact(all.revision());
  equal(at(first.revision), undefined);
});

test('store: dependents are found by the uid of their owner', () => {
  const all = made();
  const owner = write(all, 'owner', {});
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.uid }];
  const child = write(all, 'child', {}, { ownerReferences });
  deepEqual(all.ownedBy(owner.uid), [{ resource: 'configmaps', entry: child }]);
  write(all, 'child', {});
  deepEqual(all.ownedBy(owner.uid), []);
});

test('entryFrom: an object without more has no more in its text', () => {
  const entry = entryFrom({ object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, managed: [] });
  equal(textOfEntry(entry, true), '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}');
  equal(textOfEntry(entry, false), '{"metadata":{"name":"a"}}');
});
