/** One watch, event by event. */
import type { IncomingMessage } from 'node:http';
import { parseJson } from '../../src/core/json/text.ts';
import { at, isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';

export type WatchEvent = { readonly type: string; readonly object: JsonObject };

export type Watch = Disposable & {
  readonly status: number;
  /** The next event, or undefined when the server has ended the watch. Rejects when none comes in time. */
  readonly next: () => Promise<WatchEvent | undefined>;
  /** The events up to and with the first that passes. Rejects when the watch ends before. */
  readonly until: (isLast: (event: WatchEvent) => boolean) => Promise<readonly WatchEvent[]>;
  /** All that is left, up to the server's end of the watch. */
  readonly rest: () => Promise<readonly WatchEvent[]>;
};

/** `ADDED web` or, for a bookmark, `BOOKMARK`: a watch at a glance. */
export function brief(event: WatchEvent): string {
  const name = at(event.object, 'metadata', 'name');
  return typeof name === 'string' ? `${event.type} ${name}` : event.type;
}

export function watchOf(response: IncomingMessage, eventMsMax: number): Watch {
  const lines = linesOf(response);
  const next = async (): Promise<WatchEvent | undefined> => {
    const overdue = Promise.withResolvers<never>();
    const timer = setTimeout(() => overdue.reject(new Error(`no watch event within ${eventMsMax} ms`)), eventMsMax);
    try {
      const line = await Promise.race([lines.next(), overdue.promise]);
      return line.done === true ? undefined : eventOf(parseJson(line.value));
    } finally {
      clearTimeout(timer);
    }
  };
  const collect = async (isLast: (event: WatchEvent) => boolean): Promise<readonly WatchEvent[] | undefined> => {
    const events: WatchEvent[] = [];
    for (let event = await next(); event !== undefined; event = await next()) {
      events.push(event);
      if (isLast(event)) return events;
    }
    return undefined;
  };
  return {
    status: response.statusCode ?? 0,
    next,
    until: async (isLast) => {
      const events = await collect(isLast);
      if (events === undefined) throw new Error('the watch ended before the event came');
      return events;
    },
    rest: async () => {
      const events: WatchEvent[] = [];
      for (let event = await next(); event !== undefined; event = await next()) events.push(event);
      return events;
    },
    [Symbol.dispose]: () => response.destroy(),
  };
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string, undefined> {
  let pending = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    const lines = `${pending}${chunk}`.split('\n');
    pending = lines.pop() ?? '';
    yield* lines;
  }
  return undefined;
}

/** An answer that is no event, such as the Status of a refused watch, is an event of type `ANSWER`. */
function eventOf(line: Json): WatchEvent {
  const type = at(line, 'type');
  const object = at(line, 'object');
  if (typeof type === 'string' && isObject(object)) return { type, object };
  return { type: 'ANSWER', object: isObject(line) ? line : {} };
}
