/** Protects: what is held small is read as it was put in. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprintLength } from '../../../src/core/diff/fingerprint.ts';
import { digestOfText } from '../../../src/core/json/digest.ts';
import { digest, objectKey } from '../../../src/core/model/id.ts';
import type { LiveObject } from '../../../src/core/model/live.ts';
import type { OwnedObject } from '../../../src/core/model/record.ts';
import { LiveCache } from '../../../src/engine/member/live-cache.ts';
import { packedInventory } from '../../../src/engine/member/packed-inventory.ts';
import {
  packDigest,
  packedDigestLength,
  packedUidLength,
  packUid,
  unpackDigest,
  unpackUid,
} from '../../../src/engine/member/packed-name.ts';
import { TextPool } from '../../../src/engine/member/text-pool.ts';

const key = (name: string) => objectKey('', 'ConfigMap', 'shop', name);
const uidOf = (name: string): string => `7c1e0f6a-5d1c-4e0b-9a52-${Buffer.from(name.padEnd(6)).toString('hex')}`;
const owned = (name: string, more: Partial<OwnedObject> = {}): OwnedObject => ({
  key: key(name),
  apiVersion: 'v1',
  uid: uidOf(name),
  digest: digest(digestOfText(name)),
  fingerprint: digestOfText(name).slice(0, fingerprintLength),
  ...more,
});
const live = (name: string, more: Partial<LiveObject> = {}): LiveObject => ({
  key: key(name),
  uid: uidOf(name),
  resourceVersion: '7',
  fingerprint: digestOfText(name).slice(0, fingerprintLength),
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

test('LiveCache: a record has what claims it now, each once', () => {
  const cache = new LiveCache(() => {}, new TextPool());
  cache.set(live('a'));
  cache.set(live('b'));
  cache.set(live('b', { resourceVersion: '8', partOf: 'applyset-2' }));
  cache.set(live('b', { resourceVersion: '9' }));
  cache.set(live('c'));
  cache.delete(key('c'));
  cache.set(live('d', { partOf: 'applyset-2' }));
  deepEqual(cache.partsOf('applyset-1').toSorted(), [key('a'), key('b')]);
  deepEqual(cache.partsOf('applyset-2'), [key('d')]);
  deepEqual(cache.partsOf('applyset-3'), []);
});

test('packUid, packDigest: a few bytes, and back', () => {
  for (let seed = 0; seed < 200; seed++) {
    const digestText = digestOfText(String(seed));
    const uid = uidOf(String(seed));
    equal(packDigest(digestText)?.length, packedDigestLength);
    equal(unpackDigest(packDigest(digestText) ?? ''), digestText);
    equal(packUid(uid)?.length, packedUidLength);
    equal(unpackUid(packUid(uid) ?? ''), uid);
  }
  for (const other of ['', 'x', 'not a uid', uidOf('a').toUpperCase()]) equal(packUid(other), undefined);
  for (const other of ['', 'short', `${digestOfText('a')}a`]) equal(packDigest(other), undefined);
});
