/** Sets of field paths: what `fieldsV1` says that one manager owns. */
import { isObject, type Json, type JsonObject } from '../json/value.ts';
import { type FieldPath, type PathElement, readElement, writeElement } from './path.ts';

/** A set of paths as a tree; a path is in the set when its last node is a member. */
export type FieldSet = {
  /** The place itself is in the set, not only places below it. */
  readonly isMember: boolean;
  /** By the text of the element. A member without children stands for all that is below it. */
  readonly children: ReadonlyMap<string, Branch>;
};

export type Branch = { readonly element: PathElement; readonly set: FieldSet };

const leaf: FieldSet = { isMember: true, children: new Map() };
export const emptySet: FieldSet = { isMember: false, children: new Map() };

export const isEmptySet = (set: FieldSet): boolean => !set.isMember && set.children.size === 0;

// Deeper than the API server lets any object be; what nests further is cut off rather than overflow our stack.
const depthMax = 200;

/**
 * Reads `fieldsV1`.
 *
 * Shape: anything but an object is the empty set; elements of an unknown kind are skipped, as the API server does.
 */
export function fieldSetOf(fieldsV1: Json | undefined): FieldSet {
  return isObject(fieldsV1) ? readSet(fieldsV1, false, 0) : emptySet;
}

function readSet(fields: JsonObject, isMember: boolean, depth: number): FieldSet {
  const children = new Map<string, Branch>();
  for (const [text, below] of Object.entries(fields)) {
    const element = text === '.' ? undefined : readElement(text);
    if (element === undefined || !isObject(below)) continue;
    const isLeaf = Object.keys(below).length === 0 || depth === depthMax;
    const set = isLeaf ? leaf : readSet(below, Object.hasOwn(below, '.'), depth + 1);
    if (!isEmptySet(set)) children.set(writeElement(element), { element, set });
  }
  return { isMember, children };
}

/** Writes a set as `fieldsV1`. */
export function fieldsV1Of(set: FieldSet): JsonObject {
  const below = [...set.children].map(([text, branch]): [string, Json] => {
    const fields = fieldsV1Of(branch.set);
    const isBoth = branch.set.isMember && branch.set.children.size > 0;
    return [text, isBoth ? { '.': {}, ...fields } : fields];
  });
  return Object.fromEntries(below);
}

/** The part of the set at and below a path, or undefined where it has nothing. */
export function subsetAt(set: FieldSet, path: FieldPath): FieldSet | undefined {
  let here: FieldSet | undefined = set;
  for (const element of path) here = here?.children.get(writeElement(element))?.set;
  return here;
}

/** Is exactly this path in the set? */
export function hasPath(set: FieldSet, path: FieldPath): boolean {
  return subsetAt(set, path)?.isMember === true;
}

/**
 * Does the set own anything of the value at a path: the path itself, a place below it, or a whole that it is part of?
 */
export function ownsAnyAt(set: FieldSet, path: FieldPath): boolean {
  let here = set;
  for (const element of path) {
    const branch = here.children.get(writeElement(element));
    if (branch === undefined) return false;
    here = branch.set;
    if (here.isMember && here.children.size === 0) return true;
  }
  return !isEmptySet(here);
}

/** Every path that ends in a member without children, in the order of the tree. */
export function leavesOf(set: FieldSet): readonly FieldPath[] {
  const paths: FieldPath[] = [];
  const walk = (here: FieldSet, path: FieldPath): void => {
    for (const { element, set: below } of here.children.values()) {
      const there = [...path, element];
      if (below.children.size === 0) paths.push(there);
      else walk(below, there);
    }
  };
  walk(set, []);
  return paths;
}

/** The paths of either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [text, branch] of b.children) {
    const mine = children.get(text);
    children.set(text, mine === undefined ? branch : { ...branch, set: union(mine.set, branch.set) });
  }
  return { isMember: a.isMember || b.isMember, children };
}

/**
 * Divides a set in two by a question about each of its members.
 *
 * Shape: every member is in exactly one of the two.
 */
export function divideSet(
  set: FieldSet,
  isIn: (path: FieldPath) => boolean,
  path: FieldPath = [],
): { readonly in: FieldSet; readonly out: FieldSet } {
  const inside = new Map<string, Branch>();
  const outside = new Map<string, Branch>();
  for (const [text, { element, set: below }] of set.children) {
    const halves = divideSet(below, isIn, [...path, element]);
    if (!isEmptySet(halves.in)) inside.set(text, { element, set: halves.in });
    if (!isEmptySet(halves.out)) outside.set(text, { element, set: halves.out });
  }
  const isInside = set.isMember && isIn(path);
  return {
    in: { isMember: isInside, children: inside },
    out: { isMember: set.isMember && !isInside, children: outside },
  };
}
