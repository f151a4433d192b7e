/** How a controller reads and writes: as any client would, under its own name, without a request in between. */
import { at, type Json, type JsonObject } from '../../core/json/value.ts';
import { BugError } from '../../core/model/invariant.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { accepted } from '../api/call.ts';
import { create } from '../registry/create.ts';
import type { ServedKind } from '../registry/kinds.ts';
import { withParts } from '../registry/objects.ts';
import { type DeleteOptions, remove } from '../registry/remove.ts';
import { update } from '../registry/update.ts';
import type { User } from '../registry/user.ts';
import type { World, Writer } from '../registry/world.ts';
import { decodeValue } from '../schema/decode.ts';
import type { Entry } from '../store/entry.ts';
import type { Key } from './loop.ts';

export type Actor = {
  readonly world: World;
  readonly get: (place: string, key: Key) => Entry | undefined;
  readonly read: (entry: Entry) => KubeObject;
  /** Objects of this place that the object owns. */
  readonly ownedBy: (uid: string, place: string) => readonly Entry[];
  readonly create: (place: string, object: JsonObject) => Entry;
  /** Puts `next` in its place; nothing is written when nothing changed. */
  readonly replace: (place: string, live: Entry, next: KubeObject, subresource?: string) => Entry;
  readonly setStatus: (place: string, live: Entry, status: JsonObject) => Entry;
  readonly remove: (place: string, live: Entry, options?: Partial<DeleteOptions>) => void;
};

const deleteNow: DeleteOptions = {
  isDryRun: false,
  uid: undefined,
  resourceVersion: undefined,
  propagation: 'Background',
  gracePeriodSeconds: undefined,
};

export function actorOf(world: World, user: User, manager: string): Actor {
  const { store } = world;
  const writer: Writer = { user, manager, isDryRun: false };
  const warn = (): void => {};
  const kindAt = (place: string): ServedKind => {
    const kind = world.kinds.at(place);
    if (kind === undefined) throw new BugError(`no kind is at ${place}`);
    return kind;
  };
  const replace: Actor['replace'] = (place, live, next, subresource = '') =>
    update(world, { kind: kindAt(place), live, to: { kind: 'object', object: next }, subresource, writer, warn });
  return {
    world,
    get: (place, { namespace, name }) => store.get(place, namespace, name),
    read: store.read,
    ownedBy: (uid, place) => store.ownedBy(uid).flatMap(({ resource, entry }) => (resource === place ? [entry] : [])),
    create: (place, object) => {
      const kind = kindAt(place);
      const typed = { apiVersion: kind.schema.apiVersion, kind: kind.schema.kind, ...object };
      const decoded = accepted(decodeValue(kind.schema, typed, 'Ignore'), warn);
      const namespace = decoded.metadata.namespace ?? '';
      return create(world, { kind, namespace, from: { kind: 'object', object: decoded }, writer, warn });
    },
    replace,
    setStatus: (place, live, status) => replace(place, live, withParts(store.read(live), { status }), 'status'),
    remove: (place, live, options = {}) => {
      remove(world, { kind: kindAt(place), live, options: { ...deleteNow, ...options }, writer, warn });
    },
  };
}

/** The reference by which `owner` owns and controls. */
export const controllerReference = (owner: KubeObject): JsonObject => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

/** The uid of the object that controls this one. */
export function controllerUidOf(object: KubeObject): Json | undefined {
  const references = object.metadata.ownerReferences;
  const controlling = Array.isArray(references)
    ? references.find((each: Json) => at(each, 'controller') === true)
    : undefined;
  return at(controlling, 'uid');
}

export const isGoing = (object: KubeObject): boolean => at(object, 'metadata', 'deletionTimestamp') !== undefined;
