/** A set of paths into an object: which fields an actor owns. */
import { compareElements, type Element, fieldElement, showElement } from './element.ts';

/**
 * A tree of steps. Immutable, and shared wherever two sets have a part in common.
 *
 * Shape: a part that is not owned has something below it; an empty set has no parts.
 */
export type FieldSet = ReadonlyMap<Element, Part>;
export type Part = {
  /** Is this very path in the set? */
  readonly isOwned: boolean;
  readonly below: FieldSet;
};

export const emptySet: FieldSet = new Map();
/** A path that ends here. */
export const leaf: Part = { isOwned: true, below: emptySet };

export const isEmpty = (set: FieldSet): boolean => set.size === 0;

/** A part, or undefined where it would hold nothing. */
export function partOf(isOwned: boolean, below: FieldSet): Part | undefined {
  if (below.size === 0) return isOwned ? leaf : undefined;
  return { isOwned, below };
}

/** The set of the paths that are given as field names, `['metadata', 'labels']`. */
export function setOfPaths(...paths: readonly (readonly string[])[]): FieldSet {
  const partFor = ([first, ...rest]: readonly string[]): FieldSet =>
    first === undefined
      ? emptySet
      : new Map([[fieldElement(first), rest.length === 0 ? leaf : { isOwned: false, below: partFor(rest) }]]);
  return paths.reduce((set, path) => union(set, partFor(path)), emptySet);
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || b.size === 0) return a;
  if (a.size === 0) return b;
  let out: Map<Element, Part> | undefined;
  for (const [element, right] of b) {
    const left = a.get(element);
    const part = left === undefined ? right : unionOfParts(left, right);
    if (part === left) continue;
    out ??= new Map(a);
    out.set(element, part);
  }
  return out ?? a;
}

function unionOfParts(a: Part, b: Part): Part {
  if (a === b) return a;
  const below = union(a.below, b.below);
  const isOwned = a.isOwned || b.isOwned;
  if (below === a.below && isOwned === a.isOwned) return a;
  return below === b.below && isOwned === b.isOwned ? b : { isOwned, below };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  if (a.size > b.size) return intersection(b, a);
  const out = new Map<Element, Part>();
  for (const [element, left] of a) {
    const right = b.get(element);
    if (right === undefined) continue;
    const part = partOf(left.isOwned && right.isOwned, intersection(left.below, right.below));
    if (part !== undefined) out.set(element, part);
  }
  return out.size === 0 ? emptySet : out;
}

/** What is in `a` and not in `b`, path by path: owning a parent says nothing of what is below. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, false);
}

/** What is in `a` and neither in `b` nor below a path of `b`. */
export function deepDifference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, true);
}

function without(a: FieldSet, b: FieldSet, isDeep: boolean): FieldSet {
  if (a === b) return emptySet;
  if (b.size === 0 || a.size === 0) return a;
  let out: Map<Element, Part> | undefined;
  for (const [element, right] of b) {
    const left = a.get(element);
    if (left === undefined) continue;
    const below = isDeep && right.isOwned ? emptySet : without(left.below, right.below, isDeep);
    const isOwned = left.isOwned && !right.isOwned;
    if (below === left.below && isOwned === left.isOwned) continue;
    out ??= new Map(a);
    const part = partOf(isOwned, below);
    if (part === undefined) out.delete(element);
    else out.set(element, part);
  }
  if (out === undefined) return a;
  return out.size === 0 ? emptySet : out;
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [element, left] of a) {
    const right = b.get(element);
    if (right === undefined || left.isOwned !== right.isOwned || !equalSets(left.below, right.below)) return false;
  }
  return true;
}

/** Is the path of these steps in the set? */
export function hasPath(set: FieldSet, path: readonly Element[]): boolean {
  let here = set;
  for (const [at, element] of path.entries()) {
    const part = here.get(element);
    if (part === undefined) return false;
    if (at === path.length - 1) return part.isOwned;
    here = part.below;
  }
  return false;
}

/** Paths without another path of the set below them. */
export function leavesOf(set: FieldSet): FieldSet {
  const out = new Map<Element, Part>();
  for (const [element, { below }] of set) {
    out.set(element, below.size === 0 ? leaf : { isOwned: false, below: leavesOf(below) });
  }
  return out;
}

/** Every path, as error texts show it, in the API server's order: a node's own paths first, then what is below. */
export function pathsOf(set: FieldSet): readonly string[] {
  const texts: string[] = [];
  const visit = (here: FieldSet, prefix: string): void => {
    const parts = [...here].toSorted(([a], [b]) => compareElements(a, b));
    for (const [element, part] of parts) if (part.isOwned) texts.push(prefix + showElement(element));
    for (const [element, part] of parts) visit(part.below, prefix + showElement(element));
  };
  visit(set, '');
  return texts;
}
