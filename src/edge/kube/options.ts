/** How the client of one cluster waits, tries again and holds back; the defaults suit production. */

export type ClientOptions = {
  /** Landfall's own, for the User-Agent. */
  readonly version: string;
  /** One attempt of a read of one object, a write, or the beginning of a watch, from sending to the whole answer. */
  readonly requestTimeoutMs: number;
  /** One attempt of one page of a list, and of discovery. */
  readonly listTimeoutMs: number;
  /** How long a watch asks to live. The server ends it; which moment of the range is chance, so that a fleet's do not end together. */
  readonly watchSecondsMin: number;
  readonly watchSecondsMax: number;
  /** A watch without a byte for this long is dead. Servers send bookmarks every minute. */
  readonly watchIdleMs: number;
  /** Requests in flight to the cluster, watches apart. Halved by a 429 and won back slowly. */
  readonly requestsMax: number;
  /** Attempts of a read, the first included. Writes are sent once, but for a 429 that says when to return. */
  readonly attemptsMax: number;
  /** Before the second attempt, doubled for each one after, give or take half. */
  readonly retryDelayMs: number;
  /** A server that asks for a longer wait than this gets no wait at all: the caller hears of it. */
  readonly retryAfterMsMax: number;
  /** Objects asked for in one page of a list. Smaller where a page would exceed `bodyBytesMax`. */
  readonly pageSize: number;
  /** Largest answer, and largest event of a watch, in bytes after decompression. */
  readonly bodyBytesMax: number;
  /** After this, the kinds that the cluster serves are asked for again. */
  readonly kindsMaxAgeMs: number;
};

export const defaultClientOptions: ClientOptions = {
  version: '0',
  requestTimeoutMs: 15_000,
  listTimeoutMs: 60_000,
  watchSecondsMin: 300,
  watchSecondsMax: 600,
  watchIdleMs: 150_000,
  requestsMax: 16,
  attemptsMax: 4,
  retryDelayMs: 250,
  retryAfterMsMax: 15_000,
  pageSize: 500,
  bodyBytesMax: 64 * 1024 * 1024,
  kindsMaxAgeMs: 600_000,
};
