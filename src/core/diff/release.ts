/** Letting go of an object without changing a value: it stays, and is no longer ours. */
import { formatPointer } from '../json/pointer.ts';
import type { Json } from '../json/value.ts';
import { type KubeObject, textMapOf } from '../model/object.ts';
import { rawEntriesOf } from './entries.ts';

/** Who is left as the owner of what was ours: nobody that ever writes. */
export const releasedManager = 'landfall-released';

/**
 * An RFC 6902 patch that takes our labels off and renames our entry.
 *
 * Shape: guarded by the version that was read, as `adoptionOf` is; the entry stays under another name, so that no field
 *   loses its last owner, which would remove it.
 */
export function releasePatch(live: KubeObject, manager: string, labels: readonly string[]): readonly Json[] {
  const present = labels.filter((label) => Object.hasOwn(textMapOf(live, 'labels'), label));
  const entries = rawEntriesOf(live).map((entry) =>
    entry.manager === manager ? { ...entry, manager: releasedManager } : entry,
  );
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion ?? '' },
    ...present.map((label) => ({ op: 'remove', path: formatPointer(['metadata', 'labels', label]) })),
    { op: 'replace', path: '/metadata/managedFields', value: entries },
  ];
}
