/** Server-side apply: a configuration, its owner, and a live object become one. */

import { equal } from '../../core/json/equal.ts';
import { at, isObject, type Json, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { defaultedCustom } from '../schema/custom-reading.ts';
import { readWhole } from '../schema/decode.ts';
import { badRequest, done, internal, type Refused, type Result } from '../schema/refusal.ts';
import type { Schema } from '../schema/schema.ts';
import { zeroObject } from '../schema/zero.ts';
import { misfit } from './checking.ts';
import { conflictRefusal } from './conflict.ts';
import { deepDifference, difference, equalSets, pathsOf } from './fieldset.ts';
import { allowedByLastApplied, withLastApplied } from './last-applied.ts';
import { type Held, identityOf } from './managed.ts';
import { mergeValues } from './merging.ts';
import { ownedFields } from './owned.ts';
import { managedOf, type Owners, ownersOf, withoutIdentity } from './owners.ts';
import { type Outcome, regroupOwners, takeFields } from './ownership.ts';
import { prune } from './pruning.ts';
import { resetFields } from './reset-fields.ts';
import { recordUpdate } from './update.ts';

export type ApplyChange = {
  /** Undefined when the object is created. */
  readonly live: Held | undefined;
  /** The request's body, parsed. */
  readonly config: Json;
  /** Of the version in the request's path. */
  readonly schema: Schema;
  readonly manager: string;
  readonly isForced: boolean;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339, whole seconds, UTC. */
  readonly time: string;
};

/**
 * Applies a configuration.
 *
 * Shape: the object decoded and defaulted, at the version of `schema`, and its owners. Where the configuration changes
 * nothing the object is the live one, and the applier's entry keeps its time.
 * Errors: 409 with a cause for each conflict; 500 for a configuration that does not fit the kind, as the API server has
 * it; 400 for one of another kind.
 */
export function apply(change: ApplyChange): Result<Held> {
  const { config, schema, live, manager } = change;
  const wrong = wrongConfig(config, schema);
  if (wrong !== undefined || !isObject(config)) return wrong ?? badRequest('invalid object type');
  const problem = misfit(config, schema.type);
  if (problem !== undefined)
    return internal(`failed to create typed patch object (${subjectOf(config, schema)}): ${problem}`);

  const before = live === undefined ? zeroObject(schema) : schema.family.convert(live.object, schema.apiVersion);
  const owners = ownersOf(live?.managed ?? []);
  // The first to apply to an object that nobody tracked does so over an owner that stands for all before.
  if (owners.size === 0 && live !== undefined) {
    recordUpdate(owners, zeroObject(schema), before, { ...change, manager: 'before-first-apply' });
  }
  const attempt: Attempt = { before, config, owners, change };
  let outcome = applyOnce(attempt, change.isForced);
  if (outcome.kind === 'conflict' && manager === 'kubectl') {
    const allowed = allowedByLastApplied(before, schema);
    if (allowed !== undefined) {
      const left = new Set(pathsOf(difference(outcome.fields, allowed)));
      const conflicts = outcome.conflicts.filter(({ path }) => left.has(path));
      outcome = left.size === 0 ? applyOnce(attempt, true) : { ...outcome, conflicts };
    }
  }
  if (outcome.kind === 'conflict') return conflictRefusal(outcome.conflicts);
  return finished(outcome, attempt);
}

type Attempt = {
  readonly before: KubeObject;
  readonly config: { readonly [field: string]: Json };
  readonly owners: Owners;
  readonly change: ApplyChange;
};
type Merged = { readonly kind: 'merged'; readonly object: Json; readonly owners: Owners; readonly id: string };

function applyOnce(
  { before, config, owners: known, change }: Attempt,
  isForced: boolean,
): Merged | Extract<Outcome, { kind: 'conflict' }> {
  const { schema, subresource } = change;
  const owners: Owners = new Map(known);
  regroupOwners(owners, schema);
  const own = { manager: change.manager, operation: 'Apply', apiVersion: schema.apiVersion, subresource } as const;
  const id = identityOf(own);
  const previous = owners.get(id);
  const claimed = deepDifference(ownedFields(config, schema.type), resetFields(schema, subresource));
  const fields = withoutIdentity(claimed);
  const merged = mergeValues(before, config, schema.type) ?? before;
  const isSameClaim = previous?.apiVersion === schema.apiVersion && equalSets(previous.fields, fields);
  const entry = { ...own, time: previous?.time, fields: isSameClaim ? previous.fields : fields };
  // What names the object counts as claimed while pruning, or it would go with the last field of its metadata.
  owners.set(id, { ...entry, fields: claimed });
  const after = previous === undefined || isSameClaim ? merged : prune(merged, previous, owners, schema);
  owners.set(id, entry);
  const object = after === before || !equal(after, before) ? after : before;
  // Still without a name or a kind of its own perhaps; it is only compared here.
  const target = object as KubeObject;
  const outcome = takeFields(owners, { before, after: target, schema, subresource, self: id, isForced });
  if (outcome.kind === 'conflict') return outcome;
  if (fields.size === 0) owners.delete(id);
  return { kind: 'merged', object, owners, id };
}

function finished({ object, owners, id }: Merged, { before, config, change }: Attempt): Result<Held> {
  const { schema, time, live, manager } = change;
  const entry = owners.get(id);
  if (object !== before && entry !== undefined) owners.set(id, { ...entry, time });
  const whole = wholeOf(object, before, schema, change);
  if (whole.kind === 'refused') return whole;
  const written = manager === 'kubectl' ? withLastApplied(whole.value, config) : whole.value;
  const managed = managedOf(owners);
  if (live !== undefined && written === before && before === live.object) return done({ object: live.object, managed });
  return done({ object: written, managed });
}

function wholeOf(object: Json, before: KubeObject, schema: Schema, change: ApplyChange): Result<KubeObject> {
  if (object === before && change.live !== undefined) return done(before);
  // A custom object is pruned when it is stored, and compared with the live one before that.
  if (schema.custom !== undefined && isObject(object)) {
    return done(defaultedCustom(object, schema.custom.structural) as KubeObject);
  }
  const read = isObject(object) ? readWhole(schema, object) : undefined;
  if (read?.kind === 'read') return done(read.value);
  const subject = subjectOf(change.config, schema);
  const why = `unable to convert unstructured object to ${versionText(schema.apiVersion)}, Kind=${schema.kind}: ${read?.message ?? 'no map'}`;
  return internal(`failed to convert new object (${subject}) to proper version: ${why}`);
}

function wrongConfig(config: Json, schema: Schema): Refused | undefined {
  if (!isObject(config))
    return badRequest('error decoding YAML: json: cannot unmarshal into Go value of type map[string]interface {}');
  const [apiVersion, kind] = [textOf(config.apiVersion) ?? '', textOf(config.kind) ?? ''];
  if (apiVersion !== schema.apiVersion || kind !== schema.kind) {
    return badRequest(`invalid object type: ${versionText(apiVersion)}, Kind=${kind}`);
  }
  if (at(config, 'metadata', 'managedFields') !== undefined && at(config, 'metadata', 'managedFields') !== null) {
    return badRequest('metadata.managedFields must be nil');
  }
  return undefined;
}

/** `shop/web; apps/v1, Kind=Deployment`, as errors name an object. */
function subjectOf(config: Json, schema: Schema): string {
  const name = textOf(at(config, 'metadata', 'name')) ?? '';
  const namespace = textOf(at(config, 'metadata', 'namespace')) ?? '';
  return `${namespace}/${name}; ${versionText(schema.apiVersion)}, Kind=${schema.kind}`;
}

/** As Go prints a group and a version: the core group is the empty text before the slash. */
const versionText = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion : `/${apiVersion}`);
