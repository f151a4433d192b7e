/** Who owns which fields of an object: `metadata.managedFields`, parsed and kept beside the object. */
import { formatJson } from '../../core/json/text.ts';
import { at, isArray, isObject, type Json, type JsonObject, textOf, withFields } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { compareText } from './element.ts';
import type { FieldSet } from './fieldset.ts';
import { readSet, setJson, setText } from './fieldset-text.ts';

/** Shape: in the API server's order; at most one entry of each identity. */
export type Managed = readonly ManagedEntry[];

export type ManagedEntry = {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339, whole seconds. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
};

/** An object in the server's own form, without `metadata.managedFields`, and its owners. Neither is ever changed. */
export type Held = { readonly object: KubeObject; readonly managed: Managed };

/**
 * What makes two entries one: an applier keeps its entry when it changes version, an updater does not.
 *
 * Shape: the text by which the API server sorts updaters of the same second.
 */
export function identityOf(entry: Omit<ManagedEntry, 'time' | 'fields'>): string {
  return JSON.stringify({
    ...(entry.manager === '' ? {} : { manager: entry.manager }),
    operation: entry.operation,
    ...(entry.operation === 'Apply' ? {} : { apiVersion: entry.apiVersion }),
    ...(entry.subresource === '' ? {} : { subresource: entry.subresource }),
  });
}

/** Entries in the order in which the API server writes them. */
export function sortedManaged(entries: readonly ManagedEntry[]): Managed {
  if (entries.length < 2) return entries;
  return entries.toSorted(
    (a, b) =>
      compareText(a.operation, b.operation) ||
      // Texts of one form compare as the times they stand for.
      compareText(a.time ?? '', b.time ?? '') ||
      compareText(a.manager, b.manager) ||
      compareText(a.apiVersion, b.apiVersion) ||
      compareText(a.subresource, b.subresource),
  );
}

/** `metadata.managedFields` as clients see it. */
export function managedJson(managed: Managed): readonly JsonObject[] {
  return managed.map((entry) => ({ ...headOf(entry), fieldsV1: setJson(entry.fields), ...tailOf(entry) }));
}

/** The same as JSON text, to be spliced into an answer. Cost: the text of a field set is made once. */
export function managedText(managed: Managed): string {
  const texts = managed.map((entry) => {
    const head = formatJson(headOf(entry)).slice(0, -1);
    const tail = formatJson(tailOf(entry)).slice(1);
    return `${head},"fieldsV1":${setText(entry.fields)}${tail === '}' ? '}' : `,${tail}`}`;
  });
  return `[${texts.join(',')}]`;
}

const headOf = (entry: ManagedEntry): JsonObject => ({
  ...(entry.manager === '' ? {} : { manager: entry.manager }),
  operation: entry.operation,
  apiVersion: entry.apiVersion,
  ...(entry.time === undefined ? {} : { time: entry.time }),
  fieldsType: 'FieldsV1',
});

const tailOf = (entry: ManagedEntry): JsonObject =>
  entry.subresource === '' ? {} : { subresource: entry.subresource };

/** Reads `metadata.managedFields`. Shape: undefined when an entry is malformed; none for an absent list. */
export function readManaged(json: Json | undefined): Managed | undefined {
  if (json === undefined || json === null) return [];
  if (!isArray(json)) return undefined;
  const entries = new Map<string, ManagedEntry>();
  for (const item of json) {
    const entry = readEntry(item);
    if (entry === undefined) return undefined;
    entries.set(identityOf(entry), entry);
  }
  return sortedManaged([...entries.values()]);
}

function readEntry(json: Json): ManagedEntry | undefined {
  if (!isObject(json)) return undefined;
  const operation = textOf(json.operation);
  const apiVersion = textOf(json.apiVersion) ?? '';
  const fields = readSet(json.fieldsV1);
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (apiVersion === '' || json.fieldsType !== 'FieldsV1' || fields === undefined) return undefined;
  const manager = textOf(json.manager) ?? '';
  return {
    manager,
    operation,
    apiVersion,
    subresource: textOf(json.subresource) ?? '',
    time: textOf(json.time),
    fields,
  };
}

/** Takes `metadata.managedFields` out of an object; malformed ones count as none. */
export function held(object: KubeObject): Held {
  const managed = readManaged(object.metadata.managedFields) ?? [];
  return { object: withoutManaged(object), managed };
}

export function withoutManaged(object: KubeObject): KubeObject {
  if (at(object, 'metadata', 'managedFields') === undefined) return object;
  return { ...object, metadata: withFields(object.metadata, { managedFields: undefined }) as KubeObject['metadata'] };
}

/** The object as clients see it. */
export function withManaged({ object, managed }: Held): KubeObject {
  if (managed.length === 0) return object;
  return { ...object, metadata: { ...object.metadata, managedFields: managedJson(managed) } };
}
