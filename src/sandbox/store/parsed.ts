/** Objects that were read or written lately, so that most of them are parsed once. Shared by all clusters of a process. */
import type { KubeObject } from '../../core/model/object.ts';
import { type Entry, objectOf } from './entry.ts';

export type ParsedObjects = {
  readonly read: (entry: Entry) => KubeObject;
  readonly keep: (entry: Entry, object: KubeObject) => void;
};

/** Keeps at most `objectsMax`, the latest used. */
export function parsedObjects(objectsMax: number): ParsedObjects {
  const kept = new Map<Entry, KubeObject>();
  const keep = (entry: Entry, object: KubeObject): void => {
    kept.set(entry, object);
    if (kept.size <= objectsMax) return;
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  };
  return {
    keep,
    read: (entry) => {
      const there = kept.get(entry);
      if (there !== undefined) kept.delete(entry);
      const object = there ?? objectOf(entry);
      keep(entry, object);
      return object;
    },
  };
}
