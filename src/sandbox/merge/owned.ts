/** Which fields a configuration mentions: what its applier comes to own. */
import { isArray, isObject, type Json } from '../../core/json/value.ts';
import type { ListType, MapType, Type } from '../schema/type.ts';
import { type Element, fieldElement, itemElement } from './element.ts';
import { emptySet, type FieldSet, leaf, type Part } from './fieldset.ts';
import { choiceOf, isEmptyObject } from './kind-of-value.ts';

/** Every leaf, item and free key of a value that fits its type. */
export function ownedFields(value: Json, type: Type): FieldSet {
  return partOfValue(value, type)?.below ?? emptySet;
}

function partOfValue(value: Json, type: Type): Part | undefined {
  switch (choiceOf(type, value)) {
    case 'scalar':
      return leaf;
    case 'list':
      if (type.list === undefined || type.list.isAtomic) return leaf;
      return isArray(value) ? ofItems(value, type.list) : undefined;
    case 'map':
      if (type.map === undefined || type.map.isAtomic) return leaf;
      return isObject(value) ? ofFields(value, type.map) : undefined;
  }
}

function ofFields(value: { readonly [field: string]: Json }, map: MapType): Part | undefined {
  const parts = new Map<Element, Part>();
  for (const name of Object.keys(value)) {
    const inner = value[name];
    if (inner === undefined) continue;
    const field = map.fields.get(name);
    const type = field?.type ?? map.element;
    if (type === undefined) continue;
    // Free keys are owned themselves; declared fields only when nothing else of them can be.
    const isOwned = field === undefined || inner === null || (isObject(inner) && isEmptyObject(inner));
    const part = withSelf(partOfValue(inner, type), isOwned);
    if (part !== undefined) parts.set(field?.element ?? fieldElement(name), part);
  }
  return parts.size === 0 ? undefined : { isOwned: false, below: parts };
}

function ofItems(items: readonly Json[], list: ListType): Part | undefined {
  const parts = new Map<Element, Part>();
  for (const item of items) {
    const step = itemElement(list, item);
    if (step.kind === 'problem') continue;
    // Items of one name are owned as one, and nothing below them.
    if (parts.has(step.element)) parts.set(step.element, leaf);
    else parts.set(step.element, withSelf(partOfValue(item, list.element), true) ?? leaf);
  }
  return parts.size === 0 ? undefined : { isOwned: false, below: parts };
}

function withSelf(part: Part | undefined, isOwned: boolean): Part | undefined {
  if (part === undefined) return isOwned ? leaf : undefined;
  return part.isOwned || !isOwned ? part : { isOwned: true, below: part.below };
}
