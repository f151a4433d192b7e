/** One cluster's API: the few verbs that Landfall needs. Every method rejects with FaultError, or with the signal's reason. */
import type { Json } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Net } from '../../seam/net.ts';
import type { Rng } from '../../seam/rng.ts';
import { type Caller, caller } from './call.ts';
import { type Discovery, discovery, type ServedKinds } from './discovery.ts';
import type { ImpersonatedUser } from './identity.ts';
import { requestLimit } from './limit.ts';
import { link } from './link.ts';
import { type Listing, listAll } from './list.ts';
import type { Credentials } from './login.ts';
import { type ClientOptions, defaultClientOptions } from './options.ts';
import type { ObjectRef } from './path.ts';
import { type Pool, pool } from './pool.ts';
import type { ListQuery } from './query.ts';
import { type Action, type GetOptions, get, identity, mayI, version } from './read.ts';
import { type Removal, type RemoveOptions, remove } from './remove.ts';
import { type IssuedToken, issueToken, type TokenRequest } from './token.ts';
import { type WatchFrom, type WatchSink, watchOnce } from './watch.ts';
import { type ApplyOptions, apply, create, patchJson, replace, type WriteOptions } from './write.ts';

export type KubeClient = {
  /** `v1.36.3` */
  readonly version: (signal: AbortSignal) => Promise<string>;
  /** The uid of namespace `kube-system`: which cluster this is, whatever its address. */
  readonly identity: (signal: AbortSignal) => Promise<string>;
  /** See `discovery.ts`. */
  readonly kinds: (signal: AbortSignal, options?: { readonly isFresh?: boolean }) => Promise<ServedKinds>;
  /** Undefined when the server says that this object is not there; see `get`. */
  readonly get: (ref: ObjectRef, signal: AbortSignal, options?: GetOptions) => Promise<KubeObject | undefined>;
  /** Whole or not at all; see `listAll`. */
  readonly list: (query: ListQuery, signal: AbortSignal) => Promise<Listing<KubeObject>>;
  /** As `list`, holding only what `reduce` makes of each object. */
  readonly listReduced: <T>(
    query: ListQuery,
    reduce: (object: KubeObject) => T,
    signal: AbortSignal,
  ) => Promise<Listing<T>>;
  /** One watch, until the server ends it; see `watchOnce`, and `follow` for a watch without end. */
  readonly watch: (query: ListQuery, from: WatchFrom, sink: WatchSink, signal: AbortSignal) => Promise<void>;
  /** Server-side apply; see `apply`. */
  readonly apply: (object: KubeObject, options: ApplyOptions, signal: AbortSignal) => Promise<KubeObject>;
  /** POST, for records and namespaces only. */
  readonly create: (object: KubeObject, kind: Kind, options: WriteOptions, signal: AbortSignal) => Promise<KubeObject>;
  /** PUT at the version that the object carries, for records and leases only. */
  readonly replace: (object: KubeObject, kind: Kind, options: WriteOptions, signal: AbortSignal) => Promise<KubeObject>;
  /** An RFC 6902 patch, guarded by its own `test` operations. */
  readonly patchJson: (ref: ObjectRef, patch: Json, options: WriteOptions, signal: AbortSignal) => Promise<KubeObject>;
  /** DELETE of exactly the object and version that were read; see `remove`. */
  readonly remove: (ref: ObjectRef, options: RemoveOptions, signal: AbortSignal) => Promise<Removal>;
  /** A token of a service account; see `issueToken`. */
  readonly issueToken: (request: TokenRequest, signal: AbortSignal) => Promise<IssuedToken>;
  readonly mayI: (action: Action, signal: AbortSignal) => Promise<boolean>;
  /** The same cluster as somebody else: shares the connection, the limit and the kinds. Closed with this one. */
  readonly as: (user: ImpersonatedUser) => KubeClient;
  /** Ends everything in flight. */
  readonly close: () => void;
};

export type ClientDeps = {
  readonly net: Net;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Shared by the clients of a fleet, so that the kinds of a hundred equal clusters are held once. */
  readonly kindsPool?: Pool<ServedKinds>;
};

/** Dials nothing until it is asked something. */
export function kubeClient(
  credentials: Credentials,
  deps: ClientDeps,
  options: Partial<ClientOptions> = {},
): KubeClient {
  const settings = { ...defaultClientOptions, ...options };
  const { clock, rng } = deps;
  const closing = new AbortController();
  // A replaced connection may finish its watches, the last of which began just now.
  const drainMs = settings.watchSecondsMax * 1_000 + settings.watchIdleMs;
  const connection = link(credentials, drainMs, deps);
  const parts = { link: connection, limit: requestLimit(settings.requestsMax), clock, rng, options: settings };
  const call = caller(parts, undefined);
  const kinds = discovery({ call, clock, kindsPool: deps.kindsPool ?? pool() }, settings, closing.signal);
  const close = (): void => {
    closing.abort(new FaultError({ kind: 'unreachable', detail: 'the client is closed' }));
    connection.close();
  };
  const as = (user: ImpersonatedUser): KubeClient => verbs(caller(parts, user));
  const verbs = (asker: Caller): KubeClient => ({
    ...readVerbs(asker, kinds, deps, settings),
    ...writeVerbs(asker),
    as,
    close,
  });
  return verbs(call);
}

type ReadVerbs = 'version' | 'identity' | 'kinds' | 'get' | 'list' | 'listReduced' | 'watch' | 'mayI';
type WriteVerbs = 'apply' | 'create' | 'replace' | 'patchJson' | 'remove' | 'issueToken';

function readVerbs(
  call: Caller,
  kinds: Discovery,
  { clock, rng }: ClientDeps,
  settings: ClientOptions,
): Pick<KubeClient, ReadVerbs> {
  return {
    version: (signal) => version(call, signal),
    identity: (signal) => identity(call, signal),
    kinds: (signal, asked = {}) => kinds(asked.isFresh === true, signal),
    get: (ref, signal, asked = {}) => get(ref, asked, call, signal),
    list: (query, signal) => listAll(query, (object) => object, call, settings, signal),
    listReduced: (query, reduce, signal) => listAll(query, reduce, call, settings, signal),
    watch: (query, from, sink, signal) => watchOnce(query, from, sink, { call, clock, rng }, settings, signal),
    mayI: (action, signal) => mayI(action, call, signal),
  };
}

const writeVerbs = (call: Caller): Pick<KubeClient, WriteVerbs> => ({
  apply: (object, asked, signal) => apply(object, asked, call, signal),
  create: (object, kind, asked, signal) => create(object, kind, asked, call, signal),
  replace: (object, kind, asked, signal) => replace(object, kind, asked, call, signal),
  patchJson: (ref, patch, asked, signal) => patchJson(ref, patch, asked, call, signal),
  remove: (ref, asked, signal) => remove(ref, asked, call, signal),
  issueToken: (request, signal) => issueToken(request, call, signal),
});
