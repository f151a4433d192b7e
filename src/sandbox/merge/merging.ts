/** One configuration laid over a live object: nothing is taken away, and what both name the configuration decides. */

import { equal } from '../../core/json/equal.ts';
import type { Json, JsonObject } from '../../core/json/value.ts';
import type { ListType, MapType, Type } from '../schema/type.ts';
import { type Element, itemElement } from './element.ts';
import { choiceOf, fieldsOf, isEmptyObject, itemsOf } from './kind-of-value.ts';

/**
 * Merges `config` into `live`; both fit `type`.
 *
 * Shape: the very same `live` when nothing differs, and its untouched parts always. Items keep the live order where the
 * configuration does not change it.
 */
export function mergeValues(live: Json | undefined, config: Json | undefined, type: Type): Json | undefined {
  if (config === undefined) return live;
  if (live === undefined) return config;
  switch (choiceOf(type, config)) {
    case 'scalar':
      return overlaid(live, config);
    case 'map': {
      const [left, right] = [fieldsOf(live), fieldsOf(config)];
      if (type.map === undefined || type.map.isAtomic || (isEmptyObject(left) && isEmptyObject(right)))
        return overlaid(live, config);
      return mergeFields(left, right, type.map);
    }
    case 'list': {
      const [left, right] = [itemsOf(live), itemsOf(config)];
      if (type.list === undefined || type.list.isAtomic || (left.length === 0 && right.length === 0))
        return overlaid(live, config);
      return mergeItems(left, right, type.list);
    }
  }
}

const overlaid = (live: Json, config: Json): Json => (equal(live, config) ? live : config);

function mergeFields(live: JsonObject, config: JsonObject, map: MapType): JsonObject {
  let changed: Map<string, Json> | undefined;
  for (const name of Object.keys(config)) {
    const type = map.fields.get(name)?.type ?? map.element;
    const before = Object.hasOwn(live, name) ? live[name] : undefined;
    const after = type === undefined ? config[name] : mergeValues(before, config[name], type);
    if (after === before || after === undefined) continue;
    changed ??= new Map<string, Json>();
    changed.set(name, after);
  }
  if (changed === undefined) return live;
  return { ...live, ...Object.fromEntries(changed) };
}

type Indexed = { readonly elements: readonly Element[]; readonly items: Map<Element, Json | undefined> };

/** Items by name; those of one name stand for nothing to merge with. */
function indexed(list: ListType, items: readonly Json[]): Indexed {
  const elements: Element[] = [];
  const byElement = new Map<Element, Json | undefined>();
  for (const item of items) {
    const step = itemElement(list, item);
    if (step.kind === 'problem') continue;
    byElement.set(step.element, byElement.has(step.element) ? undefined : item);
    elements.push(step.element);
  }
  return { elements, items: byElement };
}

function mergeItems(live: readonly Json[], config: readonly Json[], list: ListType): readonly Json[] {
  const left = indexed(list, live);
  const right = indexed(list, config);
  const common = right.elements.filter((element) => left.items.has(element));
  const taken = new Set<Element>();
  const out: Json[] = [];
  let nextCommon = 0;
  const take = (element: Element, before: Json | undefined, after: Json | undefined): void => {
    const item = mergeValues(before, after, list.element);
    if (item !== undefined) out.push(item);
    if (after === undefined) return;
    taken.add(element);
    if (common[nextCommon] === element) nextCommon += 1;
  };
  // Two hands, one on each list. Items of both come in the configuration's order; live items that the configuration
  // does not name stay where they stand among the others.
  for (let at = 0, to = 0; at < left.elements.length || to < right.elements.length; ) {
    const here = left.elements[at];
    const there = right.elements[to];
    if (here !== undefined && there !== undefined) {
      if (here === there) {
        take(here, left.items.get(here), right.items.get(here));
        at += 1;
        to += 1;
        continue;
      }
      const wanted = common[nextCommon];
      if (right.items.has(here) && wanted !== undefined && wanted !== here) {
        at += 1;
        continue;
      }
    }
    if (here !== undefined) {
      if (!right.items.has(here)) {
        take(here, live[at], undefined);
        at += 1;
        continue;
      }
      if (taken.has(here)) at += 1;
    }
    if (there !== undefined) {
      take(there, left.items.get(there), right.items.get(there));
      to += 1;
    }
  }
  const isSame = out.length === live.length && out.every((item, position) => item === live[position]);
  return isSame ? live : out;
}
