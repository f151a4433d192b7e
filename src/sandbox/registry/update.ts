/** Puts a new version of an object in the place of the one there, in the order of steps of the real server. */
import { at, isArray, numberOf, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { wrong } from '../api/query.ts';
import { conflict, invalid, modified, RefusedError, type Subject } from '../api/refusals.ts';
import { type Held, withManaged } from '../merge/managed.ts';
import { settle } from '../merge/settle.ts';
import { trackUpdate } from '../merge/update.ts';
import { prepareUpdate } from '../schema/strategy.ts';
import { validate } from '../schema/validate.ts';
import { type Entry, entryFrom } from '../store/entry.ts';
import { habitsOf } from './habits.ts';
import type { ServedKind } from './kinds.ts';
import { withMetadata } from './objects.ts';
import { timeOf, type World, type Writer } from './world.ts';

export type Change = {
  readonly kind: ServedKind;
  readonly live: Entry;
  /** Decoded or patched; or with its owners already worked out by an apply. */
  readonly to:
    | { readonly kind: 'object'; readonly object: KubeObject }
    | { readonly kind: 'applied'; readonly held: Held };
  readonly subresource: string;
  readonly writer: Writer;
  readonly warn: (text: string) => void;
};

/** Errors: RefusedError. Answers `live` itself when nothing changed: no write, no event. */
export function update(world: World, change: Change): Entry {
  const { kind, live, subresource, writer, warn } = change;
  const { schema, resource, place } = kind;
  const subject: Subject = { group: resource.group, resource: resource.resource, name: live.name };
  const given = change.to.kind === 'object' ? change.to.object : change.to.held.object;
  // A body need not say its namespace: the path does.
  const next =
    (given.metadata.namespace ?? '') === live.namespace ? given : withMetadata(given, { namespace: live.namespace });
  checkVersion(kind, subject, live, next);

  const held = world.store.held(live);
  const time = timeOf(world.clock.nowMs());
  const owned =
    change.to.kind === 'applied'
      ? { object: next, managed: change.to.held.managed }
      : trackUpdate({ live: held, next, schema, manager: writer.manager, subresource, time });
  const object = world.admission.pass(
    {
      operation: 'UPDATE',
      resource,
      subresource,
      namespace: live.namespace,
      name: live.name,
      object: withManaged(owned),
      previous: withManaged(held),
      user: writer.user,
      isDryRun: writer.isDryRun,
    },
    warn,
  );
  const stamped = withMetadata(object, { resourceVersion: String(live.revision), managedFields: undefined });
  const before = schema.family.recast(held.object, schema.apiVersion);
  // A scale is a change of the object itself, seen through a smaller window.
  const part = subresource === 'scale' ? '' : subresource;
  const prepared = prepareUpdate(schema, before, stamped, part, world.allocator);
  world.checkGrant(writer.user, resource, prepared);
  const refusal = validate(schema, prepared, before, part);
  if (refusal !== undefined) throw new RefusedError(refusal);
  const settled = settle(held, { object: prepared, managed: owned.managed }, schema);
  if (isReleased(held.object, settled.object, place)) {
    if (!writer.isDryRun) world.store.remove(place, live);
    return entryFrom(settled, live.revision);
  }
  if (settled === held) return live;
  return writer.isDryRun ? entryFrom(settled, live.revision) : world.store.write(place, settled);
}

/** Writes what controllers changed in an object, past admission and versions: they always act on the newest. */
export function overwrite(world: World, place: string, live: Entry, object: KubeObject): Entry {
  return world.store.write(place, { object, managed: live.managed });
}

function checkVersion(kind: ServedKind, subject: Subject, live: Entry, next: KubeObject): void {
  const version = textOf(next.metadata.resourceVersion) ?? '';
  if (version === '' || version === '0') {
    if (!habitsOf(kind.place, kind.schema.custom !== undefined).needsVersion) return;
    const object = { group: subject.group, kind: subject.resource, name: live.name };
    throw invalid(object, [wrong('metadata.resourceVersion', '0', 'must be specified for an update')]);
  }
  if (version !== String(live.revision)) throw conflict(subject, modified);
}

/** Nothing holds it back any more: its deletion was asked for, its last finalizer is gone, its grace is over. */
function isReleased(before: KubeObject, after: KubeObject, place: string): boolean {
  const finalizers = after.metadata.finalizers;
  if (textOf(before.metadata.deletionTimestamp) === undefined) return false;
  if (isArray(finalizers) && finalizers.length > 0) return false;
  if ((numberOf(before.metadata.deletionGracePeriodSeconds) ?? 0) !== 0) return false;
  const held = place === 'namespaces' ? at(after, 'spec', 'finalizers') : undefined;
  return !(isArray(held) && held.length > 0);
}
