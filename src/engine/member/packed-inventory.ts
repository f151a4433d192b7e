/** The inventory of a record, held small: between two runs nobody looks at most of it. */
import { fingerprintLength } from '../../core/diff/fingerprint.ts';
import { digest, type ObjectKey } from '../../core/model/id.ts';
import type { Inventory, OwnedObject } from '../../core/model/record.ts';
import { PackedMap, type Packing } from './packed-map.ts';
import { packDigest, packedDigestLength, packedUidLength, packUid, unpackDigest, unpackUid } from './packed-name.ts';
import type { TextPool } from './text-pool.ts';

const digestAt = packedUidLength;
const fingerprintAt = digestAt + packedDigestLength;
const apiVersionAt = fingerprintAt + fingerprintLength;

const packing: Packing<ObjectKey, OwnedObject> = {
  pack: ({ apiVersion, uid, digest: applied, fingerprint }) => {
    const [packedUid, packedApplied] = [packUid(uid), packDigest(applied)];
    if (packedUid === undefined || packedApplied === undefined || fingerprint.length !== fingerprintLength)
      return undefined;
    // Flat: a template would make a rope, which keeps its pieces and is larger than they are.
    return [packedUid, packedApplied, fingerprint, apiVersion].join('');
  },
  unpack: (key, text) => ({
    key,
    apiVersion: text.slice(apiVersionAt),
    uid: unpackUid(text.slice(0, digestAt)),
    digest: digest(unpackDigest(text.slice(digestAt, fingerprintAt))),
    fingerprint: text.slice(fingerprintAt, apiVersionAt),
  }),
};

export const packedInventory = (inventory: Inventory, texts: TextPool): Inventory =>
  new PackedMap(
    packing,
    inventory.entries().map(([key, owned]) => [texts.share(key), owned] as const),
  );
