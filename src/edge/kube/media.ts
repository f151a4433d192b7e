/** The forms in which the API server can answer, and objects read out of them. */
import { at, fieldOf, isArray, isObject, type Json, textOf, withFields } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Kind } from '../../core/model/kinds.ts';
import { isKubeObject, type KubeObject } from '../../core/model/object.ts';
import { type Answer, jsonOf } from './answer.ts';
import { apiVersionOf } from './path.ts';

export const json = 'application/json';
/** Desired objects are sent as JSON under this name: JSON is YAML. */
export const applyPatch = 'application/apply-patch+yaml';
export const jsonPatch = 'application/json-patch+json';

// A server that cannot reduce an object answers with the whole one: more bytes, the same meaning.
export const acceptObject = (isMetadataOnly: boolean | undefined): string =>
  isMetadataOnly === true ? `${json};as=PartialObjectMetadata;g=meta.k8s.io;v=v1,${json}` : json;
export const acceptList = (isMetadataOnly: boolean | undefined): string =>
  isMetadataOnly === true ? `${json};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,${json}` : json;

/** The object of an answer, under its own kind also when it was reduced to its metadata. Errors: protocol. */
export function objectOf(answer: Answer, kind: Kind, doing: string): KubeObject {
  return asObject(jsonOf(answer, doing), kind, doing);
}

/** Items of lists carry no kind, and reduced objects another one: they get their own. Errors: protocol. */
export function asObject(value: Json | undefined, kind: Kind, doing: string): KubeObject {
  const object = isObject(value) ? withFields(value, { apiVersion: apiVersionOf(kind), kind: kind.kind }) : value;
  if (isKubeObject(object)) return object;
  throw new FaultError({ kind: 'protocol', detail: `${doing}: the answer is not a ${kind.kind}` });
}

export type Page = {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Undefined on the last page. */
  readonly next: string | undefined;
};

/** Errors: protocol. An answer without a version or items is not an empty list. */
export function pageOf(answer: Answer, kind: Kind, doing: string): Page {
  const body = jsonOf(answer, doing);
  const items = fieldOf(body, 'items');
  const resourceVersion = textOf(at(body, 'metadata', 'resourceVersion'));
  const isList = textOf(fieldOf(body, 'kind'))?.endsWith('List') === true;
  // Go writes an empty list as null when nobody has made one.
  if (!isList || resourceVersion === undefined || !(isArray(items) || items === null)) {
    throw new FaultError({ kind: 'protocol', detail: `${doing}: the answer is not a list` });
  }
  const next = textOf(at(body, 'metadata', 'continue'));
  return {
    items: (items ?? []).map((item) => asObject(item, kind, doing)),
    resourceVersion,
    next: next === '' ? undefined : next,
  };
}
