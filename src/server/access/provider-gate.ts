/** Lets in whom an OpenID provider vouches for, and remembers it in a cookie that nobody else can read or make. */
import { canonical, longDigestOfText } from '../../core/json/digest.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Log } from '../../seam/log.ts';
import type { RouteRequest } from '../route.ts';
import { nameOf } from './admission.ts';
import { cookieIn } from './cookie.ts';
import type { Begun, Provider, ProviderSettings } from './provider.ts';
import type { Sealer } from './seal.ts';
import type { Visitor } from './visitor.ts';

export const visitCookie = 'landfall-visit';
/** From the way to the provider until one is back. */
export const loginCookie = 'landfall-login';

/** Nobody types a password for longer. */
export const loginLifeMs = 600_000;

export type ProviderGateSettings = ProviderSettings & { readonly sessionLifeMs: number };

export type Returned =
  | { readonly kind: 'in'; readonly session: string; readonly back: string; readonly name: string }
  /** Nothing is known of such a login: it took too long, is over, or began elsewhere. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unwanted'; readonly name: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | Away;

/** The provider cannot be asked now; the log says why. */
export type Away = { readonly kind: 'away' };

/** `cookie` is what only whoever begins has. */
export type Sent = { readonly kind: 'sent'; readonly url: string; readonly cookie: string };

export type ProviderGateDeps = { readonly provider: Provider; readonly sealer: Sealer; readonly log: Log };

export class ProviderGate {
  readonly #deps: ProviderGateDeps;
  /** Whom these settings let in says nothing of whom others would. */
  readonly #terms: string;
  readonly sessionLifeMs: number;
  /** What people know it by. */
  readonly host: string;

  constructor({ sessionLifeMs, ...settings }: ProviderGateSettings, deps: ProviderGateDeps) {
    const { issuer, clientID, rules } = settings;
    this.#deps = deps;
    this.#terms = longDigestOfText(canonical({ issuer, clientID, rules }));
    this.sessionLifeMs = sessionLifeMs;
    this.host = new URL(issuer).host;
  }

  /** Errors: FaultError misconfigured, when a secret cannot be read. The provider itself is not asked: it may be away. */
  async check(): Promise<void> {
    await this.#deps.provider.check();
    await this.#deps.sealer.seal('session', {}, 0);
  }

  async visitorOf({ headers }: Pick<RouteRequest, 'headers'>): Promise<Visitor | undefined> {
    const cookie = cookieIn(headers.cookie, visitCookie);
    const opened = cookie === undefined ? undefined : await this.#deps.sealer.open('session', cookie);
    if (opened === undefined || opened.claims.terms !== this.#terms) return undefined;
    return { name: String(opened.claims.name ?? ''), endMs: opened.endMs };
  }

  begin(back: string): Promise<Sent | Away> {
    return this.#unlessAway(async () => {
      const { url, begun } = await this.#deps.provider.begin();
      return { kind: 'sent', url, cookie: await this.#deps.sealer.seal('login', { ...begun, back }, loginLifeMs) };
    });
  }

  async finish(request: Pick<RouteRequest, 'headers' | 'query'>): Promise<Returned> {
    const returned = await this.#unlessAway(() => this.#finish(request));
    const { log } = this.#deps;
    if (returned.kind === 'in') log.info('somebody logged in', { name: returned.name });
    else if (returned.kind === 'unwanted') log.info('login refused', { name: returned.name, reason: 'no rule fits' });
    else if (returned.kind === 'refused') log.info('login refused', { provider: this.host, reason: returned.reason });
    return returned;
  }

  async #unlessAway<T>(work: () => Promise<T>): Promise<T | Away> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      this.#deps.log.warn('login not possible', { provider: this.host, reason: error.fault.detail });
      return { kind: 'away' };
    }
  }

  async #finish({ headers, query }: Pick<RouteRequest, 'headers' | 'query'>): Promise<Returned> {
    const cookie = cookieIn(headers.cookie, loginCookie);
    const opened = cookie === undefined ? undefined : await this.#deps.sealer.open('login', cookie);
    if (opened === undefined) return { kind: 'unknown' };
    const part = (name: keyof Begun | 'back'): string => String(opened.claims[name] ?? '');
    const begun = { state: part('state'), nonce: part('nonce'), verifier: part('verifier') };
    if (query.get('state') !== begun.state) return { kind: 'unknown' };
    const answer = await this.#deps.provider.finish(query, begun);
    if (answer.kind === 'refused') return answer;
    const name = nameOf(answer.claims);
    if (answer.kind === 'unwanted') return { kind: 'unwanted', name };
    const session = await this.#deps.sealer.seal('session', { name, terms: this.#terms }, this.sessionLifeMs);
    return { kind: 'in', session, back: part('back'), name };
  }

  /** Where one logs out of the provider as well, if it has such a place. */
  farewell(backURL: string): string | undefined {
    return this.#deps.provider.farewell(backURL);
  }
}
