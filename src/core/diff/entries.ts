/** The entries of `metadata.managedFields`: who owns what of one object. */
import { at, isArray, isObject, type JsonObject, textOf } from '../json/value.ts';
import type { KubeObject } from '../model/object.ts';
import { type FieldSet, fieldSetOf } from './fields.ts';

/** Who wrote, and how. Kubernetes tells managers apart by name, operation and subresource. */
export type Owner = {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  /** `status`, `scale`, …; undefined for the object itself. */
  readonly subresource: string | undefined;
  /** When its set last changed, RFC 3339; the server may leave it out. */
  readonly time: string | undefined;
};

export type ManagedEntry = Owner & {
  /** The version that the paths are written in. */
  readonly apiVersion: string;
  readonly set: FieldSet;
};

/** All entries of an object, in the server's order; works on PartialObjectMetadata too. */
export function entriesOf(object: KubeObject): readonly ManagedEntry[] {
  return rawEntriesOf(object).map(readEntry);
}

/** What `manager` owns by server-side apply, or undefined when it has no entry. */
export function ourSetOf(object: KubeObject, manager: string): FieldSet | undefined {
  const entry = appliedEntryOf(object, manager);
  return entry && fieldSetOf(entry.fieldsV1);
}

/** The one Apply entry of `manager` on the object itself, unread. The server keeps one whatever the versions applied. */
export function appliedEntryOf(object: KubeObject, manager: string): JsonObject | undefined {
  return rawEntriesOf(object).find(
    (entry) =>
      entry.manager === manager &&
      entry.operation === 'Apply' &&
      (entry.subresource === undefined || entry.subresource === ''),
  );
}

/** The value of a label that our Apply entry set: children inherit labels, and anybody can copy them, but not entries. */
export function ownedLabel(object: KubeObject, manager: string, name: string): string | undefined {
  const fields = at(appliedEntryOf(object, manager)?.fieldsV1, 'f:metadata', 'f:labels', `f:${name}`);
  return fields === undefined ? undefined : textOf(at(object.metadata, 'labels', name));
}

/**
 * Did `manager` apply it, and has nobody else a field of it, but for what controllers write into its subresources?
 *
 * Shape: false for what was written under that name in any other way than by server-side apply.
 */
export function isAppliedOnlyBy(object: KubeObject, manager: string): boolean {
  const entries = entriesOf(object).filter(({ subresource }) => subresource === undefined);
  return entries.length > 0 && entries.every((entry) => entry.manager === manager && entry.operation === 'Apply');
}

/** The entries as they are written. */
export function rawEntriesOf(object: KubeObject): readonly JsonObject[] {
  const { managedFields } = object.metadata;
  return isArray(managedFields) ? managedFields.filter(isObject) : [];
}

export function readEntry(entry: JsonObject): ManagedEntry {
  return {
    manager: textOf(entry.manager) ?? '',
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    subresource: textOf(entry.subresource) || undefined,
    time: textOf(entry.time),
    apiVersion: textOf(entry.apiVersion) ?? '',
    set: fieldSetOf(entry.fieldsV1),
  };
}
