/** An object without some of its paths. */
import { isArray, isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import type { ListType, MapType, Type } from '../schema/type.ts';
import { fieldElement, itemElement } from './element.ts';
import type { FieldSet } from './fieldset.ts';
import { choiceOf } from './kind-of-value.ts';

/**
 * Takes every field and item of the set out of a value.
 *
 * Shape: a list or map that is left with nothing becomes null, as the API server has it; untouched parts are the same
 * values.
 */
export function removePaths(value: Json, paths: FieldSet, type: Type): Json {
  if (paths.size === 0) return value;
  switch (choiceOf(type, value)) {
    case 'scalar':
      return value;
    case 'list':
      if (!isArray(value) || value.length === 0 || type.list === undefined || type.list.isAtomic) return null;
      return withoutItems(value, paths, type.list);
    case 'map':
      if (!isObject(value) || type.map === undefined || type.map.isAtomic) return null;
      return withoutFields(value, paths, type.map);
  }
}

function withoutItems(items: readonly Json[], paths: FieldSet, list: ListType): Json {
  const kept: Json[] = [];
  for (const item of items) {
    const step = itemElement(list, item);
    const part = step.kind === 'problem' ? undefined : paths.get(step.element);
    if (part?.isOwned === true) continue;
    kept.push(part === undefined ? item : removePaths(item, part.below, list.element));
  }
  return kept.length === 0 ? null : kept;
}

function withoutFields(object: JsonObject, paths: FieldSet, map: MapType): Json {
  const kept: [string, Json][] = [];
  for (const [name, value] of Object.entries(object)) {
    const field = map.fields.get(name);
    const part = paths.get(field?.element ?? fieldElement(name));
    if (part?.isOwned === true) continue;
    const type = field?.type ?? map.element;
    kept.push([name, part === undefined || type === undefined ? value : removePaths(value, part.below, type)]);
  }
  return kept.length === 0 ? null : Object.fromEntries(kept);
}
