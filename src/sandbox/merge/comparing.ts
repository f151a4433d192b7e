/** Which paths differ between two objects of one type. */

import { equal } from '../../core/json/equal.ts';
import type { Json, JsonObject } from '../../core/json/value.ts';
import type { ListType, MapType, Type } from '../schema/type.ts';
import { type Element, fieldElement, itemElement } from './element.ts';
import { deepDifference, emptySet, type FieldSet, leaf, type Part, union } from './fieldset.ts';
import { choiceOf, fieldsOf, isDecided, isEmptyObject, itemsOf } from './kind-of-value.ts';

/** No path is in two of the sets. Parents that came or went are in a set with what is below them. */
export type Comparison = { readonly removed: FieldSet; readonly modified: FieldSet; readonly added: FieldSet };

export const noDifference: Comparison = { removed: emptySet, modified: emptySet, added: emptySet };

type Difference = { removed: Part | undefined; modified: Part | undefined; added: Part | undefined };

/** Cost: parts that are the very same on both sides are not looked into. */
export function compareValues(before: Json, after: Json, type: Type): Comparison {
  const found = differenceOf(before, after, type);
  if (found === undefined) return noDifference;
  return {
    removed: found.removed?.below ?? emptySet,
    modified: found.modified?.below ?? emptySet,
    added: found.added?.below ?? emptySet,
  };
}

/** Leaves out what is in `excluded` or below it. */
export function excluding(comparison: Comparison, excluded: FieldSet): Comparison {
  if (excluded.size === 0) return comparison;
  return {
    removed: deepDifference(comparison.removed, excluded),
    modified: deepDifference(comparison.modified, excluded),
    added: deepDifference(comparison.added, excluded),
  };
}

function differenceOf(before: Json | undefined, after: Json | undefined, type: Type): Difference | undefined {
  if (before === after) return undefined;
  if (before === undefined || after === undefined) {
    const choice = choiceOf(type, before ?? after);
    return isolated(walk(choice, before, after, type), before === undefined);
  }
  const [from, to] = [choiceOf(type, before), choiceOf(type, after)];
  const isSameChoice = from === to && isDecided(type, before) === isDecided(type, after);
  const found = walk(to, before, after, type);
  if (isSameChoice) return found.difference;
  // A value that changed from a scalar to a list, say: both ways of looking at it count.
  return joined(walk(from, before, after, type).difference, found.difference);
}

type Walked = { readonly difference: Difference | undefined; readonly isLeaf: boolean };

// What came or went is itself a path, unless it is a leaf and counted already.
function isolated(walked: Walked, isAdded: boolean): Difference | undefined {
  if (walked.isLeaf) return walked.difference;
  const found = walked.difference ?? { removed: undefined, modified: undefined, added: undefined };
  const part = isAdded ? found.added : found.removed;
  const owned = part === undefined ? leaf : { isOwned: true, below: part.below };
  return isAdded ? { ...found, added: owned } : { ...found, removed: owned };
}

function walk(
  choice: 'scalar' | 'list' | 'map',
  before: Json | undefined,
  after: Json | undefined,
  type: Type,
): Walked {
  switch (choice) {
    case 'scalar':
      return asLeaf(before, after);
    case 'map': {
      const [left, right] = [fieldsOf(before), fieldsOf(after)];
      if (type.map === undefined || type.map.isAtomic || (isEmptyObject(left) && isEmptyObject(right)))
        return asLeaf(before, after);
      return { difference: differenceOfFields(left, right, type.map), isLeaf: false };
    }
    case 'list': {
      const [left, right] = [itemsOf(before), itemsOf(after)];
      if (type.list === undefined || type.list.isAtomic || (left.length === 0 && right.length === 0))
        return asLeaf(before, after);
      return { difference: differenceOfItems(left, right, type.list), isLeaf: false };
    }
  }
}

