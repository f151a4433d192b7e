/** What goes in and out of a sandbox cluster, whatever carries it: a socket, a simulation, a test. */

export type ApiRequest = {
  readonly method: string;
  /** Path and query, below the cluster's own prefix. */
  readonly path: string;
  /** Names in lower case; a repeated header is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
};

export type ApiAnswer = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** A watch goes on until its reader leaves, its time is up or the signal fires. */
  readonly body: string | AsyncIterable<Uint8Array>;
};

/** Rejects with `CutError` where a real server would give no answer at all, or with the signal's reason. */
export type Answerer = (request: ApiRequest, signal: AbortSignal) => Promise<ApiAnswer>;

/** The connection ends without an answer, or in the middle of one. */
export class CutError extends Error {
  override readonly name = 'CutError';
  /** `refused`: nothing listens. `reset`: it was cut. */
  readonly how: 'refused' | 'reset';
  constructor(how: 'refused' | 'reset') {
    super(how === 'refused' ? 'connection refused' : 'connection reset');
    this.how = how;
  }
}
