/** What a change of an object does to its owners: who loses what, and who stands in the way. */
import type { KubeObject } from '../../core/model/object.ts';
import type { Schema } from '../schema/schema.ts';
import { type Comparison, compareValues, excluding, noDifference } from './comparing.ts';
import { difference, emptySet, type FieldSet, intersection, pathsOf, union } from './fieldset.ts';
import type { ManagedEntry } from './managed.ts';
import { type Owners, setFields } from './owners.ts';
import { regrouped } from './regrouping.ts';
import { resetFields } from './reset-fields.ts';

/** A field that another owner holds at another value. */
export type Conflict = {
  readonly entry: ManagedEntry;
  /** As the API server prints it: `.spec.replicas`. */
  readonly path: string;
};

export type Outcome =
  | { readonly kind: 'settled'; readonly comparison: Comparison }
  | { readonly kind: 'conflict'; readonly conflicts: readonly Conflict[]; readonly fields: FieldSet };

export type Change = {
  readonly before: KubeObject;
  readonly after: KubeObject;
  /** Of the version that the request names; both objects are at it. */
  readonly schema: Schema;
  readonly subresource: string;
  /** The owner whose own entry this change does not touch; empty: all entries are. */
  readonly self: string;
  readonly isForced: boolean;
};

/**
 * Takes from every other owner the fields that a change sets or removes.
 *
 * Shape: `owners` is changed in place, unless there are conflicts and the change is not forced; then it is as before.
 */
export function takeFields(owners: Owners, change: Change): Outcome {
  const { schema } = change;
  const comparison = comparisonAt(schema.apiVersion, change);
  const atVersions = new Map<string, Comparison | undefined>([[schema.apiVersion, comparison]]);
  const losses: { id: string; entry: ManagedEntry; lost: FieldSet; removed: FieldSet }[] = [];
  const gone: string[] = [];
  for (const [id, entry] of owners) {
    if (id === change.self) continue;
    if (!atVersions.has(entry.apiVersion)) atVersions.set(entry.apiVersion, comparisonAt(entry.apiVersion, change));
    const found = atVersions.get(entry.apiVersion);
    // Nobody serves that version any more: what was owned there is owned by nobody.
    if (found === undefined) gone.push(id);
    else if (found !== noDifference) losses.push({ id, entry, ...lossOf(entry.fields, found) });
  }
  const contested = losses.filter(({ lost }) => lost.size > 0);
  if (contested.length > 0 && !change.isForced) {
    const conflicts = contested
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .flatMap(({ entry, lost }) => pathsOf(lost).map((path) => ({ entry, path })));
    return { kind: 'conflict', conflicts, fields: contested.reduce((all, { lost }) => union(all, lost), emptySet) };
  }
  for (const id of gone) owners.delete(id);
  for (const { id, entry, lost, removed } of losses) {
    setFields(owners, id, entry, difference(difference(entry.fields, lost), removed));
  }
  return { kind: 'settled', comparison: comparison ?? noDifference };
}

const lossOf = (fields: FieldSet, { modified, added, removed }: Comparison): { lost: FieldSet; removed: FieldSet } => ({
  lost: intersection(fields, union(modified, added)),
  removed,
});

function comparisonAt(apiVersion: string, change: Change): Comparison | undefined {
  const { before, after, schema, subresource } = change;
  if (before === after) return schema.family.at(apiVersion) === undefined ? undefined : noDifference;
  if (apiVersion === schema.apiVersion)
    return excluding(compareValues(before, after, schema.type), resetFields(schema, subresource));
  const other = schema.family.at(apiVersion);
  if (other === undefined) return undefined;
  const { recast } = schema.family;
  const found = compareValues(recast(before, apiVersion), recast(after, apiVersion), other.type);
  // A custom object's own requests reset fields at their own version only; status requests do at all.
  const isReset = schema.custom === undefined || subresource !== '';
  return isReset ? excluding(found, resetFields(other, subresource)) : found;
}

/** Owners whose parts became one since they were written; owners at versions that nobody serves are left out. */
export function regroupOwners(owners: Owners, schema: Schema): void {
  for (const [id, entry] of owners) {
    const type = schema.family.at(entry.apiVersion)?.type;
    if (type === undefined) owners.delete(id);
    else setFields(owners, id, entry, regroupedAt(entry.fields, schema, entry.apiVersion));
  }
}

function regroupedAt(fields: FieldSet, schema: Schema, apiVersion: string): FieldSet {
  const at = schema.family.at(apiVersion);
  // The types of built-in kinds never change under an object.
  return at === undefined || at.custom === undefined ? fields : regrouped(fields, at.type);
}
