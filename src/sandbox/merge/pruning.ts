/** What an applier left out of its configuration goes, unless somebody else owns it. */
import type { Json } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Schema } from '../schema/schema.ts';
import type { Type } from '../schema/type.ts';
import { difference, emptySet, type FieldSet, intersection, union } from './fieldset.ts';
import type { ManagedEntry } from './managed.ts';
import { ownedFields } from './owned.ts';
import type { Owners } from './owners.ts';
import { withDeclaredParents } from './regrouping.ts';
import { removePaths } from './removing.ts';

/**
 * Takes out of a merged object what its applier owned before, does not name now, and nobody else owns.
 *
 * Shape: at the version of `schema`, as `merged` is; fields that nobody ever owned stay, but for those below a removed
 * item or free key.
 */
export function prune(merged: Json, previous: ManagedEntry, owners: Owners, schema: Schema): Json {
  const type = schema.family.at(previous.apiVersion)?.type;
  if (previous.fields.size === 0 || type === undefined) return merged;
  const there = converted(merged, schema, previous.apiVersion);
  const last = withDeclaredParents(previous.fields, type);
  const bare = removePaths(there, last, type);
  const kept = keptByOwners({ whole: there, bare, type, apiVersion: previous.apiVersion }, owners, schema);
  const all = withDeclaredParents(fieldsOf(there, type), type);
  const left = withDeclaredParents(fieldsOf(kept, type), type);
  const gone = intersection(difference(all, left), last);
  return converted(removePaths(there, gone, type), schema, schema.apiVersion, previous.apiVersion);
}

type Stripped = { readonly whole: Json; readonly bare: Json; readonly type: Type; readonly apiVersion: string };

// Gives back what owners still claim: those at the version of the removed fields first, then each other version.
function keptByOwners(stripped: Stripped, owners: Owners, schema: Schema): Json {
  const claims = new Map<string, FieldSet>([[stripped.apiVersion, emptySet]]);
  for (const { apiVersion, fields } of owners.values()) {
    claims.set(apiVersion, union(claims.get(apiVersion) ?? emptySet, fields));
  }
  let { bare } = stripped;
  let version = stripped.apiVersion;
  for (const [apiVersion, claimed] of claims) {
    const type = schema.family.at(apiVersion)?.type;
    if (type === undefined) continue;
    const whole = converted(stripped.whole, schema, apiVersion, stripped.apiVersion);
    const here = converted(bare, schema, apiVersion, version);
    const all = withDeclaredParents(fieldsOf(whole, type), type);
    const stays = union(withDeclaredParents(fieldsOf(here, type), type), withDeclaredParents(claimed, type));
    bare = removePaths(whole, difference(all, stays), type);
    version = apiVersion;
  }
  return converted(bare, schema, stripped.apiVersion, version);
}

const fieldsOf = (value: Json, type: Type): FieldSet => (value === null ? emptySet : ownedFields(value, type));

function converted(value: Json, schema: Schema, to: string, from = schema.apiVersion): Json {
  // Half an object, perhaps without a name; conversion looks at its fields only.
  return to === from ? value : schema.family.recast(value as KubeObject, to);
}
