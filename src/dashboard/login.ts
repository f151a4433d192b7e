/** Logging in with the token, and out again; what those see who are not in. */
import type { Access, Gates, Refuse } from '../server/access/access.ts';
import { cookieText } from '../server/access/cookie.ts';
import { visitCookie } from '../server/access/provider-gate.ts';
import { sessionCookie, sessionLifeMs } from '../server/access/session.ts';
import type { TokenGate } from '../server/access/token-gate.ts';
import { type Reply, type Route, type RouteRequest, textReply } from '../server/route.ts';
import { type LayoutDeps, pageReply } from './layout.ts';
import { type LoginView, loginPage } from './page/login.ts';

const bodyBytesMax = 4_096;

export type LoginDeps = LayoutDeps & {
  /** Browsers come by https. */
  readonly isSecure: boolean;
  /** Where people reach our pages; undefined: nobody has said. */
  readonly publicURL: string | undefined;
};

export function loginRoutes(gates: Gates, deps: LoginDeps): readonly Route[] {
  const { isSecure, publicURL } = deps;
  const { token, provider } = gates;
  return [
    {
      method: 'GET',
      path: '/login',
      answer: async ({ query }) => {
        const isOut = query.has('out');
        const farewell = isOut && publicURL !== undefined ? provider?.farewell(`${publicURL}/login`) : undefined;
        return loginReply(gates, { back: safeBack(query.get('back')), isOut, farewell }, deps);
      },
    },
    ...(token === undefined ? [] : [tokenRoute(token, gates, deps)]),
    {
      method: 'POST',
      path: '/logout',
      answer: async (request) => {
        if (isFromElsewhere(request)) return textReply(403, 'a logout comes from this very page');
        const gone = [sessionCookie, visitCookie].map((name) => cookieText(name, '', { isSecure, lifeMs: 0 }));
        return seeOther('/login?out', gone);
      },
    },
  ];
}

const tokenRoute = (token: TokenGate, gates: Gates, deps: LoginDeps): Route => ({
  method: 'POST',
  path: '/login',
  bodyBytesMax,
  answer: async (request) => {
    if (isFromElsewhere(request)) return textReply(403, 'a login comes from this very page');
    const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
    const back = safeBack(form.get('back'));
    const result = await token.login((form.get('token') ?? '').trim());
    if (result.kind === 'in') {
      const { isSecure } = deps;
      return seeOther(back, [cookieText(sessionCookie, result.session, { isSecure, lifeMs: sessionLifeMs })]);
    }
    const isWrong = result.kind === 'wrong';
    const trouble = isWrong ? 'This is not the token.' : 'Too many wrong tokens: try again in a minute.';
    return loginReply(gates, { back, trouble, status: isWrong ? 403 : 429 }, deps);
  },
});

/** The page to log in, with whatever there is to say. */
export const loginReply = (
  { token, provider }: Gates,
  view: Omit<LoginView, 'hasToken' | 'provider'>,
  deps: LayoutDeps,
): Reply => pageReply(loginPage({ ...view, hasToken: token !== undefined, provider: provider?.host }), deps);

/** Browsers are sent to log in, programs are told what is missing. */
export const refuse: Refuse = async ({ path, query }, access): Promise<Reply> => {
  if (access.kind === 'closed') return textReply(403, closedText);
  if (path.startsWith('/api/')) return unknownReply(access.gates);
  const back = query.size === 0 ? path : `${path}?${query}`;
  return seeOther(`/login?${new URLSearchParams({ back })}`);
};

const unknownReply = ({ token }: Extract<Access, { readonly kind: 'guarded' }>['gates']): Reply =>
  token === undefined
    ? textReply(401, 'a session is needed: log in with a browser; for programs set dashboard.tokenFile in the settings')
    : {
        ...textReply(401, 'a token is needed: authorization: Bearer …'),
        headers: { 'www-authenticate': 'Bearer' },
      };

export const closedText =
  'The dashboard is not shown here: others than this machine can ask, and nothing says who may look. Set dashboard.tokenFile or dashboard.oidc in the settings, or listen on 127.0.0.1.';

export const seeOther = (location: string, cookies: readonly string[] = []): Reply => ({
  status: 303,
  headers: { location, ...(cookies.length === 0 ? {} : { 'set-cookie': cookies }) },
  body: '',
});

/** A path of this server and of no other: `//elsewhere` would be one. */
export const safeBack = (back: string | null): string =>
  back !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(back) && !back.startsWith('/login') ? back : '/';

/** Browsers say where a form comes from. */
const isFromElsewhere = ({ headers }: Pick<RouteRequest, 'headers'>): boolean => {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
};
