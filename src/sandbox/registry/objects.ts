/** Changed copies of objects, still objects. */
import { isObject, type Json, type JsonObject, withFields } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';

type Fields = { readonly [field: string]: Json | undefined };

/** With fields of its metadata set, or left out where undefined. Its name must not be among them. */
export const withMetadata = (object: KubeObject, fields: Fields): KubeObject =>
  // Nothing here takes the name away, which is all that makes metadata more than any JSON object.
  ({ ...object, metadata: withFields(object.metadata, fields) }) as KubeObject;

/** With top-level fields set, or left out; never kind, apiVersion or metadata. */
export const withParts = (object: KubeObject, fields: Fields): KubeObject => withFields(object, fields) as KubeObject;

/** A part of an object that is an object, or an empty one. */
export function partOf(object: JsonObject, field: string): JsonObject {
  const part = object[field];
  return isObject(part) ? part : {};
}
