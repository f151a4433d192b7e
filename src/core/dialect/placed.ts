/** A document together with where it is: what every dialect reads. */
import { isObject, textOf } from '../json/value.ts';
import { locate, type Path } from '../model/locate.ts';
import { groupOf } from '../model/object.ts';
import type { Document, Origin } from '../model/source.ts';

export type Placed = {
  readonly document: Document;
  /** Of its first line. */
  readonly origin: Origin;
};

/** `group/Kind` as written; empty parts where the document does not say. Never fails. */
export function kindOfDocument(document: Document): {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
} {
  const { apiVersion, kind, metadata } = document.value;
  const meta = isObject(metadata) ? metadata : {};
  return {
    group: groupOf(textOf(apiVersion) ?? ''),
    kind: textOf(kind) ?? '',
    name: textOf(meta.name) ?? '',
    namespace: textOf(meta.namespace) ?? '',
  };
}

/** Of the value at a path inside the document. */
export function originAt({ document, origin }: Placed, path: Path): Origin {
  return { repository: origin.repository, path: origin.path, ...locate(document, path) };
}