function asLeaf(before: Json | undefined, after: Json | undefined): Walked {
  const nothing = { removed: undefined, modified: undefined, added: undefined };
  if (before === undefined) return { difference: { ...nothing, added: leaf }, isLeaf: true };
  if (after === undefined) return { difference: { ...nothing, removed: leaf }, isLeaf: true };
  return { difference: equal(before, after) ? undefined : { ...nothing, modified: leaf }, isLeaf: true };
}

function differenceOfFields(before: JsonObject, after: JsonObject, map: MapType): Difference | undefined {
  const gathered = new Gathered();
  const visit = (name: string, left: Json | undefined, right: Json | undefined): void => {
    if (left === right) return;
    const field = map.fields.get(name);
    const type = field?.type ?? map.element;
    if (type !== undefined) gathered.add(field?.element ?? fieldElement(name), differenceOf(left, right, type));
  };
  for (const name of Object.keys(before))
    visit(name, before[name], Object.hasOwn(after, name) ? after[name] : undefined);
  for (const name of Object.keys(after)) if (!Object.hasOwn(before, name)) visit(name, undefined, after[name]);
  return gathered.difference();
}

function differenceOfItems(before: readonly Json[], after: readonly Json[], list: ListType): Difference | undefined {
  const left = grouped(list, before);
  const right = grouped(list, after);
  const gathered = new Gathered();
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    const [olds, news] = [left.get(element) ?? [], right.get(element) ?? []];
    if (olds.length <= 1 && news.length <= 1) {
      gathered.add(element, differenceOf(olds[0], news[0], list.element));
    } else if (olds.length >= 2 && news.length >= 2) {
      if (!equal(olds, news)) gathered.add(element, { removed: undefined, modified: leaf, added: undefined });
    } else if (olds.length >= 2) {
      // Several of one name had one owner as a whole; what is left of them is new.
      if (news[0] !== undefined) gathered.add(element, differenceOf(undefined, news[0], list.element));
      gathered.add(element, { removed: leaf, modified: undefined, added: undefined });
    } else {
      if (olds[0] !== undefined) gathered.add(element, differenceOf(olds[0], undefined, list.element));
      gathered.add(element, { removed: undefined, modified: undefined, added: leaf });
    }
  }
  return gathered.difference();
}

function grouped(list: ListType, items: readonly Json[]): Map<Element, Json[]> {
  const groups = new Map<Element, Json[]>();
  for (const item of items) {
    const step = itemElement(list, item);
    if (step.kind === 'problem') continue;
    const group = groups.get(step.element);
    if (group === undefined) groups.set(step.element, [item]);
    else group.push(item);
  }
  return groups;
}

/** Differences below one node, by step. */
class Gathered {
  readonly #removed = new Map<Element, Part>();
  readonly #modified = new Map<Element, Part>();
  readonly #added = new Map<Element, Part>();

  add(element: Element, found: Difference | undefined): void {
    if (found === undefined) return;
    put(this.#removed, element, found.removed);
    put(this.#modified, element, found.modified);
    put(this.#added, element, found.added);
  }

  difference(): Difference | undefined {
    if (this.#removed.size === 0 && this.#modified.size === 0 && this.#added.size === 0) return undefined;
    return { removed: above(this.#removed), modified: above(this.#modified), added: above(this.#added) };
  }
}

const above = (parts: Map<Element, Part>): Part | undefined =>
  parts.size === 0 ? undefined : { isOwned: false, below: parts };

function put(parts: Map<Element, Part>, element: Element, part: Part | undefined): void {
  if (part === undefined) return;
  const before = parts.get(element);
  parts.set(element, before === undefined ? part : joinedPart(before, part));
}

const joinedPart = (a: Part, b: Part): Part => ({ isOwned: a.isOwned || b.isOwned, below: union(a.below, b.below) });

function joined(a: Difference | undefined, b: Difference | undefined): Difference | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const both = (left: Part | undefined, right: Part | undefined): Part | undefined =>
    left === undefined || right === undefined ? (left ?? right) : joinedPart(left, right);
  return {
    removed: both(a.removed, b.removed),
    modified: both(a.modified, b.modified),
    added: both(a.added, b.added),
  };
}
