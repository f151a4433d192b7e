/** What core has to be told of the clusters before it can compile. */

import type { AppId, CellId, ClusterId } from './id.ts';
import type { CopyRef } from './intent.ts';
import type { KubeObject } from './object.ts';
import type { CellRecord } from './record.ts';

/** What is looked at of a live object: all that a copy takes, or how much of it runs, or where it is reached. */
export type View = 'copy' | 'workload' | 'pod' | 'address';

/** A read of live objects that some intent asks for. */
export type LiveRead = {
  readonly key: string;
  readonly view: View;
  readonly copy: CopyRef;
  /** One of the Apps that want it. */
  readonly app: AppId;
};

export type ReadResult =
  | { readonly kind: 'found'; readonly objects: readonly KubeObject[] }
  /** Readable, and not there. */
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

export type Observed = {
  /** Records of this installation, from every cluster that could be read. */
  readonly records: ReadonlyMap<CellId, CellRecord>;
  /** Answers to `needs`, by key; a missing one counts as unreadable. */
  readonly reads: ReadonlyMap<string, ReadResult>;
  /** Clusters that could not be read: what they hold is not known. */
  readonly unread: ReadonlySet<ClusterId>;
  /** Clusters that have not answered for so long that others take over. */
  readonly lost: ReadonlySet<ClusterId>;
  readonly nowMs: number;
};

/** One read a source, however many intents ask for it. */
export function readKey(copy: CopyRef, view: View = 'copy'): string {
  const which = copy.which.kind === 'name' ? `name=${copy.which.name}` : JSON.stringify(copy.which.selector);
  return [
    ...(view === 'copy' ? [] : [view]),
    copy.cluster,
    copy.group ?? '*',
    copy.resource.toLowerCase(),
    copy.namespace ?? '',
    which,
  ].join('|');
}
