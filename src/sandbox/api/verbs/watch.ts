/** GET of a collection that goes on: what is there, then every change, one JSON line each. */
import { formatJson } from '../../../core/json/text.ts';
import { shownAt } from '../../registry/versions.ts';
import { type Entry, entryAt } from '../../store/entry.ts';
import type { Change } from '../../store/event-log.ts';
import { shapeOf } from '../accept.ts';
import { answer, type Call, itemText } from '../call.ts';
import type { ApiAnswer } from '../exchange.ts';
import { lineStream } from '../line-stream.ts';
import { readListOptions } from '../query.ts';
import { expired, statusOf } from '../refusals.ts';
import { selectionOf } from '../selection.ts';
import { tableText } from '../table.ts';
import { readVersion } from '../version.ts';

const linesMax = 100_000;
const bookmarkMs = 60_000;
const timeoutSecondsMin = 1_800;
const crds = 'customresourcedefinitions.apiextensions.k8s.io';

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export function watch(call: Call): ApiAnswer {
  const { world, kind, signal } = call;
  const { store, clock, rng } = world;
  // The old paths ask for a watch without saying so in the query.
  call.query.set('watch', 'true');
  const options = readListOptions(call.query);
  const shape = shapeOf(call.request.headers.accept);
  const selection = selectionOf(call, options);
  const asked = readVersion(options.resourceVersion, 'watch') ?? 0;

  const endings: (() => void)[] = [];
  const stream = lineStream(linesMax, signal, () => {
    for (const ending of endings) ending();
  });
  let hasColumns = true;
  const textOf = (entry: Entry): string => {
    const shown = shownAt(store, kind.schema, entry);
    if (shape !== 'table') return itemText(shown, shape === 'metadata' ? shape : 'object');
    const text = tableText(call, [shown], { resourceVersion: String(entry.revision) }, hasColumns);
    hasColumns = false;
    return text;
  };
  const send = (type: EventType, entry: Entry): void => {
    call.noteEvent(false);
    stream.push(`{"type":"${type}","object":${textOf(entry)}}\n`);
  };
  const bookmark = (isInitialEnd: boolean): void => {
    call.noteEvent(true);
    const annotations = isInitialEnd ? ',"annotations":{"k8s.io/initial-events-end":"true"}' : '';
    const type = shape === 'object' ? kind.schema : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };
    const metadata = `{"resourceVersion":"${store.revision()}"${annotations}}`;
    stream.push(
      `{"type":"BOOKMARK","object":{"kind":"${type.kind}","apiVersion":"${type.apiVersion}","metadata":${metadata}}}\n`,
    );
  };
  const deliver = (change: Change): void => {
    if (change.revision <= asked) return;
    const event = eventOf(change, selection.matches);
    if (event !== undefined) send(event.type, event.entry);
  };

  const isFromStart = asked === 0 && options.sendsInitialEvents !== false;
  if (isFromStart || options.sendsInitialEvents === true) {
    for (const entry of selection.list(store.revision()) ?? []) if (selection.matches(entry)) send('ADDED', entry);
    if (options.allowsBookmarks) bookmark(true);
  } else if (asked > 0) {
    const missed = store.log.since(asked);
    if (missed === undefined) {
      const refusal = expired(`too old resource version: ${asked} (${store.log.compacted()})`);
      stream.push(`{"type":"ERROR","object":${formatJson(statusOf(refusal))}}\n`);
      stream.end();
      return answer(200, stream.body);
    }
    for (const change of missed) if (change.resource === kind.place) deliver(change);
  }

  endings.push(store.log.subscribe(kind.place, deliver));
  if (kind.schema.custom !== undefined) {
    // With its CRD the kind is gone, and so is every watch of it.
    const onCrd = ({ current, last }: Change): void => {
      if (current === undefined && last.name === kind.place) stream.end();
    };
    endings.push(store.log.subscribe(crds, onCrd));
  }
  const seconds = options.timeoutSeconds ?? 0;
  const timeoutMs = (seconds > 0 ? seconds : timeoutSecondsMin * (1 + rng.next())) * 1_000;
  endings.push(clock.after(timeoutMs, stream.end));
  if (options.allowsBookmarks) endings.push(bookmarks(call, timeoutMs, () => bookmark(false)));
  return answer(200, stream.body);
}

/** About once a minute, and once more shortly before the end, so that the next watch can start from there. */
function bookmarks({ world: { clock, rng } }: Call, timeoutMs: number, send: () => void): () => void {
  let cancel = (): void => {};
  const again = (): void => {
    cancel = clock.after(bookmarkMs * (0.9 + 0.2 * rng.next()), () => {
      send();
      again();
    });
  };
  again();
  const cancelLast = timeoutMs > 2_000 ? clock.after(timeoutMs - 2_000, send) : (): void => {};
  return () => {
    cancel();
    cancelLast();
  };
}

/** What a change looks like through a selector: an object that leaves the selection is DELETED, though it lives. */
function eventOf(
  { previous, current, last, revision }: Change,
  matches: (entry: Entry) => boolean,
): { readonly type: EventType; readonly entry: Entry } | undefined {
  const was = previous !== undefined && matches(previous);
  const is = current !== undefined && matches(current);
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', entry: current };
  if (!was) return undefined;
  return { type: 'DELETED', entry: current === undefined ? last : entryAt(previous, revision) };
}
