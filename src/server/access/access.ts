/** Who may look: everybody on this machine, whoever has the token, or nobody. */
import type { Clock } from '../../seam/clock.ts';
import type { Route, RouteRequest } from '../route.ts';
import { readSecret, type Secret } from './secret-file.ts';
import { cookieIn, isEqual, isSession, newSession, sessionCookie } from './session.ts';

export type Access =
  /** The listener hears this machine alone. */
  | { readonly kind: 'open' }
  | { readonly kind: 'token'; readonly gate: TokenGate }
  /** Others could ask, and nothing says who they are. */
  | { readonly kind: 'closed' };

/** Wrong tokens in a minute, of whoever; more are not even compared. */
const failuresMax = 10;
const failureWindowMs = 60_000;

export type LoginResult =
  | { readonly kind: 'in'; readonly session: string }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'tooMany' };

export class TokenGate {
  readonly #tokenFile: string;
  readonly #clock: Clock;
  #failures: readonly number[] = [];

  constructor(tokenFile: string, clock: Clock) {
    this.#tokenFile = tokenFile;
    this.#clock = clock;
  }

  /** Errors: FaultError misconfigured, when the token file cannot be read. */
  async check(): Promise<void> {
    await this.#token();
  }

  /** By a session's cookie, or by the token itself, as programs send it. */
  async isAllowed({ headers }: Pick<RouteRequest, 'headers'>): Promise<boolean> {
    const nowMs = this.#clock.nowMs();
    const token = await this.#token();
    const session = cookieIn(headers.cookie, sessionCookie);
    if (session !== undefined && isSession(session, token, nowMs)) return true;
    const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    return bearer !== undefined && this.#isRight(bearer, token).kind === 'in';
  }

  async login(offered: string): Promise<LoginResult> {
    return this.#isRight(offered, await this.#token());
  }

  #isRight(offered: string, token: Secret): LoginResult {
    const nowMs = this.#clock.nowMs();
    this.#failures = this.#failures.filter((atMs) => nowMs - atMs < failureWindowMs);
    if (this.#failures.length >= failuresMax) return { kind: 'tooMany' };
    if (isEqual(offered, token.reveal())) return { kind: 'in', session: newSession(token, nowMs) };
    this.#failures = [...this.#failures, nowMs];
    return { kind: 'wrong' };
  }

  /** Read each time: a token that was changed counts at once, and ends all sessions. */
  #token(): Promise<Secret> {
    return readSecret(this.#tokenFile);
  }
}

/** The same routes, for those who may look. `refuse` answers all others. */
export function guarded(routes: readonly Route[], access: Access, refuse: Refuse): readonly Route[] {
  if (access.kind === 'open') return routes;
  return routes.map((route) => ({
    ...route,
    answer: async (request, signal) => {
      if (access.kind === 'token' && (await access.gate.isAllowed(request))) return route.answer(request, signal);
      return refuse(request, access);
    },
  }));
}

export type Refuse = (
  request: RouteRequest,
  access: Exclude<Access, { readonly kind: 'open' }>,
) => ReturnType<Route['answer']>;
