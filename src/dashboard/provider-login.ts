/** Logging in at an OpenID provider: the way there, and the way back. */
import type { Gates } from '../server/access/access.ts';
import { cookieText } from '../server/access/cookie.ts';
import {
  loginCookie,
  loginLifeMs,
  type ProviderGate,
  type Returned,
  visitCookie,
} from '../server/access/provider-gate.ts';
import type { Reply, Route } from '../server/route.ts';
import { type LoginDeps, loginReply, safeBack, seeOther } from './login.ts';

/** Below the public address; providers have to be told of it. */
export const callbackPath = '/login/callback';

/** Ways to the provider, and back from it, in a minute; each back costs a question. */
const turnsMax = 120;
const turnWindowMs = 60_000;

export type ProviderLoginDeps = LoginDeps & { readonly nowMs: () => number };

export function providerRoutes(gate: ProviderGate, gates: Gates, deps: ProviderLoginDeps): readonly Route[] {
  const { isSecure } = deps;
  const isRoom = turns(deps.nowMs);
  const tell = ([trouble, status]: Trouble, back = '/'): Reply => loginReply(gates, { back, trouble, status }, deps);
  return [
    {
      method: 'GET',
      path: '/login/begin',
      answer: async ({ query }) => {
        if (!isRoom()) return tell(crowded);
        const back = safeBack(query.get('back'));
        const sent = await gate.begin(back);
        if (sent.kind === 'away') return tell(troubleOf(sent, gate.host), back);
        const cookie = cookieText(loginCookie, sent.cookie, { isSecure, lifeMs: loginLifeMs, path: callbackPath });
        return seeOther(sent.url, [cookie]);
      },
    },
    {
      method: 'GET',
      path: callbackPath,
      answer: async (request) => {
        if (!isRoom()) return tell(crowded);
        const returned = await gate.finish(request);
        // Whatever came of it, it is over: what comes again with the same cookie is nothing.
        const over = cookieText(loginCookie, '', { isSecure, lifeMs: 0, path: callbackPath });
        if (returned.kind === 'in') {
          const session = cookieText(visitCookie, returned.session, { isSecure, lifeMs: gate.sessionLifeMs });
          return seeOther(returned.back, [session, over]);
        }
        const reply = tell(troubleOf(returned, gate.host));
        return { ...reply, headers: { ...reply.headers, 'set-cookie': [over] } };
      },
    },
  ];
}

type Trouble = readonly [text: string, status: number];

const crowded: Trouble = ['Too many people log in: try again in a minute.', 429];

function troubleOf(returned: Exclude<Returned, { readonly kind: 'in' }>, host: string): Trouble {
  switch (returned.kind) {
    case 'unknown':
      return ['This login took too long, was used before, or began in another browser. Log in again.', 400];
    case 'unwanted':
      return [`${returned.name} is known to ${host}, and is not among those who may look here.`, 403];
    case 'away':
      return [`${host} cannot be asked now. Try again soon; Landfall's log says why.`, 503];
    case 'refused':
      return [`${host} refuses the login: ${returned.reason.slice(0, 300)}`, 403];
  }
}

/** Shape: false when there have been too many in the last minute. */
function turns(nowMs: () => number): () => boolean {
  let taken: readonly number[] = [];
  return () => {
    const now = nowMs();
    taken = taken.filter((atMs) => now - atMs < turnWindowMs);
    if (taken.length >= turnsMax) return false;
    taken = [...taken, now];
    return true;
  };
}
