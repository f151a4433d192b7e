/** An OpenID provider: where people are sent to log in, and what it says of them when they come back. */
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  type CustomFetch,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  fetchUserInfo,
  None,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { FaultError } from '../../core/model/fault.ts';
import type { Clock } from '../../seam/clock.ts';
import { type AdmissionRules, type Claims, isAdmitted } from './admission.ts';
import { readSecret } from './secret-file.ts';

export type ProviderSettings = {
  /** `https://login.example.com/realms/main`; in the clear on this machine only. */
  readonly issuer: string;
  readonly clientID: string;
  /** Undefined: a public client, which has nothing but its PKCE verifier. */
  readonly clientSecretFile: string | undefined;
  readonly scopes: readonly string[];
  readonly rules: AdmissionRules;
  /** Where the provider sends people back to. */
  readonly redirectURL: string;
};

export type ProviderDeps = { readonly fetch: CustomFetch; readonly clock: Clock };

/** What only whoever began a login has, from its beginning to its end. */
export type Begun = { readonly state: string; readonly nonce: string; readonly verifier: string };

export type Answer =
  | { readonly kind: 'admitted' | 'unwanted'; readonly claims: Claims }
  /** The provider, or what came from it, says no. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What a provider says of itself is asked for again after this. */
const keptMs = 3_600_000;

export class Provider {
  readonly #settings: ProviderSettings;
  readonly #deps: ProviderDeps;
  #known: { readonly client: Configuration; readonly secret: string | undefined; readonly untilMs: number } | undefined;

  constructor(settings: ProviderSettings, deps: ProviderDeps) {
    this.#settings = settings;
    this.#deps = deps;
  }

  /** Errors: FaultError misconfigured, when the secret cannot be read. */
  async check(): Promise<void> {
    await this.#secret();
  }

  /** Errors: FaultError, when the provider cannot be asked what it is. */
  async begin(): Promise<{ readonly url: string; readonly begun: Begun }> {
    const { redirectURL, scopes } = this.#settings;
    const begun = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(await this.#configuration(), {
      redirect_uri: redirectURL,
      scope: scopes.join(' '),
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, begun };
  }

  /** Errors: FaultError, when the provider cannot be asked. */
  async finish(query: URLSearchParams, begun: Begun): Promise<Answer> {
    const configuration = await this.#configuration();
    const { redirectURL, rules } = this.#settings;
    try {
      const tokens = await authorizationCodeGrant(configuration, new URL(`${redirectURL}?${query}`), {
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        pkceCodeVerifier: begun.verifier,
        idTokenExpected: true,
      });
      const own = tokens.claims();
      if (own === undefined) return { kind: 'refused', reason: 'it sent no ID token' };
      if (isAdmitted(own, rules)) return { kind: 'admitted', claims: own };
      // Many providers say little in the token, and the rest to whoever asks.
      if (configuration.serverMetadata().userinfo_endpoint === undefined) return { kind: 'unwanted', claims: own };
      const claims = { ...own, ...(await fetchUserInfo(configuration, tokens.access_token, own.sub)) };
      return { kind: isAdmitted(claims, rules) ? 'admitted' : 'unwanted', claims };
    } catch (error) {
      return { kind: 'refused', reason: refusalIn(error) };
    }
  }

  /** Where one logs out of the provider itself. Shape: undefined when it has no such place, or is not known yet. */
  farewell(backURL: string): string | undefined {
    const client = this.#known?.client;
    if (client?.serverMetadata().end_session_endpoint === undefined) return undefined;
    return buildEndSessionUrl(client, { post_logout_redirect_uri: backURL }).href;
  }

  /** A secret that was changed counts at once. */
  async #configuration(): Promise<Configuration> {
    const { fetch, clock } = this.#deps;
    const secret = await this.#secret();
    const known = this.#known?.secret === secret ? this.#known : undefined;
    if (known !== undefined && known.untilMs > clock.nowMs()) return known.client;
    const { issuer, clientID } = this.#settings;
    const isInTheClear = issuer.startsWith('http:');
    try {
      const client = await discovery(new URL(issuer), clientID, undefined, authBy(secret), {
        [customFetch]: fetch,
        ...(isInTheClear ? { execute: [allowInsecureRequests] } : {}),
      });
      this.#known = { client, secret, untilMs: clock.nowMs() + keptMs };
      return client;
    } catch (error) {
      if (known !== undefined) return known.client;
      throw new FaultError({ kind: 'unreachable', detail: `${issuer}: ${refusalIn(error)}` }, { cause: error });
    }
  }

  async #secret(): Promise<string | undefined> {
    const { clientSecretFile } = this.#settings;
    // How long it is was the provider's choice.
    return clientSecretFile === undefined ? undefined : (await readSecret(clientSecretFile, 1)).reveal();
  }
}

/** In a header where the provider takes it there, as the standard would have it. */
const authBy =
  (secret: string | undefined): ClientAuth =>
  (server, client, body, headers) => {
    if (secret === undefined) return None()(server, client, body, headers);
    const taken = server.token_endpoint_auth_methods_supported;
    const isBasic = taken === undefined || taken.includes('client_secret_basic');
    return (isBasic ? ClientSecretBasic : ClientSecretPost)(secret)(server, client, body, headers);
  };

/** Errors: what is no refusal is thrown on: a FaultError, or a bug. */
function refusalIn(error: unknown): string {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError)
    return [error.error, error.error_description].filter((part) => part !== undefined).join(': ');
  if (error instanceof WWWAuthenticateChallengeError) return `it answers ${error.status}`;
  if (!(error instanceof ClientError)) throw error;
  if (error.cause instanceof FaultError) throw error.cause;
  return error.message;
}
