/** Lists that were emptied, as they come back from the store: the store keeps no empty list. */
import { isArray, isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { MapType, Type } from './type.ts';

/** Shape: an empty list becomes null where the kind always writes it; the same object when there is none. */
export function withoutEmptied(object: KubeObject, type: Type): KubeObject {
  if (type.map === undefined) return object;
  // Only lists change, so it is the object of the kind that it was.
  return fieldsOf(object, type.map) as KubeObject;
}

function fieldsOf(value: JsonObject, map: MapType): JsonObject {
  const changed: [string, Json][] = [];
  for (const name of Object.keys(value)) {
    const inner = value[name];
    const type = map.fields.get(name)?.type ?? map.element;
    if (type === undefined || inner === undefined || inner === null || typeof inner !== 'object') continue;
    const after = isArray(inner) && inner.length === 0 && map.fields.has(name) ? null : partOf(inner, type);
    if (after !== inner) changed.push([name, after]);
  }
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
}

function partOf(value: Json, type: Type): Json {
  if (isArray(value)) {
    const element = type.list?.element;
    if (element?.form !== 'struct') return value;
    const changed = value.map((item) => partOf(item, element));
    return changed.every((item, at) => item === value[at]) ? value : changed;
  }
  if (!isObject(value) || type.map === undefined || type.form === 'json') return value;
  return type.form === 'map' && type.map.element?.form !== 'struct' ? value : fieldsOf(value, type.map);
}
