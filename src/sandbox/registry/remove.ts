/** Takes an object out of a cluster, or marks it as going while finalizers or a grace period hold it. */
import { at, type Json, numberOf, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { conflict } from '../api/refusals.ts';
import { withManaged } from '../merge/managed.ts';
import { type Entry, entryFrom } from '../store/entry.ts';
import { announcements, hasContentFinalizers } from './announcements.ts';
import { finalizersOf, foregroundFinalizer, orphanFinalizer, type Propagation } from './finalizers.ts';
import { habitsOf } from './habits.ts';
import type { ServedKind } from './kinds.ts';
import { checkMortal } from './namespaces.ts';
import { withMetadata } from './objects.ts';
import { timeOf, type World, type Writer } from './world.ts';

export type DeleteOptions = {
  readonly isDryRun: boolean;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly propagation: Propagation | undefined;
  readonly gracePeriodSeconds: number | undefined;
};
export type Removal = {
  readonly kind: ServedKind;
  readonly live: Entry;
  readonly options: DeleteOptions;
  readonly writer: Writer;
  readonly warn: (text: string) => void;
};
/** `isGone`: nothing is left; else `entry` shows it on its way out. */
export type Removed = { readonly entry: Entry; readonly isGone: boolean };

/** Errors: RefusedError. */
export function remove(world: World, removal: Removal): Removed {
  const { kind, live, options, writer } = removal;
  checkPreconditions(kind, live, options);
  const object = world.store.read(live);
  const announced = announcements[kind.place];
  if (kind.place === 'namespaces') checkMortal(live.name);
  review(world, removal, object);

  const isGoing = textOf(object.metadata.deletionTimestamp) !== undefined;
  if (announced !== undefined && !isGoing) {
    return { entry: put(world, kind.place, live, announced(world, object, options), options), isGone: false };
  }
  if (kind.place === 'namespaces' && hasContentFinalizers(object)) return { entry: live, isGone: false };
  const grace = gracePeriodOf(kind, object, options);
  const pending = numberOf(object.metadata.deletionGracePeriodSeconds) ?? 0;
  // Once its grace has begun it can only be made shorter; nothing else about the deletion changes.
  if (isGoing && pending > 0 && (options.gracePeriodSeconds === undefined || grace >= pending)) {
    return { entry: live, isGone: false };
  }
  const finalizers = finalizersFor(kind, object, options);
  if (finalizers.length === 0 && grace === 0) {
    if (!options.isDryRun && !writer.isDryRun) world.store.remove(kind.place, live);
    return { entry: live, isGone: true };
  }
  if (isGoing && grace === pending && isSame(finalizers, finalizersOf(object))) return { entry: live, isGone: false };
  const going = withMetadata(object, {
    ...goingSince(world, object, isGoing, grace),
    deletionGracePeriodSeconds: grace,
    finalizers: finalizers.length === 0 ? undefined : finalizers,
  });
  return { entry: put(world, kind.place, live, going, options), isGone: false };
}

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((each) => others.includes(each));

function goingSince(world: World, object: KubeObject, isGoing: boolean, grace: number): { readonly [f: string]: Json } {
  const deletionTimestamp = timeOf(world.clock.nowMs() + grace * 1_000);
  const generation = numberOf(object.metadata.generation) ?? 0;
  if (isGoing) return grace > 0 ? { deletionTimestamp } : {};
  return { deletionTimestamp, ...(generation > 0 ? { generation: generation + 1 } : {}) };
}

/** Messages speak of the kind, not of the resource, where the real ones do. */
function checkPreconditions(kind: ServedKind, live: Entry, options: DeleteOptions): void {
  const { group, kind: kindName, resource } = kind.resource;
  const { uid, resourceVersion } = options;
  const version = String(live.revision);
  if (announcements[kind.place] !== undefined) {
    const subject = { group, resource, name: live.name };
    const say = (field: string, asked: string, there: string): string =>
      `Precondition failed: ${field} in precondition: ${asked}, ${field} in object meta: ${there}`;
    if (uid !== undefined && uid !== live.uid) throw conflict(subject, say('UID', uid, live.uid));
    if (resourceVersion !== undefined && resourceVersion !== version) {
      throw conflict(subject, say('ResourceVersion', resourceVersion, version));
    }
    return;
  }
  const subject = { group, resource: kindName, name: live.name };
  if (uid !== undefined && uid !== live.uid) {
    throw conflict(
      subject,
      `the UID in the precondition (${uid}) does not match the UID in record (${live.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== version) {
    throw conflict(
      subject,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${version}). The object might have been modified`,
    );
  }
}

function review(world: World, { kind, live, options, writer, warn }: Removal, object: KubeObject): void {
  world.admission.pass(
    {
      operation: 'DELETE',
      resource: kind.resource,
      subresource: '',
      namespace: live.namespace,
      name: live.name,
      object: withManaged({ object, managed: live.managed }),
      previous: undefined,
      user: writer.user,
      isDryRun: options.isDryRun,
    },
    warn,
  );
}

/** Only pods are asked to leave; everything else goes at once. */
function gracePeriodOf(kind: ServedKind, object: KubeObject, options: DeleteOptions): number {
  if (kind.place !== 'pods') return 0;
  const phase = at(object, 'status', 'phase');
  const isPlaced = (textOf(at(object, 'spec', 'nodeName')) ?? '') !== '';
  if (!isPlaced || phase === 'Succeeded' || phase === 'Failed') return 0;
  const wanted = options.gracePeriodSeconds ?? numberOf(at(object, 'spec', 'terminationGracePeriodSeconds')) ?? 30;
  return wanted < 0 ? 1 : wanted;
}

/** The finalizers that hold the object, with those that the garbage collector answers to as the options say. */
function finalizersFor(kind: ServedKind, object: KubeObject, options: DeleteOptions): readonly string[] {
  const there = finalizersOf(object);
  const others = there.filter((each) => each !== orphanFinalizer && each !== foregroundFinalizer);
  const habits = habitsOf(kind.place, kind.schema.custom !== undefined);
  const propagation =
    options.propagation ??
    (there.includes(orphanFinalizer)
      ? 'Orphan'
      : there.includes(foregroundFinalizer)
        ? 'Foreground'
        : habits.orphansByDefault
          ? 'Orphan'
          : 'Background');
  if (propagation === 'Orphan') return [...others, orphanFinalizer];
  return propagation === 'Foreground' ? [...others, foregroundFinalizer] : others;
}

function put(world: World, place: string, live: Entry, object: KubeObject, { isDryRun }: DeleteOptions): Entry {
  const held = { object, managed: live.managed };
  return isDryRun ? entryFrom(held, live.revision) : world.store.write(place, held);
}
