/** Taking over an object from the tool that managed it: its managedFields entries become ours. */
import type { Pointer } from '../json/pointer.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json/value.ts';
import type { KubeObject } from '../model/object.ts';
import { appliedEntryOf, type Owner, rawEntriesOf, readEntry } from './entries.ts';
import { divideSet, emptySet, type FieldSet, fieldsV1Of, hasPath, isEmptySet, union } from './fields.ts';
import { valueAtPath } from './lookup.ts';
import { type FieldPath, fieldPath, isWithin } from './path.ts';
import type { Predecessor } from './predecessor.ts';

export type Adoption = {
  /** RFC 6902, for `application/json-patch+json`. */
  readonly patch: readonly Json[];
  /** Whose entries it takes from. */
  readonly from: readonly Owner[];
  /** What becomes ours: what of it is not in Git disappears with the next apply, so a plan must show it. */
  readonly taken: FieldSet;
};

/**
 * Makes the patch that turns entries of old managers into ours, or undefined when they have none.
 *
 * Without it a field that leaves Git survives, because the old manager still owns it. The patch changes no value. It
 * writes `resourceVersion`, so the server refuses it with 409 when the object has changed since; a `test` of it
 * would be refused with 422, which looks like a bad manifest.
 *
 * `wanted` is what we are about to apply: what it holds is as good as ours for those who only share.
 *
 * Shape: entries of subresources, and all others, stay as they are; so do `status`, finalizers and owner references
 *   in the entries taken from, and all that is `released` to others. Our entry is in the version of `live`; paths of another count where the object has them.
 */
export function adoptionOf(
  live: KubeObject,
  ours: string,
  old: readonly Predecessor[],
  released: readonly Pointer[] = [],
  wanted?: KubeObject,
): Adoption | undefined {
  const left = released.map((pointer) => fieldPath(...pointer));
  const mine = appliedEntryOf(live, ours);
  const before = mine === undefined ? emptySet : divideSet(readEntry(mine).set, speaksOf(live, mine)).in;
  const others = rawEntriesOf(live).filter((entry) => entry !== mine);
  const isShared = (path: FieldPath): boolean => hasPath(before, path) || valueAtPath(wanted, path) !== undefined;
  const takings = others.map((entry) => takingFrom(entry, old, isShared, live, left));
  if (takings.every(({ owner }) => owner === undefined)) return undefined;
  const taken = takings.reduce((all, taking) => union(all, taking.taken), emptySet);
  const rewritten = ourEntry(live, ours, mine, takings, union(before, taken));
  return {
    patch: [
      { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion ?? '' },
      { op: 'replace', path: '/metadata/managedFields', value: [rewritten, ...takings.flatMap(restOf)] },
    ],
    from: takings.flatMap(({ owner }) => owner ?? []),
    taken,
  };
}

/** What is taken from one entry and what is left of it. */
type Taking = {
  readonly entry: JsonObject;
  /** Undefined when nothing is taken: the entry stays as it is. */
  readonly owner: Owner | undefined;
  readonly taken: FieldSet;
  readonly left: FieldSet;
};

function takingFrom(
  entry: JsonObject,
  old: readonly Predecessor[],
  isShared: (path: FieldPath) => boolean,
  live: KubeObject,
  released: readonly FieldPath[],
): Taking {
  const { set, apiVersion: _, ...owner } = readEntry(entry);
  const untouched: Taking = { entry, owner: undefined, taken: emptySet, left: set };
  const rule = old.find((candidate) => isNamed(candidate, owner));
  if (rule === undefined || owner.subresource !== undefined) return untouched;
  const isOfLive = speaksOf(live, entry);
  const spared = rule.spares === undefined ? undefined : fieldPath(...rule.spares);
  const isSpared = (path: FieldPath): boolean => spared !== undefined && isWithin(spared, path);
  const { in: taken, out: left } = divideSet(set, (path) => {
    if (isNeverTaken(path) || released.some((each) => isWithin(each, path))) return false;
    if (rule.take === 'shared' || isSpared(path)) return isShared(path);
    return isOfLive(path);
  });
  return isEmptySet(taken) ? untouched : { entry, owner, taken, left };
}

/** Do paths of this entry mean something at the version of `live`? Those of another version, where the object has them. */
function speaksOf(live: KubeObject, entry: JsonObject): (path: FieldPath) => boolean {
  const isSameVersion = entry.apiVersion === live.apiVersion;
  return (path) => isSameVersion || valueAtPath(live, path) !== undefined;
}

function isNamed(rule: Predecessor, { manager, operation }: Owner): boolean {
  return rule.manager === manager && (rule.operation === '*' || rule.operation === operation);
}

// Losing these would delete what controllers wrote, or let the garbage collector have the object.
function isNeverTaken([first, second, third]: FieldPath): boolean {
  if (first?.kind !== 'field') return true;
  if (first.name === 'status') return true;
  if (first.name !== 'metadata' || second?.kind !== 'field') return false;
  if (second.name === 'finalizers' || second.name === 'ownerReferences') return true;
  return third?.kind === 'field' && serversOwn.has(third.name);
}

/** Labels and annotations that the server puts back whatever anybody does, so that they are nobody's. */
const serversOwn = new Set(['kubernetes.io/metadata.name', 'deprecated.daemonset.template.generation']);

function restOf({ entry, owner, left }: Taking): readonly JsonObject[] {
  if (owner === undefined) return [entry];
  return isEmptySet(left) ? [] : [{ ...entry, fieldsV1: fieldsV1Of(left) }];
}

function ourEntry(
  live: KubeObject,
  ours: string,
  mine: JsonObject | undefined,
  takings: readonly Taking[],
  set: FieldSet,
): JsonObject {
  const sources = [mine, ...takings.filter(({ owner }) => owner !== undefined).map(({ entry }) => entry)];
  const times = sources.filter(isObject).flatMap((entry) => textOf(entry.time) ?? []);
  const time = times.toSorted().at(-1);
  return {
    manager: ours,
    operation: 'Apply',
    apiVersion: live.apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsV1Of(set),
  };
}
