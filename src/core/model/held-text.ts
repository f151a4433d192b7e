/** The text that a ConfigMap or a Secret holds under a key. */
import { fieldOf, type JsonObject, textOf } from '../json/value.ts';

export function textOfKey(object: JsonObject, kind: 'ConfigMap' | 'Secret', key: string): string | undefined {
  const inData = textOf(fieldOf(object.data, key));
  if (kind === 'ConfigMap') return inData;
  return textOf(fieldOf(object.stringData, key)) ?? (inData === undefined ? undefined : decoded(inData));
}

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');
