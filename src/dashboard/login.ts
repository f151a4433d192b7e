/** Logging in with the token, and out again; what those see who are not in. */
import type { Access, Refuse, TokenGate } from '../server/access/access.ts';
import { cookieText } from '../server/access/session.ts';
import { type Reply, type Route, type RouteRequest, textReply } from '../server/route.ts';
import { type LayoutDeps, pageReply } from './layout.ts';
import { loginPage } from './page/problem.ts';

const bodyBytesMax = 4_096;

export type LoginDeps = LayoutDeps & {
  /** Browsers come by https. */
  readonly isSecure: boolean;
};

export function loginRoutes(gate: TokenGate, deps: LoginDeps): readonly Route[] {
  const { isSecure } = deps;
  return [
    {
      method: 'GET',
      path: '/login',
      answer: async ({ query }) => pageReply(loginPage(undefined, safeBack(query.get('back'))), deps),
    },
    {
      method: 'POST',
      path: '/login',
      bodyBytesMax,
      answer: async (request) => {
        if (isFromElsewhere(request)) return textReply(403, 'a login comes from this very page');
        const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
        const back = safeBack(form.get('back'));
        const result = await gate.login((form.get('token') ?? '').trim());
        if (result.kind === 'in') return seeOther(back, cookieText(result.session, { isSecure }));
        const trouble =
          result.kind === 'wrong' ? 'This is not the token.' : 'Too many wrong tokens: try again in a minute.';
        return { ...pageReply(loginPage(trouble, back), deps), status: result.kind === 'wrong' ? 403 : 429 };
      },
    },
    {
      method: 'POST',
      path: '/logout',
      answer: async (request) =>
        isFromElsewhere(request)
          ? textReply(403, 'a logout comes from this very page')
          : seeOther('/login', cookieText('', { isSecure, lifeMs: 0 })),
    },
  ];
}

/** Browsers are sent to log in, programs are told what is missing. */
export const refuse: Refuse = async ({ path, query }, access): Promise<Reply> => {
  if (access.kind === 'closed') return textReply(403, closedText);
  if (path.startsWith('/api/'))
    return {
      ...textReply(401, 'a token is needed: authorization: Bearer …'),
      headers: { 'www-authenticate': 'Bearer' },
    };
  const back = query.size === 0 ? path : `${path}?${query}`;
  return seeOther(`/login?${new URLSearchParams({ back })}`);
};

export const closedText =
  'The dashboard is not shown here: others than this machine can ask, and nothing says who may look. Set dashboard.tokenFile in the settings, or listen on 127.0.0.1.';

/** Whoever may look at what. `isLocal`: the listener hears this machine alone. */
export function accessOf(gate: TokenGate | undefined, isLocal: boolean): Access {
  if (gate !== undefined) return { kind: 'token', gate };
  return isLocal ? { kind: 'open' } : { kind: 'closed' };
}

const seeOther = (location: string, cookie?: string): Reply => ({
  status: 303,
  headers: { location, ...(cookie === undefined ? {} : { 'set-cookie': cookie }) },
  body: '',
});

/** A path of this server and of no other: `//elsewhere` would be one. */
const safeBack = (back: string | null): string =>
  back !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(back) && !back.startsWith('/login') ? back : '/';

/** Browsers say where a form comes from. */
const isFromElsewhere = ({ headers }: Pick<RouteRequest, 'headers'>): boolean => {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
};
