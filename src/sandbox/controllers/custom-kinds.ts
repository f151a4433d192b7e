/** Serves what CustomResourceDefinitions define, says so in their status, and empties a kind before it goes. */
import { at, isArray, isObject, type JsonObject, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { cleanupFinalizer, finalizersOf } from '../registry/finalizers.ts';
import { partOf, withMetadata, withParts } from '../registry/objects.ts';
import { timeOf } from '../registry/world.ts';
import { customKinds } from '../schema/custom.ts';
import type { Entry } from '../store/entry.ts';
import type { Change } from '../store/event-log.ts';
import { type Actor, isGoing } from './actor.ts';
import { conditionsWith } from './conditions.ts';
import type { Controller, Key } from './loop.ts';

export const crdPlace = 'customresourcedefinitions.apiextensions.k8s.io';

export function customKindController(actor: Actor): Controller {
  const { kinds } = actor.world;
  const served = new Map<string, string>();
  const going = new Set<string>();

  const keysOf = ({ resource, current, last }: Change): readonly Key[] => {
    if (resource === crdPlace) return [{ namespace: '', name: last.name }];
    // The place of custom objects is named as their definition is.
    return current === undefined && going.has(resource) ? [{ namespace: '', name: resource }] : [];
  };

  const reconcile = (key: Key): undefined => {
    const live = actor.get(crdPlace, key);
    if (live === undefined) {
      served.delete(key.name);
      going.delete(key.name);
      kinds.replace(key.name, undefined);
      return;
    }
    const object = actor.read(live);
    const text = live.restText;
    const spec = JSON.stringify(at(object, 'spec'));
    if (served.get(key.name) !== spec) {
      served.set(key.name, spec);
      kinds.replace(key.name, customKinds(object));
    }
    if (isGoing(object)) {
      going.add(key.name);
      emptyKind(actor, live, object);
    } else if (!text.includes('"Established"') || !hasAcceptedNames(object)) {
      actor.replace(crdPlace, live, withParts(object, { status: establishedStatus(actor, object) }), 'status');
    }
  };
  return { name: 'custom-kinds', places: ['*'], keysOf, reconcile };
}

const hasAcceptedNames = (object: KubeObject): boolean =>
  JSON.stringify(at(object, 'status', 'acceptedNames')) === JSON.stringify(at(object, 'spec', 'names'));

function establishedStatus(actor: Actor, object: KubeObject): JsonObject {
  const time = timeOf(actor.world.clock.nowMs());
  const status = partOf(object, 'status');
  const there = isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  const accepted = conditionsWith(
    there,
    { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
    time,
  );
  const conditions = conditionsWith(
    accepted,
    {
      type: 'Established',
      status: 'True',
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
    },
    time,
  );
  const versions = at(object, 'spec', 'versions');
  const stored = (isArray(versions) ? versions : []).flatMap((version) =>
    at(version, 'storage') === true ? (textOf(at(version, 'name')) ?? []) : [],
  );
  const before = isArray(status.storedVersions) ? status.storedVersions.flatMap((each) => textOf(each) ?? []) : [];
  return {
    ...status,
    conditions,
    acceptedNames: partOf(partOf(object, 'spec'), 'names'),
    storedVersions: [...new Set([...before, ...stored])],
  };
}

function emptyKind(actor: Actor, live: Entry, object: KubeObject): void {
  const { store } = actor.world;
  for (const entry of store.list(live.name)) {
    if (!isGoing(actor.read(entry))) actor.remove(live.name, entry);
  }
  if (!finalizersOf(object).includes(cleanupFinalizer)) return;
  if (store.list(live.name).length > 0) {
    const reason = 'InstanceDeletionInProgress';
    const message = 'CustomResource deletion is in progress';
    const status = partOf(object, 'status');
    const there = isArray(status.conditions) ? status.conditions.filter(isObject) : [];
    const time = timeOf(actor.world.clock.nowMs());
    const conditions = conditionsWith(there, { type: 'Terminating', status: 'True', reason, message }, time);
    actor.replace(crdPlace, live, withParts(object, { status: { ...status, conditions } }), 'status');
    return;
  }
  const left = finalizersOf(object).filter((each) => each !== cleanupFinalizer);
  actor.replace(crdPlace, live, withMetadata(object, { finalizers: left.length === 0 ? undefined : left }));
}
