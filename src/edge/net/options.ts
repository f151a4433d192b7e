/** What the network layer waits for and how much it holds; the defaults suit production. */

export type NetOptions = {
  /** For name lookup, TCP, a proxy's answer and TLS together; once more for the first word of HTTP/2. */
  readonly connectTimeoutMs: number;
  /** On `http://`, for the first SETTINGS of an HTTP/2 session: without them the server is asked in HTTP/1.1. */
  readonly probeTimeoutMs: number;
  /** Between two PINGs of a session in use; also how often idle sessions are looked for. */
  readonly pingIntervalMs: number;
  /** A session whose PING is not answered in this time is dead: a link that went down says nothing. */
  readonly pingTimeoutMs: number;
  /** A connection without requests is closed after this time. */
  readonly idleMs: number;
  /**
   * Flow control window of a session and of each of its streams, in bytes. Node's 64 KiB makes a list of 3.6 MB take
   * seconds over 50 ms of distance.
   */
  readonly windowBytes: number;
  /** HTTP/2 sessions of one connection; beyond, streams wait their turn in the fullest ones. */
  readonly sessionsMax: number;
};

export const defaultNetOptions: NetOptions = {
  connectTimeoutMs: 10_000,
  probeTimeoutMs: 2_000,
  pingIntervalMs: 30_000,
  pingTimeoutMs: 10_000,
  idleMs: 60_000,
  windowBytes: 16 * 1024 * 1024,
  sessionsMax: 16,
};
