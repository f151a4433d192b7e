/** Field sets seen through a type: with declared parents counted in, and after a type's ownership rules changed. */
import type { Type } from '../schema/type.ts';
import type { Element } from './element.ts';
import { deepDifference, emptySet, type FieldSet, leaf, type Part, union } from './fieldset.ts';

/** The set with every declared field on the way to one of its paths. */
export function withDeclaredParents(set: FieldSet, type: Type | undefined): FieldSet {
  let out: Map<Element, Part> | undefined;
  for (const [element, part] of set) {
    if (part.below.size === 0) continue;
    const below = withDeclaredParents(part.below, typeBelow(type, element));
    const isOwned = part.isOwned || isDeclared(type, element);
    if (below === part.below && isOwned === part.isOwned) continue;
    out ??= new Map(set);
    out.set(element, { isOwned, below });
  }
  return out ?? set;
}

function isDeclared(type: Type | undefined, element: Element): boolean {
  return element.startsWith('f:') && type?.map?.fields.has(element.slice(2)) === true;
}

function typeBelow(type: Type | undefined, element: Element): Type | undefined {
  if (element.startsWith('f:')) return type?.map?.fields.get(element.slice(2))?.type ?? type?.map?.element;
  return element.startsWith('k:') ? type?.list?.element : undefined;
}

/**
 * The set after lists and maps of the type became atomic: who owned parts of one now owns it whole.
 *
 * Shape: the same set when the type's rules did not change.
 */
export function regrouped(set: FieldSet, type: Type): FieldSet {
  const whole = nowAtomic(set, type);
  if (whole.size === 0) return set;
  return union(deepDifference(set, whole), whole);
}

// Paths that are atomic now and have an owner below them.
function nowAtomic(set: FieldSet, type: Type): FieldSet {
  const { map, list } = type;
  const isFree = map !== undefined && map.fields.size === 0 && map.element?.scalar === 'untyped';
  if (isFree || (map === undefined && list === undefined) || (map === undefined && type.scalar !== undefined))
    return emptySet;
  const out = new Map<Element, Part>();
  for (const [element, part] of set) {
    const below = map !== undefined ? fieldType(type, element) : list?.element;
    if (below === undefined) continue;
    const isAtomic = below.map !== undefined ? below.map.isAtomic : below.scalar === undefined && below.list?.isAtomic;
    const isLeaf = part.isOwned && part.below.size === 0;
    if (isAtomic === true && !isLeaf) {
      out.set(element, leaf);
      continue;
    }
    const found = nowAtomic(part.below, below);
    if (found.size > 0) out.set(element, { isOwned: false, below: found });
  }
  return out.size === 0 ? emptySet : out;
}

function fieldType(type: Type, element: Element): Type | undefined {
  if (!element.startsWith('f:')) return type.map?.element;
  return type.map?.fields.get(element.slice(2))?.type ?? type.map?.element;
}
