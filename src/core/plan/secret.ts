/** Secrets as the server stores them. */
import { isObject, type JsonObject, textOf, withFields } from '../json/value.ts';
import { asKubeObject, type KubeObject } from '../model/object.ts';

/**
 * Moves `stringData` into `data`.
 *
 * The server does the same on each write, but then owns `data` for nobody: a later edit of it would go unseen.
 */
export function withEncodedData(object: KubeObject): KubeObject {
  const { stringData } = object;
  if (object.apiVersion !== 'v1' || object.kind !== 'Secret' || !isObject(stringData)) return object;
  const data = isObject(object.data) ? object.data : {};
  return asKubeObject(withFields(object, { data: { ...data, ...encoded(stringData) }, stringData: undefined }));
}

const encoded = (texts: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, Buffer.from(textOf(text) ?? '').toString('base64')]),
  );
