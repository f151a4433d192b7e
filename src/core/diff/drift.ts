/** Where the cluster differs from what was asked for, among the places that we own. */
import { isArray, isObject, type Json } from '../json/value.ts';
import type { KubeObject } from '../model/object.ts';
import { type Equality, sameSent, sameStored } from './equality.ts';
import type { FieldSet } from './fields.ts';
import { finderIn, indexerOf } from './lookup.ts';
import type { FieldPath, PathElement } from './path.ts';
import { placeOf } from './quantity-place.ts';

/**
 * Lists the places that we own at which `live` does not hold the wanted value.
 *
 * `wanted` is the answer of a forced dry run of our apply and `owned` our set in that answer: the object as it would be
 * after healing, defaults and all. Nothing listed means that a field changed hands but not its value.
 *
 * Shape: in the order of the set; a missing list element or object is listed once, not field by field; a list whose
 *   elements of ours stand in another order is listed itself, after them. What only others own is never looked at.
 * Cost: linear in the two objects.
 */
export function driftOf(wanted: KubeObject, live: KubeObject, owned: FieldSet): readonly FieldPath[] {
  return differences(owned, wanted, live, [], sameStored);
}

/**
 * Lists the places that we own at which the API server keeps another value than the one just sent: admission wrote it.
 *
 * Shape: `answer` is the full answer to our apply of `sent`, `owned` our set in it; paths as of `driftOf`.
 */
export function mutationsOf(sent: KubeObject, answer: KubeObject, owned: FieldSet): readonly FieldPath[] {
  return differences(owned, sent, answer, [], sameSent);
}

function differences(
  owned: FieldSet,
  wanted: Json | undefined,
  live: Json | undefined,
  path: FieldPath,
  same: Equality,
): readonly FieldPath[] {
  const findWanted = finderIn(wanted);
  const findLive = finderIn(live);
  const found: FieldPath[] = [];
  for (const { element, set } of owned.children.values()) {
    const there = [...path, element];
    const mine = findWanted(element);
    const theirs = findLive(element);
    if (set.children.size === 0) {
      if (!same(mine, theirs, placeOf(there))) found.push(there);
    } else if (set.isMember && isGone(mine, theirs)) {
      found.push(there);
    } else {
      found.push(...differences(set, mine, theirs, there, same));
    }
  }
  if (isReordered(owned, wanted, live)) found.push(path);
  return found;
}

/** Is the whole that holds our fields missing, or something of another kind? */
function isGone(wanted: Json | undefined, live: Json | undefined): boolean {
  return (isObject(wanted) && !isObject(live)) || (isArray(wanted) && !isArray(live));
}

/**
 * Do our elements of a keyed list stand in another order?
 *
 * The order of `initContainers` and `env` has a meaning, and apply restores ours, but managedFields do not hold it.
 */
function isReordered(owned: FieldSet, wanted: Json | undefined, live: Json | undefined): boolean {
  if (owned.children.size < 2 || !isArray(wanted) || !isArray(live)) return false;
  const indexOfWanted = indexerOf(wanted);
  const indexOfLive = indexerOf(live);
  const ranks = [...owned.children.values()]
    .filter(({ element }) => element.kind === 'key')
    .map(({ element }) => rankOf(element, indexOfWanted, indexOfLive))
    .filter((rank) => rank !== undefined)
    .toSorted((a, b) => a.wanted - b.wanted);
  return ranks.some((rank, index) => rank.live < (ranks[index - 1]?.live ?? 0));
}

type Indexer = (element: PathElement) => number | undefined;
type Rank = { readonly wanted: number; readonly live: number };

function rankOf(element: PathElement, inWanted: Indexer, inLive: Indexer): Rank | undefined {
  const wanted = inWanted(element);
  const live = inLive(element);
  return wanted === undefined || live === undefined ? undefined : { wanted, live };
}
