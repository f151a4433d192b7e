/** Ownership after a write that is not an apply: POST, PUT, and every other patch. */
import { isArray, isObject, type Json } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Schema } from '../schema/schema.ts';
import { zeroObject } from '../schema/zero.ts';
import { deepDifference, union } from './fieldset.ts';
import { type Held, identityOf, type Managed, readManaged, withoutManaged } from './managed.ts';
import { capUpdaters, managedOf, type Owners, ownersOf, withoutIdentity } from './owners.ts';
import { regroupOwners, takeFields } from './ownership.ts';
import { resetFields } from './reset-fields.ts';

export type UpdateChange = {
  /** Undefined when the object is created. */
  readonly live: Held | undefined;
  /** In the server's own form; may carry `metadata.managedFields` as the client sent them. */
  readonly next: KubeObject;
  /** Of the version in the request's path. */
  readonly schema: Schema;
  readonly manager: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339, whole seconds, UTC. */
  readonly time: string;
};

/** The field manager of a write: as the query says, else the client's own name. */
export function managerOf(fieldManager: string, userAgent: string): string {
  if (fieldManager !== '') return fieldManager;
  return [...(userAgent.split('/', 1)[0] ?? '')].slice(0, 128).join('');
}

/** Gives the writer what it changed, and takes it from whoever had it. */
export function trackUpdate(change: UpdateChange): Held {
  const { live, next, schema } = change;
  const object = withoutManaged(next);
  const sent = managedBefore(live, next.metadata.managedFields, change.subresource);
  // Without any owner an object is not tracked, until someone applies to it.
  if (sent.length === 0 && live !== undefined) return { object, managed: sent };
  const owners = ownersOf(sent);
  const before = live === undefined ? zeroObject(schema) : schema.family.convert(live.object, schema.apiVersion);
  recordUpdate(owners, before, object, change);
  capUpdaters(owners);
  return { object, managed: managedOf(owners) };
}

/** Records one update in `owners`, in place. */
export function recordUpdate(
  owners: Owners,
  before: KubeObject,
  after: KubeObject,
  by: Pick<UpdateChange, 'schema' | 'manager' | 'subresource' | 'time'>,
): void {
  const { schema, subresource, time } = by;
  regroupOwners(owners, schema);
  const outcome = takeFields(owners, { before, after, schema, subresource, self: '', isForced: true });
  if (outcome.kind === 'conflict') return;
  const { modified, added } = outcome.comparison;
  const fields = withoutIdentity(deepDifference(union(modified, added), resetFields(schema, subresource)));
  if (fields.size === 0) return;
  const manager = by.manager === '' ? 'unknown' : by.manager;
  const entry = { manager, operation: 'Update', apiVersion: schema.apiVersion, subresource } as const;
  const id = identityOf(entry);
  const previous = owners.get(id);
  owners.set(id, { ...entry, time, fields: previous === undefined ? fields : union(fields, previous.fields) });
}

/**
 * The owners to start from: those that the client sent, else the live ones.
 *
 * Shape: an empty list, or one empty entry, is a client's wish to forget them all.
 */
function managedBefore(live: Held | undefined, sent: Json | undefined, subresource: string): Managed {
  const now = live?.managed ?? [];
  if (subresource !== '' || sent === undefined) return now;
  if (isArray(sent) && (sent.length === 0 || (sent.length === 1 && isObject(sent[0]) && isBlank(sent[0])))) return [];
  const read = readManaged(sent);
  return read === undefined || read.length === 0 ? now : read;
}

const isBlank = (entry: { readonly [field: string]: Json }): boolean => Object.keys(entry).length === 0;
