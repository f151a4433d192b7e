/** The garbage collector: what nobody owns any more goes, in the background, before its owner, or not at all. */
import { at, isArray, isObject, type Json, textOf } from '../../core/json/value.ts';
import { finalizersOf, foregroundFinalizer, orphanFinalizer } from '../registry/finalizers.ts';
import { withMetadata } from '../registry/objects.ts';
import { overwrite } from '../registry/update.ts';
import type { Entry } from '../store/entry.ts';
import type { Change } from '../store/event-log.ts';
import type { Owned } from '../store/store.ts';
import { type Actor, isGoing } from './actor.ts';
import type { Controller, Key } from './loop.ts';

/** Keys are uids: of owners that changed, and of dependents whose owners may be gone. */
export function garbageCollector(actor: Actor): Controller {
  const { store } = actor.world;
  // Where an object with this uid was last seen, for keys that wait.
  const seen = new Map<string, Owned>();
  const keyOf = (uid: string): Key => ({ namespace: '', name: uid });

  const keysOf = ({ resource, current, last, previous }: Change): readonly Key[] => {
    if (current === undefined) {
      const owned = store.ownedBy(last.uid);
      for (const { resource: place, entry } of owned) seen.set(entry.uid, { resource: place, entry });
      // Also owners that wait for their dependents before they go.
      return [...owned.map(({ entry }) => keyOf(entry.uid)), ...last.owners.map(keyOf)];
    }
    const hasNewOwners = current.owners.length > 0 && current.owners.join() !== previous?.owners.join();
    if (!hasNewOwners && !current.metadataText.includes('"deletionTimestamp"')) return [];
    seen.set(current.uid, { resource, entry: current });
    return [keyOf(current.uid)];
  };

  const reconcile = ({ name: uid }: Key): undefined => {
    const there = seen.get(uid);
    seen.delete(uid);
    if (there === undefined) return;
    const live = store.get(there.resource, there.entry.namespace, there.entry.name);
    if (live === undefined || live.uid !== uid) return;
    const object = store.read(live);
    const finalizers = finalizersOf(object);
    if (isGoing(object)) {
      if (finalizers.includes(orphanFinalizer)) orphan(actor, there.resource, live, finalizers);
      else if (finalizers.includes(foregroundFinalizer)) {
        if (!removeDependents(actor, live)) seen.set(uid, { resource: there.resource, entry: live });
        else release(actor, there.resource, live, foregroundFinalizer);
      }
      return;
    }
    if (live.owners.length > 0) removeIfUnowned(actor, there.resource, live);
  };
  return { name: 'garbage', places: ['*'], keysOf, reconcile };
}

/** Owners that are gone are forgotten; with the last of them the object goes. */
function removeIfUnowned(actor: Actor, place: string, live: Entry): void {
  const object = actor.read(live);
  const references = object.metadata.ownerReferences;
  if (!isArray(references)) return;
  const alive = references.filter((reference) => isThere(actor, reference, live.namespace));
  if (alive.length === 0) {
    const hasForeground = finalizersOf(object).includes(foregroundFinalizer);
    const hasOrphan = finalizersOf(object).includes(orphanFinalizer);
    actor.remove(place, live, {
      uid: live.uid,
      propagation: hasOrphan ? 'Orphan' : hasForeground ? 'Foreground' : 'Background',
    });
  } else if (alive.length < references.length) {
    overwrite(actor.world, place, live, withMetadata(object, { ownerReferences: alive }));
  }
}

/** An owner of a namespaced object is in its namespace, or in none. A kind that is not served is taken as alive. */
function isThere(actor: Actor, reference: Json, namespace: string): boolean {
  if (!isObject(reference)) return false;
  const kind = actor.world.kinds.named(textOf(reference.apiVersion) ?? '', textOf(reference.kind) ?? '');
  if (kind === undefined) return true;
  const owner = actor.get(kind.place, {
    namespace: kind.resource.isNamespaced ? namespace : '',
    name: textOf(reference.name) ?? '',
  });
  return owner !== undefined && owner.uid === reference.uid;
}

/** Whether nothing is left that must go first. */
function removeDependents(actor: Actor, owner: Entry): boolean {
  let isDone = true;
  for (const { resource, entry } of actor.world.store.ownedBy(owner.uid)) {
    const object = actor.read(entry);
    const references = object.metadata.ownerReferences;
    const mine = isArray(references) ? references.find((each) => at(each, 'uid') === owner.uid) : undefined;
    if (!isGoing(object)) actor.remove(resource, entry, { uid: entry.uid, propagation: 'Foreground' });
    const isLeft = actor.get(resource, entry)?.uid === entry.uid;
    if (isLeft && at(mine, 'blockOwnerDeletion') === true) isDone = false;
  }
  return isDone;
}

function orphan(actor: Actor, place: string, owner: Entry, finalizers: readonly string[]): void {
  for (const { resource, entry } of actor.world.store.ownedBy(owner.uid)) {
    const object = actor.read(entry);
    const references = object.metadata.ownerReferences;
    const others = isArray(references) ? references.filter((each) => at(each, 'uid') !== owner.uid) : [];
    const ownerReferences = others.length === 0 ? undefined : others;
    overwrite(actor.world, resource, entry, withMetadata(object, { ownerReferences }));
  }
  if (finalizers.includes(orphanFinalizer)) release(actor, place, owner, orphanFinalizer);
}

/** Takes a finalizer off; the object goes when it was the last. */
function release(actor: Actor, place: string, live: Entry, finalizer: string): void {
  const object = actor.read(live);
  const left = finalizersOf(object).filter((each) => each !== finalizer);
  actor.replace(place, live, withMetadata(object, { finalizers: left.length === 0 ? undefined : left }));
}
