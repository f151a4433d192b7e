/** HTTP to one server. The real one opens sockets; a simulation answers from the same process. */

export type Endpoint = {
  /** `https://host:port`, or `http://…` for a server on this machine; no path. */
  readonly origin: string;
  /** PEM. Absent: the system's roots. */
  readonly ca?: string | undefined;
  /** PEM client certificate and key; both or neither. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Name to check the certificate against, when it is not the host of `origin`. */
  readonly serverName?: string | undefined;
  /** The chain is checked, the name is not. */
  readonly isNameUnchecked?: boolean | undefined;
  /** Never an address of this link, where machines in a cloud are told who they are. */
  readonly isGuarded?: boolean | undefined;
  /** Only ever set by an operator. */
  readonly isInsecure?: boolean | undefined;
  /** `http://` or `https://` proxy that answers CONNECT. */
  readonly proxyURL?: string | undefined;
};

export type NetRequest = {
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers of one name that must not be joined, as `impersonate-group`; in lower case, sent after `headers`. */
  readonly repeatedHeaders?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
  /** An answer that goes on and on: kept off the connection that short requests use. */
  readonly isStream?: boolean;
};

export type NetResponse = {
  readonly status: number;
  /** Names in lower case; a repeated header is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read once. Ends early with an error when the connection is cut; leaving the loop ends the request. */
  readonly body: AsyncIterable<Uint8Array>;
};

export type Connection = {
  /** Rejects with FaultError (`unreachable`, `protocol`, `misconfigured`), or with the signal's reason. */
  readonly request: (request: NetRequest, signal: AbortSignal) => Promise<NetResponse>;
  /** Ends everything in flight. */
  readonly close: () => void;
};

export type Net = { readonly connect: (endpoint: Endpoint) => Connection };
