/** What the server can be asked: a table of routes, each a function from a request to a reply. */

export type RouteRequest = {
  /** Without the query; as sent, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; a repeated header is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty unless the route takes one. */
  readonly body: Uint8Array;
  /** Who looks, where that is asked; empty: whoever has the token. */
  readonly visitor?: string;
};

export type Reply = {
  readonly status: number;
  /** Several of one name are sent one by one. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A stream goes on until it ends or the client leaves. */
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array>;
  /** Ends a stream at once when it fires, whatever the client has not read yet. */
  readonly until?: AbortSignal;
};

export type Route = {
  /** A `GET` route answers `HEAD` too. */
  readonly method: 'GET' | 'POST';
  /** Exactly this path, or all below it when it ends in a slash. */
  readonly path: string;
  /** What a request may bring along; none when absent. */
  readonly bodyBytesMax?: number;
  /** The signal fires when the client leaves, or the server stops. */
  readonly answer: (request: RouteRequest, signal: AbortSignal) => Promise<Reply>;
};

export type Match =
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'notFound' }
  /** There is such a path, and not for this method. */
  | { readonly kind: 'notAllowed'; readonly methods: readonly string[] };

/** Shape: an exact path goes before a folder, a deep folder before a shallow one. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match {
  const fitting = routes.filter((route) => (isFolder(route) ? path.startsWith(route.path) : path === route.path));
  if (fitting.length === 0) return { kind: 'notFound' };
  const asked = method === 'HEAD' ? 'GET' : method;
  const [best] = fitting.filter((route) => route.method === asked).toSorted((a, b) => rankOf(b) - rankOf(a));
  if (best !== undefined) return { kind: 'route', route: best };
  const methods = fitting.flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]));
  return { kind: 'notAllowed', methods: [...new Set(methods)] };
}

const isFolder = ({ path }: Route): boolean => path.endsWith('/') && path !== '/';
const rankOf = (route: Route): number => (isFolder(route) ? route.path.length : Number.POSITIVE_INFINITY);

export const textReply = (status: number, text: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${text}\n`,
});
