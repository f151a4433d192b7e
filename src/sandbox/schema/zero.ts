/** What a value of a built-in kind looks like when nothing of it was set. */
import type { Json, JsonObject } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Schema } from './schema.ts';
import type { Field, MapType, Type } from './type.ts';

const structs = new WeakMap<MapType, JsonObject>();

/** A struct without anything set: the fields that are always written. Cost: made once a type. */
export function zeroStruct(map: MapType): JsonObject {
  let zero = structs.get(map);
  if (zero === undefined) {
    const fields = map.written.flatMap((field): [string, Json][] => {
      const value = zeroField(field);
      return value === undefined ? [] : [[field.name, value]];
    });
    zero = Object.fromEntries(fields);
    structs.set(map, zero);
  }
  return zero;
}

/** What is written for a field that was not set; undefined when nothing is. */
export function zeroField({ presence, type }: Field): Json | undefined {
  switch (presence) {
    case 'unlessAbsent':
    case 'unlessZero':
      return undefined;
    case 'alwaysNull':
      return null;
    case 'always':
      return type.form === 'list' || type.form === 'map' || type.form === 'bytes' ? null : zeroElement(type);
    case 'unlessEmpty':
      switch (type.form) {
        case 'struct':
        case 'quantity':
        case 'intOrString':
        case 'time':
        case 'microTime':
        case 'json':
          return zeroElement(type);
        default:
          return undefined;
      }
  }
}

/** What a null stands for as an item of a list or a value of a map. */
export function zeroElement(type: Type): Json {
  switch (type.form) {
    case 'struct':
      return type.map === undefined ? null : zeroStruct(type.map);
    case 'string':
    // No bytes, once they have been through the store.
    case 'bytes':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    default:
      return null;
  }
}

/** An object of a kind before anything is written to it. */
export function zeroObject({ apiVersion, kind, type, custom }: Schema): KubeObject {
  const zero = custom === undefined && type.map !== undefined ? zeroStruct(type.map) : {};
  // No object without a name is ever stored; this one only stands for "nothing yet".
  return { ...zero, apiVersion, kind, ...(custom === undefined ? {} : { metadata: {} }) } as unknown as KubeObject;
}
