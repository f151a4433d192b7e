/** When two values are one to Kubernetes. */
import { equal } from '../json/equal.ts';
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import { isQuantityPlace, type Place, sameQuantity } from './quantity-place.ts';

/** Compares the wanted with the live value of one place; undefined is a missing one. */
export type Equality = (wanted: Json | undefined, live: Json | undefined, place: Place) => boolean;

export const isAbsent = (value: Json | undefined): value is null | undefined => value === undefined || value === null;

/**
 * Both values come from the API server, as it stores or would store them: they must be equal.
 *
 * `{}` and a missing value differ: an empty `namespaceSelector` selects everything, a missing one nothing.
 * Shape: null is missing; order of fields is nothing; quantities by value, where one can stand.
 */
export const sameStored: Equality = (wanted, live, place) => {
  if (isAbsent(wanted) || isAbsent(live)) return isAbsent(wanted) && isAbsent(live);
  if (isArray(wanted)) return sameElements(wanted, live, place, sameStored);
  if (!isObject(wanted)) return sameScalar(wanted, live, place);
  if (!isObject(live)) return false;
  const names = new Set([...Object.keys(wanted), ...Object.keys(live)]);
  return sameFields(names, wanted, live, place, sameStored);
};

/**
 * `sent` is a manifest, `stored` what the API server made of it: it may fill in defaults and leave out what is empty.
 *
 * Shape: as `sameStored`, but fields that only `stored` has are defaults, and an empty or zero value may be missing.
 */
export const sameSent: Equality = (sent, stored, place) => {
  if (isAbsent(sent)) return true;
  if (isAbsent(stored)) return isZero(sent);
  if (isArray(sent)) return sameElements(sent, stored, place, sameSent);
  if (!isObject(sent)) return sameScalar(sent, stored, place);
  return isObject(stored) && sameFields(Object.keys(sent), sent, stored, place, sameSent);
};

// No kind nests as deep; a hostile custom object must not overflow the stack, so below this nothing is the same.
const depthMax = 200;

function sameElements(wanted: readonly Json[], live: Json | undefined, place: Place, same: Equality): boolean {
  if (!isArray(live) || live.length !== wanted.length) return false;
  const below = { ...place, depth: place.depth + 1 };
  return below.depth <= depthMax && wanted.every((part, index) => same(part, live[index], below));
}

function sameFields(
  names: Iterable<string>,
  wanted: JsonObject,
  live: JsonObject,
  place: Place,
  same: Equality,
): boolean {
  if (place.depth >= depthMax) return false;
  for (const name of names) {
    const mine = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    const theirs = Object.hasOwn(live, name) ? live[name] : undefined;
    if (!same(mine, theirs, { parent: place.name, name, depth: place.depth + 1 })) return false;
  }
  return true;
}

function sameScalar(wanted: Json, live: Json | undefined, place: Place): boolean {
  return equal(wanted, live) || (isQuantityPlace(place) && sameQuantity(wanted, live));
}

/** What `omitempty` leaves out, at any depth. */
function isZero(value: Json): boolean {
  if (isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.values(value).every(isZero);
  return value === null || value === false || value === '' || value === 0;
}
