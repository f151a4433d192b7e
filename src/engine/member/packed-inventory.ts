/** The inventory of a record, held small: between two runs nobody looks at most of it. */
import { digest, type ObjectKey } from '../../core/model/id.ts';
import type { Inventory, OwnedObject } from '../../core/model/record.ts';
import { PackedMap, type Packing, packed } from './packed-map.ts';
import type { TextPool } from './text-pool.ts';

const packing: Packing<ObjectKey, OwnedObject> = {
  pack: ({ apiVersion, uid, digest: applied, fingerprint }) => packed([apiVersion, uid, applied, fingerprint]),
  unpack: (key, text) => {
    const [apiVersion = '', uid = '', applied = '', fingerprint = ''] = text.split(' ');
    return { key, apiVersion, uid, digest: digest(applied), fingerprint };
  },
};

export const packedInventory = (inventory: Inventory, texts: TextPool): Inventory =>
  new PackedMap(
    packing,
    inventory.entries().map(([key, owned]) => [texts.share(key), owned] as const),
  );
