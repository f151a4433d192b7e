/** What happened in one cluster, newest last, and who wants to hear of it. Forgets its oldest events, as etcd does. */
import type { Entry } from './entry.ts';

export type Change = {
  readonly resource: string;
  readonly revision: number;
  /** Undefined: it was created. */
  readonly previous: Entry | undefined;
  /** Undefined: it was removed; `last` has its final state. */
  readonly current: Entry | undefined;
  /** `current`, or the state a removed object ended in, at the revision of its removal. */
  readonly last: Entry;
};

export type EventLog = {
  readonly append: (change: Change) => void;
  /** Changes after `revision`, oldest first; undefined when some of them are forgotten. */
  readonly since: (revision: number) => readonly Change[] | undefined;
  /** Changes up to and including this revision are forgotten. */
  readonly compacted: () => number;
  /** Forgets everything up to `revision`. */
  readonly compact: (revision: number) => void;
  /** Called for every change of a resource, `*` for all, in order; the result ends it. */
  readonly subscribe: (resource: string, listener: (change: Change) => void) => () => void;
};

/** Units: `changesMax` in changes; up to a quarter more are kept, so that forgetting is cheap. */
export function eventLog(changesMax: number): EventLog {
  let changes: Change[] = [];
  let compacted = 0;
  const listeners = new Map<string, Set<(change: Change) => void>>();
  const tell = (resource: string, change: Change): void => {
    for (const listener of [...(listeners.get(resource) ?? [])]) listener(change);
  };
  const forget = (count: number): void => {
    if (count <= 0) return;
    compacted = Math.max(compacted, changes[count - 1]?.revision ?? compacted);
    changes = changes.slice(count);
  };
  return {
    append: (change) => {
      changes.push(change);
      if (changes.length > changesMax * 1.25) forget(changes.length - changesMax);
      tell(change.resource, change);
      tell('*', change);
    },
    since: (revision) => (revision < compacted ? undefined : changes.slice(firstAfter(changes, revision))),
    compacted: () => compacted,
    compact: (revision) => {
      forget(firstAfter(changes, revision));
      compacted = Math.max(compacted, revision);
    },
    subscribe: (resource, listener) => {
      const there = listeners.get(resource) ?? new Set();
      listeners.set(resource, there.add(listener));
      return () => {
        there.delete(listener);
        if (there.size === 0 && listeners.get(resource) === there) listeners.delete(resource);
      };
    },
  };
}

/** The index of the first change after `revision`. Cost: logarithmic; revisions only grow. */
function firstAfter(changes: readonly Change[], revision: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((changes[middle]?.revision ?? 0) <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
