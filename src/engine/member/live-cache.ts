/** What one cluster holds of ours, kept by watches. One writer: the cluster's followers and our own writes. */

import { ownedLabel } from '../../core/diff/entries.ts';
import { fingerprintLength, fingerprintOf } from '../../core/diff/fingerprint.ts';
import { healthOf } from '../../core/health/health.ts';
import { fieldOf, isArray, textOf } from '../../core/json/value.ts';
import { healthy } from '../../core/model/health.ts';
import { groupKind, type ObjectKey, objectKey } from '../../core/model/id.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { LiveObject, LiveObjects } from '../../core/model/live.ts';
import { isKept, type KubeObject } from '../../core/model/object.ts';
import { partOfLabel } from '../../core/plan/manifest.ts';
import { PackedMap, type Packing } from './packed-map.ts';
import { packedUidLength, packUid, unpackUid } from './packed-name.ts';
import { PartKeys } from './part-keys.ts';
import type { TextPool } from './text-pool.ts';

/** The key of an object as read, whose own `kind` may be PartialObjectMetadata. */
export const keyOfRead = (object: KubeObject, kind: Kind): ObjectKey =>
  objectKey(kind.group, kind.kind, object.metadata.namespace ?? '', object.metadata.name);

/** Reduces an object to what decisions need; its body is let go. */
export function liveObjectOf(object: KubeObject, kind: Kind, manager: string): LiveObject {
  const { metadata } = object;
  const owners = metadata.ownerReferences;
  return {
    key: keyOfRead(object, kind),
    uid: textOf(metadata.uid) ?? '',
    resourceVersion: textOf(metadata.resourceVersion) ?? '',
    fingerprint: fingerprintOf(object, manager),
    partOf: ownedLabel(object, manager, partOfLabel),
    isControlled: isArray(owners) && owners.some((owner) => fieldOf(owner, 'controller') === true),
    isDeleting: metadata.deletionTimestamp !== undefined,
    isKept: isKept(object),
    health: healthOf(object, groupKind(kind.group, kind.kind)),
  };
}

export class LiveCache {
  readonly #objects = new PackedMap(livePacking());
  readonly #parts = new PartKeys((key) => this.#objects.get(key)?.partOf);
  /** Called after each change with the record ids that it concerns. */
  readonly #onChange: (recordId: string) => void;
  readonly #texts: TextPool;

  constructor(onChange: (recordId: string) => void, texts: TextPool) {
    this.#onChange = onChange;
    this.#texts = texts;
  }

  get objects(): LiveObjects {
    return this.#objects;
  }

  /** Objects whose label says that they belong to this record. */
  partsOf(recordId: string): readonly ObjectKey[] {
    return this.#parts.of(recordId);
  }

  /** Takes a newer state; an older one, such as the echo of our own write, changes nothing. */
  set(object: LiveObject): void {
    const before = this.#objects.get(object.key);
    if (before !== undefined && before.uid === object.uid && !isNewer(object.resourceVersion, before.resourceVersion))
      return;
    const key = this.#texts.share(object.key);
    this.#objects.set(key, object);
    if (object.partOf !== undefined && before?.partOf !== object.partOf) this.#parts.add(object.partOf, key);
    this.#tell(before, object);
  }

  /** It left the watch: deleted, or its label was taken off. */
  delete(key: ObjectKey): void {
    const before = this.#objects.get(key);
    if (before === undefined) return;
    this.#objects.delete(key);
    this.#tell(before, undefined);
  }

  /** A whole list of one kind, or of one kind in one namespace: what is not in it is gone. */
  replace(kind: Kind, objects: readonly LiveObject[], namespace?: string): void {
    const present = new Set(objects.map(({ key }) => key));
    const ofKind = `${groupKind(kind.group, kind.kind)}/`;
    const prefix = namespace === undefined ? ofKind : `${ofKind}${namespace}/`;
    const gone = [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && !present.has(key));
    for (const key of gone) this.delete(key);
    for (const object of objects) this.set(object);
  }

  #tell(before: LiveObject | undefined, after: LiveObject | undefined): void {
    for (const recordId of new Set([before?.partOf, after?.partOf]))
      if (recordId !== undefined) this.#onChange(recordId);
  }
}

/** What is well and ours fits into a text; the few that are not are held whole. */
function livePacking(): Packing<ObjectKey, LiveObject> {
  const recordIds: string[] = [];
  const places = new Map<string, number>();
  const placeOf = (recordId: string): number => {
    const known = places.get(recordId);
    if (known !== undefined) return known;
    places.set(recordId, recordIds.length);
    return recordIds.push(recordId) - 1;
  };
  return {
    pack: ({ uid, resourceVersion, fingerprint, partOf, isControlled, isDeleting, isKept: isStaying, health }) => {
      const isUsual = !isControlled && !isDeleting && !isStaying;
      const isPlain = health.status === healthy.status && health.message === undefined && isUsual;
      if (!isPlain || fingerprint === undefined || partOf === undefined) return undefined;
      const packedUid = packUid(uid);
      if (packedUid === undefined || fingerprint.length !== fingerprintLength) return undefined;
      return [packedUid, fingerprint, String(placeOf(partOf)), ' ', resourceVersion].join('');
    },
    unpack: (key, text) => {
      const fingerprintEnd = packedUidLength + fingerprintLength;
      const placeEnd = text.indexOf(' ', fingerprintEnd);
      return {
        key,
        uid: unpackUid(text.slice(0, packedUidLength)),
        resourceVersion: text.slice(placeEnd + 1),
        fingerprint: text.slice(packedUidLength, fingerprintEnd),
        partOf: recordIds[Number(text.slice(fingerprintEnd, placeEnd))],
        isControlled: false,
        isDeleting: false,
        isKept: false,
        health: healthy,
      };
    },
  };
}

/** Versions of one server are whole numbers that grow. Source: KEP-5504, comparable resource versions. */
export function isNewer(version: string, than: string): boolean {
  if (version.length !== than.length) return version.length > than.length;
  return version > than;
}
