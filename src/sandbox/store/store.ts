/** One cluster's objects and their history: what etcd is to a real API server. Knows nothing of kinds or rules. */
import type { KubeObject } from '../../core/model/object.ts';
import type { Held } from '../merge/managed.ts';
import { type Collection, collection } from './collection.ts';
import { type Entry, entryAt, entryOf, stampedAt } from './entry.ts';
import { type Change, type EventLog, eventLog } from './event-log.ts';
import type { ParsedObjects } from './parsed.ts';

export type Store = {
  /** Of the last write. */
  readonly revision: () => number;
  readonly get: (resource: string, namespace: string, name: string) => Entry | undefined;
  /** In order of key; all namespaces when undefined. */
  readonly list: (resource: string, namespace?: string) => readonly Entry[];
  /** As `list` at an earlier revision; undefined when history does not reach back so far. */
  readonly listAt: (resource: string, namespace: string | undefined, revision: number) => readonly Entry[] | undefined;
  /** Objects owned by this uid. */
  readonly ownedBy: (uid: string) => readonly Owned[];
  /** The object, without managedFields. */
  readonly read: (entry: Entry) => KubeObject;
  readonly held: (entry: Entry) => Held;
  /** Creates it or takes the place of what has its name. */
  readonly write: (resource: string, held: Held) => Entry;
  readonly remove: (resource: string, entry: Entry) => void;
  /** Resources that hold something. */
  readonly resources: () => readonly string[];
  readonly log: EventLog;
  readonly size: () => number;
};
export type Owned = { readonly resource: string; readonly entry: Entry };

/** Units: `changesMax` in changes kept for watches. */
export function store(parsed: ParsedObjects, changesMax: number): Store {
  const collections = new Map<string, Collection>();
  const dependents = new Map<string, Map<string, Owned>>();
  const log = eventLog(changesMax);
  let revision = 1;

  const of = (resource: string): Collection => {
    const there = collections.get(resource) ?? collection();
    collections.set(resource, there);
    return there;
  };
  const list = (resource: string, namespace?: string): readonly Entry[] =>
    collections.get(resource)?.list(namespace) ?? [];
  const forgetOwners = (entry: Entry): void => {
    for (const owner of entry.owners) {
      const owned = dependents.get(owner);
      owned?.delete(entry.uid);
      if (owned?.size === 0) dependents.delete(owner);
    }
  };
  const noteOwners = (resource: string, entry: Entry): void => {
    for (const owner of entry.owners) {
      const owned = dependents.get(owner) ?? new Map<string, Owned>();
      dependents.set(owner, owned.set(entry.uid, { resource, entry }));
    }
  };

  return {
    revision: () => revision,
    get: (resource, namespace, name) => collections.get(resource)?.get(namespace, name),
    list,
    listAt: (resource, namespace, at) => {
      const undo = log.since(at);
      return undo === undefined ? undefined : rewind(list(resource, namespace), undo, resource, namespace);
    },
    ownedBy: (uid) => [...(dependents.get(uid)?.values() ?? [])],
    read: parsed.read,
    held: (entry) => ({ object: parsed.read(entry), managed: entry.managed }),
    write: (resource, held) => {
      revision += 1;
      const entry = entryOf(held, revision);
      parsed.keep(entry, stampedAt(held.object, revision));
      const there = of(resource);
      const previous = there.get(entry.namespace, entry.name);
      if (previous !== undefined) forgetOwners(previous);
      there.set(entry);
      noteOwners(resource, entry);
      log.append({ resource, revision, previous, current: entry, last: entry });
      return entry;
    },
    remove: (resource, entry) => {
      revision += 1;
      of(resource).delete(entry);
      forgetOwners(entry);
      log.append({ resource, revision, previous: entry, current: undefined, last: entryAt(entry, revision) });
    },
    resources: () => [...collections].flatMap(([resource, there]) => (there.size() === 0 ? [] : [resource])),
    log,
    size: () => collections.values().reduce((total, there) => total + there.size(), 0),
  };
}

/** `entries` as they were before `changes`. */
function rewind(
  entries: readonly Entry[],
  changes: readonly Change[],
  resource: string,
  namespace: string | undefined,
): readonly Entry[] {
  const then = collection();
  for (const entry of entries) then.set(entry);
  for (const change of changes.toReversed()) {
    if (change.resource !== resource) continue;
    if (namespace !== undefined && change.last.namespace !== namespace) continue;
    if (change.previous === undefined) then.delete(change.last);
    else then.set(change.previous);
  }
  return then.list(namespace);
}
