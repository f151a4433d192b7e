/** How a strategic merge patch merges lists: by key, as sets, and in which order. */
import { equal } from '../../core/json/equal.ts';
import { isObject, type Json, type JsonObject } from '../../core/json/value.ts';

/** A patch that cannot be applied; `code` is the HTTP status that the API server answers with. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Shape: without duplicates, in the order of the patch where it names an item. */
export function mergeScalars(present: readonly Json[], patch: readonly Json[]): readonly Json[] {
  const all: Json[] = [];
  for (const item of [...present, ...patch]) if (!all.some((one) => equal(one, item))) all.push(item);
  return ordered(all, patch, present, '');
}

export function deletedItems(present: readonly Json[], gone: readonly Json[]): readonly Json[] {
  return present.filter((item) => !gone.some((one) => equal(one, item)));
}

export type MergedMaps = {
  readonly merged: readonly Json[];
  /** The patch's items without directives: they set the order. */
  readonly wanted: readonly Json[];
};

/** Merges lists of objects item by item; those of the patch that are new come last. */
export function mergeMaps(
  present: readonly Json[],
  patch: readonly Json[],
  key: string,
  merge: (one: JsonObject, change: JsonObject) => JsonObject,
): MergedMaps {
  if (key === '') throw new PatchError(500, 'cannot merge lists without merge key for struct');
  const { kept, wanted, isReplaced } = withoutDirected(present, patch, key);
  if (isReplaced) return { merged: wanted, wanted };
  const merged = [...kept];
  for (const change of wanted) {
    const at = merged.findIndex((item) => isObject(item) && equal(item[key], change[key]));
    const one = merged[at];
    if (isObject(one)) merged[at] = merge(one, change);
    else merged.push(change);
  }
  return { merged, wanted };
}

type Directed = {
  readonly kept: readonly Json[];
  readonly wanted: readonly JsonObject[];
  readonly isReplaced: boolean;
};

// `$patch: delete` takes one item away, `$patch: replace` all that the patch does not name.
function withoutDirected(present: readonly Json[], patch: readonly Json[], key: string): Directed {
  let kept = present;
  let isReplaced = false;
  const wanted: JsonObject[] = [];
  for (const item of patch) {
    if (!isObject(item)) throw new PatchError(500, 'lists of different kinds of items cannot be merged');
    const hasKey = Object.hasOwn(item, key);
    const noKey = `map: ${goMap(item)} does not contain declared merge key: ${key}`;
    if (!Object.hasOwn(item, '$patch')) {
      if (!hasKey) throw new PatchError(500, noKey);
      wanted.push(item);
    } else if (item.$patch === 'replace') isReplaced = true;
    else if (item.$patch !== 'delete')
      throw new PatchError(500, `unknown patch type: ${String(item.$patch)} in map: ${goMap(item)}`);
    else if (!hasKey) throw new PatchError(500, noKey);
    else kept = kept.filter((one) => !(isObject(one) && equal(one[key], item[key])));
  }
  return { kept, wanted, isReplaced };
}

const goMap = (value: JsonObject): string =>
  `map[${Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${name}:${isObject(inner) ? goMap(inner) : String(inner)}`)
    .join(' ')}]`;

/**
 * Puts merged items in order: those that `wanted` names in its order, all others in the order they had in `present`,
 * and the two runs interleaved so that nothing moves that need not.
 */
export function ordered(
  merged: readonly Json[],
  wanted: readonly Json[],
  present: readonly Json[],
  key: string,
): readonly Json[] {
  const isSame = (a: Json, b: Json): boolean =>
    key === '' ? equal(a, b) : isObject(a) && isObject(b) && equal(a[key], b[key]);
  const placeIn = (list: readonly Json[], item: Json): number => list.findIndex((one) => isSame(one, item));
  const sorted = (items: readonly Json[], list: readonly Json[]): Json[] =>
    items.toSorted((a, b) => placeIn(list, a) - placeIn(list, b));
  const named = sorted(
    merged.filter((item) => placeIn(wanted, item) !== -1),
    wanted,
  );
  const others = sorted(
    merged.filter((item) => placeIn(wanted, item) === -1),
    present,
  );
  const out: Json[] = [];
  let next = 0;
  for (const other of others) {
    const place = placeIn(present, other);
    for (; next < named.length; next += 1) {
      const item = named[next] ?? null;
      const before = placeIn(present, item);
      // An item that both lists know keeps its side of the other; a new one goes in front.
      if (before !== -1 && place !== -1 && place < before) break;
      out.push(item);
    }
    out.push(other);
  }
  return [...out, ...named.slice(next)];
}
