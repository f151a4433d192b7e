/** Puts a new object into a cluster, in the order of steps of the real server. */
import { at, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { alreadyExists, forbidden, RefusedError, type Subject } from '../api/refusals.ts';
import { type Held, withManaged } from '../merge/managed.ts';
import { trackUpdate } from '../merge/update.ts';
import { prepareCreate } from '../schema/strategy.ts';
import { validate } from '../schema/validate.ts';
import { type Entry, entryFrom } from '../store/entry.ts';
import type { ServedKind } from './kinds.ts';
import { checkNamespace } from './namespaces.ts';
import { withMetadata } from './objects.ts';
import { checkQuota } from './quotas.ts';
import { nameFrom, timeOf, uidFrom, type World, type Writer } from './world.ts';

export type Creation = {
  readonly kind: ServedKind;
  /** Empty for kinds that have none. */
  readonly namespace: string;
  /** Decoded, or with its owners already worked out by an apply. */
  readonly from:
    | { readonly kind: 'object'; readonly object: KubeObject }
    | { readonly kind: 'applied'; readonly held: Held };
  readonly writer: Writer;
  readonly warn: (text: string) => void;
};

/** Errors: RefusedError. The entry of a dry run is in no store. */
export function create(world: World, creation: Creation): Entry {
  const { kind, namespace, writer, warn } = creation;
  const { schema, resource, place } = kind;
  const given = creation.from.kind === 'object' ? creation.from.object : creation.from.held.object;
  const name = chooseName(world, given);
  const subject: Subject = { group: resource.group, resource: resource.resource, name };
  checkNamespace(world, namespace, subject);
  if (schema.custom !== undefined) checkKind(world, place, subject);

  const time = timeOf(world.clock.nowMs());
  const named = withName(given, name, namespace);
  const owned =
    creation.from.kind === 'applied'
      ? { object: named, managed: creation.from.held.managed }
      : trackUpdate({ live: undefined, next: named, schema, manager: writer.manager, subresource: '', time });
  const object = world.admission.pass(
    {
      operation: 'CREATE',
      resource,
      subresource: '',
      namespace,
      name,
      object: withManaged(owned),
      previous: undefined,
      user: writer.user,
      isDryRun: writer.isDryRun,
    },
    warn,
  );
  const born = withMetadata(object, {
    uid: uidFrom(world.rng),
    creationTimestamp: time,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    resourceVersion: undefined,
    selfLink: undefined,
    managedFields: undefined,
  });
  const prepared = prepareCreate(schema, born, world.allocator);
  world.checkGrant(writer.user, resource, prepared);
  checkQuota(world.store, place, namespace, subject);
  const refusal = validate(schema, prepared, undefined, '');
  if (refusal !== undefined) throw new RefusedError(refusal);
  const there = world.store.get(place, namespace, name);
  if (there !== undefined) {
    const isBeingDeleted = textOf(world.store.read(there).metadata.deletionTimestamp) !== undefined;
    throw alreadyExists(subject, isBeingDeleted);
  }
  const held = { object: schema.family.convert(prepared, schema.family.storage), managed: owned.managed };
  return writer.isDryRun ? entryFrom(held) : world.store.write(place, held);
}

/** Errors: 403 while the kind itself is going. */
function checkKind(world: World, place: string, subject: Subject): void {
  const crd = world.store.get('customresourcedefinitions.apiextensions.k8s.io', '', place);
  if (crd === undefined || at(world.store.read(crd), 'metadata', 'deletionTimestamp') === undefined) return;
  throw forbidden(subject, 'create not allowed while custom resource definition is terminating');
}

/** The real server tries eight generated names before it gives up; ours asks the store. */
function chooseName(world: World, object: KubeObject): string {
  // What was decoded from outside may lack the name that every object has in the end.
  const name = textOf(object.metadata.name) ?? '';
  const base = textOf(object.metadata.generateName) ?? '';
  return name === '' && base !== '' ? nameFrom(base, world.rng) : name;
}

function withName(object: KubeObject, name: string, namespace: string): KubeObject {
  const place = namespace === '' ? {} : { namespace };
  return { ...object, metadata: { ...object.metadata, name, ...place } };
}
