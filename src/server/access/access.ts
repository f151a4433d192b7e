/** Who may look: everybody on this machine, whoever has logged in, or nobody. */
import type { Clock } from '../../seam/clock.ts';
import type { Reply, Route, RouteRequest } from '../route.ts';
import type { ProviderGate } from './provider-gate.ts';
import type { TokenGate } from './token-gate.ts';
import type { Visitor } from './visitor.ts';

/** The ways in. */
export type Gates = { readonly token: TokenGate | undefined; readonly provider: ProviderGate | undefined };

export type Access =
  /** The listener hears this machine alone. */
  | { readonly kind: 'open' }
  | { readonly kind: 'guarded'; readonly gates: Gates }
  /** Others could ask, and nothing says who they are. */
  | { readonly kind: 'closed' };

/** `isLocal`: the listener hears this machine alone. */
export function accessBy(gates: Gates, isLocal: boolean): Access {
  if (gates.token !== undefined || gates.provider !== undefined) return { kind: 'guarded', gates };
  return isLocal ? { kind: 'open' } : { kind: 'closed' };
}

/** The same routes, for those who may look, and for no longer than they may. `refuse` answers all others. */
export function guarded(routes: readonly Route[], access: Access, deps: GuardDeps): readonly Route[] {
  if (access.kind === 'open') return routes;
  return routes.map((route) => ({
    ...route,
    answer: async (request, signal) => {
      const visitor = access.kind === 'guarded' ? await visitorAt(access.gates, request) : undefined;
      if (visitor === undefined) return deps.refuse(request, access);
      const reply = await route.answer({ ...request, visitor: visitor.name }, signal);
      return visitor.endMs === undefined ? reply : endingAt(visitor.endMs, reply, deps.clock);
    },
  }));
}

export type GuardDeps = { readonly refuse: Refuse; readonly clock: Clock };

export type Refuse = (
  request: RouteRequest,
  access: Exclude<Access, { readonly kind: 'open' }>,
) => ReturnType<Route['answer']>;

const visitorAt = async ({ token, provider }: Gates, request: RouteRequest): Promise<Visitor | undefined> =>
  (await token?.visitorOf(request)) ?? (await provider?.visitorOf(request));

/** A stream that somebody was let in for ends with the session. */
function endingAt(endMs: number, reply: Reply, clock: Clock): Reply {
  const { body } = reply;
  if (typeof body === 'string' || body instanceof Uint8Array) return reply;
  const over = new AbortController();
  async function* during(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
    const cancel = clock.after(Math.max(0, endMs - clock.nowMs()), () => over.abort(new Error('the session is over')));
    try {
      yield* parts;
    } finally {
      cancel();
    }
  }
  return {
    ...reply,
    body: during(body),
    until: reply.until === undefined ? over.signal : AbortSignal.any([reply.until, over.signal]),
  };
}
