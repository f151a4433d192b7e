/** One version of one object, held as the text that answers are cut from: a third of the memory of its fields. */
import { formatJson, parseJson } from '../../core/json/text.ts';
import { type JsonObject, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { type Held, type Managed, managedText } from '../merge/managed.ts';

export type Entry = {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly revision: number;
  /** What label selectors look at; undefined when there are none. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** Uids of the objects that own this one. */
  readonly owners: readonly string[];
  readonly managed: Managed;
  readonly kind: string;
  readonly apiVersion: string;
  /** `{…}`, with the resourceVersion, without managedFields. */
  readonly metadataText: string;
  /** `{…}`: everything but kind, apiVersion and metadata. */
  readonly restText: string;
};

const noOwners: readonly string[] = [];

/** `held` as it is stored at `revision`. */
export const entryOf = (held: Held, revision: number): Entry =>
  entryFrom({ object: stampedAt(held.object, revision), managed: held.managed }, revision);

/** `held` as it is, for an answer about what was not stored: a dry run, another version of the kind. */
export function entryFrom(held: Held, revision = 0): Entry {
  const { apiVersion, kind, metadata, ...rest } = held.object;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: textOf(metadata.uid) ?? '',
    revision,
    labels: labelsOf(metadata),
    owners: ownersOf(metadata),
    managed: held.managed,
    kind,
    apiVersion,
    metadataText: formatJson(metadata),
    restText: formatJson(rest),
  };
}

/** `object` with the resourceVersion it is stored at. */
export function stampedAt(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

/** The same object as a deletion at `revision` shows it. */
export function entryAt(entry: Entry, revision: number): Entry {
  const stamp = (version: number): string => `"resourceVersion":"${version}"`;
  const metadataText = entry.metadataText.replace(stamp(entry.revision), stamp(revision));
  return { ...entry, revision, metadataText };
}

/** The object, without managedFields. Cost: one parse; `Store.read` keeps what was read lately. */
export function objectOf(entry: Entry): KubeObject {
  return parseJson(textWithout(entry)) as KubeObject;
}

/** The object as JSON text; list items of built-in kinds go without their kind. */
export function textOfEntry(entry: Entry, hasTypeMeta: boolean): string {
  const type = hasTypeMeta ? `"kind":"${entry.kind}","apiVersion":"${entry.apiVersion}",` : '';
  return `{${type}"metadata":${metadataTextOf(entry)}${restOf(entry)}`;
}

/** The metadata with managedFields, as PartialObjectMetadata shows it. */
export function metadataTextOf(entry: Entry): string {
  if (entry.managed.length === 0) return entry.metadataText;
  return `${entry.metadataText.slice(0, -1)},"managedFields":${managedText(entry.managed)}}`;
}

const textWithout = (entry: Entry): string =>
  `{"apiVersion":"${entry.apiVersion}","kind":"${entry.kind}","metadata":${entry.metadataText}${restOf(entry)}`;

const restOf = (entry: Entry): string => (entry.restText === '{}' ? '}' : `,${entry.restText.slice(1)}`);

function labelsOf(metadata: JsonObject): Readonly<Record<string, string>> | undefined {
  const { labels } = metadata;
  // Decoding has held every value to be text.
  return labels === undefined || labels === null ? undefined : (labels as Readonly<Record<string, string>>);
}

function ownersOf(metadata: JsonObject): readonly string[] {
  const references = metadata.ownerReferences;
  if (!Array.isArray(references)) return noOwners;
  return references.flatMap((reference: JsonObject) => textOf(reference.uid) ?? []);
}
