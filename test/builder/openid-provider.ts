/** A real OpenID provider on this machine: certified elsewhere, and held to nothing but what a test has it know. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { type Adapter, type AdapterPayload, type Configuration, Provider } from 'oidc-provider';

export type TestProvider = {
  readonly issuer: string;
  /** Requests so far, as `GET /auth`. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
};

export type TestProviderOptions = {
  readonly clientID: string;
  readonly clientSecret?: string;
  readonly redirectURL: string;
  /** Says all in the ID token, not only to whoever asks for more. */
  readonly isTokenFull?: boolean;
  /** What is known of each account, by its name. */
  readonly accounts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** Shape: whoever types the name of an account is that account. */
export async function openProvider(options: TestProviderOptions): Promise<TestProvider> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const provider = new Provider(issuer, await configurationOf(options));
  const asked: string[] = [];
  const answer = provider.callback();
  server.on('request', (request, response) => {
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    if (request.url?.startsWith('/interaction/') === true) void interact(provider, options, request, response);
    else void answer(request, response);
  });
  return {
    issuer,
    asked,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function configurationOf({
  clientID,
  clientSecret,
  redirectURL,
  isTokenFull,
  accounts,
}: TestProviderOptions): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    clients: [
      {
        client_id: clientID,
        redirect_uris: [redirectURL],
        post_logout_redirect_uris: [new URL('/login', redirectURL).href],
        ...(clientSecret === undefined
          ? { token_endpoint_auth_method: 'none' as const }
          : { client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_basic' as const }),
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'test' }] },
    adapter: memory(),
    conformIdTokenClaims: isTokenFull !== true,
    cookies: { keys: ['only a test'] },
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, name) => ({ accountId: name, claims: () => ({ ...accounts[name], sub: name }) }),
    // Nobody is asked whether Landfall may know who they are.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId,
        accountId: oidc.session?.accountId,
      });
      grant.addOIDCScope('openid profile email groups');
      await grant.save();
      return grant;
    },
    ttl: { Session: 3_600, Grant: 3_600, Interaction: 600, AccessToken: 600, IdToken: 600 },
  };
}

/** One form that asks for a name. */
async function interact(
  provider: Provider,
  { accounts }: TestProviderOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const name = new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get('name') ?? '';
  if (request.method === 'POST') {
    const isKnown = Object.hasOwn(accounts, name);
    const result = isKnown
      ? { login: { accountId: name } }
      : { error: 'access_denied', error_description: 'who is that?' };
    return provider.interactionFinished(request, response, result);
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    '<!doctype html><title>Log in</title><form method="post"><label>Name <input name="name"></label><button>Go on</button></form>',
  );
}

/** Where it keeps what it knows. Nothing is kept for longer than a test. */
function memory(): (kind: string) => Adapter {
  const kept = new Map<string, AdapterPayload>();
  const found = (isIt: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
    [...kept.values()].find(isIt);
  return (kind) => ({
    upsert: async (id, payload) => void kept.set(`${kind}:${id}`, payload),
    find: async (id) => kept.get(`${kind}:${id}`),
    findByUid: async (uid) => found((payload) => payload.uid === uid),
    findByUserCode: async (code) => found((payload) => payload.userCode === code),
    consume: async (id) => {
      const payload = kept.get(`${kind}:${id}`);
      if (payload !== undefined) kept.set(`${kind}:${id}`, { ...payload, consumed: 1 });
    },
    destroy: async (id) => void kept.delete(`${kind}:${id}`),
    revokeByGrantId: async (grant) => {
      for (const [key, { grantId }] of kept) if (grantId === grant) kept.delete(key);
    },
  });
}
