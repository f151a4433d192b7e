/** A Kubernetes object as plain data; core never holds a client class. */
import { isObject, type Json, type JsonObject, textOf, withFields } from '../json/value.ts';
import { type GroupKind, groupKind, type ObjectKey, objectKey } from './id.ts';
import { invariant } from './invariant.ts';

export type KubeObject = JsonObject & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string; readonly namespace?: string };
};

/** Is this an object with the fields that every object of the API has? */
export function isKubeObject(value: Json | undefined): value is KubeObject {
  return (
    isObject(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isObject(value.metadata) &&
    typeof value.metadata.name === 'string'
  );
}

/** For a value made from an object by changing some of its fields: it is still one. */
export function asKubeObject(value: Json): KubeObject {
  invariant(isKubeObject(value), 'a changed object is still an object');
  return value;
}

/** Copies an object with some fields of its metadata set; undefined removes one. */
export function withMetadata(object: KubeObject, fields: { readonly [field: string]: Json | undefined }): KubeObject {
  return asKubeObject(withFields(object, { metadata: withFields(object.metadata, fields) }));
}

/** `apps` of `apps/v1`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

export function keyOf(object: KubeObject): ObjectKey {
  return objectKey(groupOf(object.apiVersion), object.kind, object.metadata.namespace ?? '', object.metadata.name);
}

export const kindOf = (object: KubeObject): GroupKind => groupKind(groupOf(object.apiVersion), object.kind);

/** The labels or annotations of an object; an absent or malformed map is empty. */
export function textMapOf(object: KubeObject, field: 'labels' | 'annotations'): Readonly<Record<string, string>> {
  const map = object.metadata[field];
  if (!isObject(map)) return {};
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]) => (textOf(value) === undefined ? [] : [[name, value as string]])),
  );
}

/** As a person would say it: `Deployment shop/web`. */
export function describeObject(object: KubeObject): string {
  const { namespace, name } = object.metadata;
  return `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** On an object that stays on its cluster when it is no longer wanted: it is let go then, not deleted. */
export const keepAnnotation = { key: 'landfall.dev/on-delete', value: 'Orphan' } as const;

export const isKept = (object: KubeObject): boolean =>
  textMapOf(object, 'annotations')[keepAnnotation.key] === keepAnnotation.value;

/** On an object that is somebody else's: it has to be there and counts for health; it is never written, and never deleted. */
export const readOnlyAnnotation = { key: 'landfall.dev/read-only', value: 'true' } as const;

export const isReadOnly = (object: KubeObject): boolean =>
  textMapOf(object, 'annotations')[readOnlyAnnotation.key] === readOnlyAnnotation.value;

/** On an object that several Apps may want, if all of them say so: one of them writes it, as long as any of them wants it. */
export const shareAnnotation = { key: 'landfall.dev/shared', value: 'true' } as const;

export const isForSeveral = (object: KubeObject): boolean =>
  textMapOf(object, 'annotations')[shareAnnotation.key] === shareAnnotation.value;
