/** Protects: what is held small is read as it was put in. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { digest, objectKey } from '../../../src/core/model/id.ts';
import type { LiveObject } from '../../../src/core/model/live.ts';
import type { OwnedObject } from '../../../src/core/model/record.ts';
import { LiveCache } from '../../../src/engine/member/live-cache.ts';
import { packedInventory } from '../../../src/engine/member/packed-inventory.ts';
import { TextPool } from '../../../src/engine/member/text-pool.ts';

const key = (name: string) => objectKey('', 'ConfigMap', 'shop', name);
const owned = (name: string, more: Partial<OwnedObject> = {}): OwnedObject => ({
  key: key(name),
  apiVersion: 'v1',
  uid: `uid-of-${name}`,
  digest: digest('d'),
  fingerprint: 'f',
  ...more,
});
const live = (name: string, more: Partial<LiveObject> = {}): LiveObject => ({
  key: key(name),
  uid: `uid-of-${name}`,
  resourceVersion: '7',
  fingerprint: 'f',
  partOf: 'applyset-1',
  isControlled: false,
  isDeleting: false,
  isKept: false,
  health: { status: 'Healthy' },
  ...more,
});

const inventories: readonly (readonly [name: string, owned: OwnedObject])[] = [
  ['confirmed', owned('a')],
  ['not confirmed: nothing known', owned('b', { uid: '', digest: digest(''), fingerprint: '' })],
  ['a space in a text', owned('c', { uid: 'not a uid' })],
];
for (const [name, each] of inventories) {
  test(`packedInventory: ${name}`, () => {
    const inventory = packedInventory(new Map([[each.key, each]]), new TextPool());
    deepEqual(inventory.get(each.key), each);
    deepEqual([...inventory], [[each.key, each]]);
    deepEqual([...inventory.values()], [each]);
    equal(inventory.size, 1);
    equal(inventory.has(key('other')), false);
  });
}

const objects: readonly (readonly [name: string, object: LiveObject])[] = [
  ['well and ours', live('a')],
  ['of another record', live('b', { partOf: 'applyset-2' })],
  ['none of ours', live('c', { partOf: undefined, fingerprint: undefined })],
  ['not well', live('d', { health: { status: 'Degraded', message: 'two of three' } })],
  ['going', live('e', { isDeleting: true })],
  ['staying', live('k', { isKept: true })],
  ["another's child", live('f', { isControlled: true })],
];
test('LiveCache: every object is read as it was set', () => {
  const cache = new LiveCache(() => {}, new TextPool());
  for (const [, object] of objects) cache.set(object);
  for (const [name, object] of objects) deepEqual(cache.objects.get(object.key), object, name);
});
