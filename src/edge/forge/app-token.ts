/** The token of a GitHub App where it is installed: good for an hour, and asked for with a key that never leaves this machine. */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { formatJson } from '../../core/json/text.ts';
import { at, type Json, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { type Authority, type ForgeAddress, type ForgeDeps, openConnection } from './client.ts';
import { type AppAuth, type Credential, checkPrivate, textIn } from './credential.ts';

export type AppTokens = {
  readonly current: (signal: AbortSignal) => Promise<Credential>;
  /** The next one is asked for anew. */
  readonly forget: () => void;
  readonly close: () => void;
};

const minuteMs = 60_000;

/** Of a token that is still good for less, nobody knows whether a request arrives in time. */
const restMs = 5 * minuteMs;

/** Clocks differ; GitHub takes none that began in its future, and none that lasts for more than ten minutes. */
const proofAgeMs = minuteMs;
const proofMs = 8 * minuteMs;

type Token = { readonly token: string; readonly renewAtMs: number };

/** Source: docs.github.com/en/apps, "Generating an installation access token", "Generating a JSON Web Token". */
export function openAppTokens(
  auth: AppAuth,
  address: ForgeAddress,
  headers: (credential: Credential) => Readonly<Record<string, string>>,
  deps: ForgeDeps,
): AppTokens {
  const { clock } = deps;
  const authority: Authority = {
    headers: async () => headers({ kind: 'token', token: await proof(auth, clock.nowMs()) }),
  };
  const connection = openConnection(address, authority, deps);
  const client = connection.client('the App');
  const closing = new AbortController();
  let known: Token | undefined;
  let asking: Promise<Token> | undefined;

  const ask = async (): Promise<Token> => {
    checkPrivate(address.apiURL);
    const path = `/app/installations/${auth.installationID}/access_tokens`;
    const said = await client.json({ method: 'POST', path, body: {} }, closing.signal);
    const token = textOf(at(said, 'token'));
    if (token === undefined || /[^\u0021-\u007e]/.test(token)) throw client.oddity('gives no token');
    const endsAtMs = Date.parse(textOf(at(said, 'expires_at')) ?? '');
    const nowMs = clock.nowMs();
    // Where clocks differ by much, each request must not need a token of its own.
    return { token, renewAtMs: Math.max(Number.isNaN(endsAtMs) ? 0 : endsAtMs - restMs, nowMs + minuteMs) };
  };

  /** However many wait for it, it is asked for once. */
  const next = (): Promise<Token> => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    current: async (signal) => {
      if (known === undefined || clock.nowMs() >= known.renewAtMs) known = await unless(signal, next());
      return { kind: 'token', token: known.token };
    },
    forget: () => {
      known = undefined;
    },
    close: () => {
      closing.abort(new FaultError({ kind: 'unreachable', detail: 'the forge was closed' }));
      connection.close();
    },
  };
}

/** What `work` gives. Rejects with the signal's reason when it fires first; the work goes on, for others. */
async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // One of them may reject after the other.
    work.catch(() => undefined);
  }
}

/** A JSON Web Token of RFC 7519, signed as RS256 of RFC 7518. */
async function proof({ id, privateKeyFile }: AppAuth, nowMs: number): Promise<string> {
  const key = keyIn(await textIn('privateKeyFile', privateKeyFile), privateKeyFile);
  const second = (ms: number): number => Math.floor(ms / 1_000);
  const claims = { iat: second(nowMs - proofAgeMs), exp: second(nowMs + proofMs), iss: String(id) };
  const signed = [{ alg: 'RS256', typ: 'JWT' }, claims].map(encoded).join('.');
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

const encoded = (json: Json): string => Buffer.from(formatJson(json)).toString('base64url');

function keyIn(pem: string, path: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // What it says could hold a part of the key.
  }
  throw new FaultError({ kind: 'misconfigured', detail: `\`privateKeyFile\` ${path} holds no RSA key in PEM` });
}
