/** Lets in whoever has the token: by it, as programs send it, or by the session that it has opened. */
import type { Clock } from '../../seam/clock.ts';
import type { RouteRequest } from '../route.ts';
import { cookieIn } from './cookie.ts';
import { readSecret, type Secret } from './secret-file.ts';
import { endOfSession, isEqual, newSession, sessionCookie } from './session.ts';
import type { Visitor } from './visitor.ts';

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

  async visitorOf({ headers }: Pick<RouteRequest, 'headers'>): Promise<Visitor | undefined> {
    const token = await this.#token();
    const session = cookieIn(headers.cookie, sessionCookie);
    const endMs = session === undefined ? undefined : endOfSession(session, token, this.#clock.nowMs());
    if (endMs !== undefined) return { name: '', endMs };
    const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    const isIn = bearer !== undefined && this.#isRight(bearer, token).kind === 'in';
    return isIn ? { name: '', endMs: undefined } : undefined;
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
