/** One watch: what changes in a collection, until the server ends it. */
import { parseJson } from '../../core/json/text.ts';
import { at, fieldOf, type Json, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { type Clock, DeadlineError } from '../../seam/clock.ts';
import type { Rng } from '../../seam/rng.ts';
import type { Call, Caller } from './call.ts';
import { readLines } from './lines.ts';
import { acceptObject, asObject } from './media.ts';
import type { ClientOptions } from './options.ts';
import { collectionPath, withQuery } from './path.ts';
import { aboutQuery, type ListQuery } from './query.ts';
import { type About, faultOfStatusObject } from './status.ts';

export type WatchFrom =
  /** After this version. */
  | { readonly kind: 'version'; readonly resourceVersion: string }
  /** Every object first, then a `mark` with `isInitialEnd`. Servers before 1.27 send the objects and no such mark. */
  | { readonly kind: 'start' };

export type WatchEvent =
  /** The server has accepted the watch. Always the first event, and once. */
  | { readonly kind: 'opened' }
  /** An object is there, new or changed. */
  | { readonly kind: 'set'; readonly object: KubeObject }
  /** Its last state. With a selector this can also mean that the object lives and no longer matches. */
  | { readonly kind: 'gone'; readonly object: KubeObject }
  /** Everything up to this version has been told. */
  | { readonly kind: 'mark'; readonly resourceVersion: string; readonly isInitialEnd: boolean };

export type WatchSink = (event: WatchEvent) => void;

type Deps = { readonly call: Caller; readonly clock: Clock; readonly rng: Rng };

/**
 * Tells the sink what happens; resolves when the server ends the watch, which is usual.
 *
 * A sink rather than a loop over events: such a loop holds its last event while it waits for the next, and in a fleet
 * ten thousand of them wait.
 *
 * Errors: FaultError: `expired` when the version is forgotten, `unreachable` when the line is cut or silent for
 * `watchIdleMs`, and so on; the signal's reason; or what the sink throws. Half an event at a cut line's end is dropped.
 */
export async function watchOnce(
  query: ListQuery,
  from: WatchFrom,
  sink: WatchSink,
  deps: Deps,
  options: ClientOptions,
  signal: AbortSignal,
): Promise<void> {
  const about = aboutQuery('watch', query);
  const stream = new AbortController();
  const onAbort = (): void => stream.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  using idle = idleTimer(deps.clock, options.watchIdleMs, stream);
  const onLine = (line: string): void => sink(eventOf(line, query, about));
  try {
    const { body } = await deps.call.open(callOf(query, from, about, options, deps.rng), stream);
    sink({ kind: 'opened' });
    await readLines(body, options.bodyBytesMax, onLine, idle.touch);
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    const detail = `${about.doing}: silent for ${options.watchIdleMs} ms`;
    throw new FaultError({ kind: 'unreachable', detail });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function callOf(query: ListQuery, from: WatchFrom, about: About, options: ClientOptions, rng: Rng): Call {
  const { watchSecondsMin, watchSecondsMax } = options;
  const seconds = Math.floor(watchSecondsMin + rng.next() * (watchSecondsMax - watchSecondsMin));
  const path = withQuery(collectionPath(query.kind, query.namespace), {
    watch: 'true',
    labelSelector: query.labelSelector,
    fieldSelector: query.fieldSelector,
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(seconds),
    ...(from.kind === 'version'
      ? { resourceVersion: from.resourceVersion }
      : { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }),
  });
  return { method: 'GET', path, about, accept: acceptObject(query.isMetadataOnly) };
}

function eventOf(line: string, query: ListQuery, about: About): WatchEvent {
  const event = parsed(line, about);
  const type = fieldOf(event, 'type');
  const object = fieldOf(event, 'object');
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'set', object: asObject(object, query.kind, about.doing) };
    case 'DELETED':
      return { kind: 'gone', object: asObject(object, query.kind, about.doing) };
    case 'BOOKMARK': {
      const resourceVersion = textOf(at(object, 'metadata', 'resourceVersion'));
      if (resourceVersion === undefined) break;
      const isInitialEnd = at(object, 'metadata', 'annotations', 'k8s.io/initial-events-end') === 'true';
      return { kind: 'mark', resourceVersion, isInitialEnd };
    }
    case 'ERROR':
      throw new FaultError(faultOfStatusObject(object ?? null, about));
  }
  throw new FaultError({ kind: 'protocol', detail: `${about.doing}: an event of no known type` });
}

function parsed(line: string, about: About): Json {
  try {
    return parseJson(line);
  } catch {
    throw new FaultError({ kind: 'protocol', detail: `${about.doing}: an event that is not JSON` });
  }
}

/** Ends the stream when nothing has come for a while. One timer for many bytes: it looks when it rings. */
function idleTimer(clock: Clock, idleMs: number, stream: AbortController): Disposable & { readonly touch: () => void } {
  let isTouched = false;
  let cancel: () => void;
  const ring = (): void => {
    if (isTouched) cancel = clock.after(idleMs, ring);
    else stream.abort(new DeadlineError(idleMs));
    isTouched = false;
  };
  cancel = clock.after(idleMs, ring);
  return {
    touch: () => {
      isTouched = true;
    },
    [Symbol.dispose]: () => cancel(),
  };
}
