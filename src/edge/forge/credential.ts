/** Who asks a forge: read where it is kept each time it is used, so that whoever rotates it tells nobody. */
import { readFile } from 'node:fs/promises';
import { FaultError } from '../../core/model/fault.ts';

/** Files with secrets, never the secrets. */
export type ForgeAuth =
  | { readonly kind: 'token'; readonly tokenFile: string }
  | { readonly kind: 'password'; readonly usernameFile: string; readonly passwordFile: string }
  | AppAuth;

/** A GitHub App, where it is installed. */
export type AppAuth = {
  readonly kind: 'app';
  readonly id: number;
  readonly installationID: number;
  readonly privateKeyFile: string;
};

export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string };

/** Errors: `misconfigured`, for a file that holds none and for an address where others could read it on its way. */
export async function credentialIn(auth: Exclude<ForgeAuth, AppAuth>, apiURL: string): Promise<Credential> {
  checkPrivate(apiURL);
  switch (auth.kind) {
    case 'token':
      return { kind: 'token', token: await wordIn('tokenFile', auth.tokenFile) };
    case 'password': {
      const username = await wordIn('usernameFile', auth.usernameFile);
      return { kind: 'password', username, password: await wordIn('passwordFile', auth.passwordFile) };
    }
  }
}

/** A user and a password, as RFC 7617 sends them. */
export const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;

const wordMax = 8 * 1024;

/** Errors: `misconfigured`. */
export function checkPrivate(apiURL: string): void {
  const { protocol, hostname } = new URL(apiURL);
  const isLoopback = /^(?:localhost|127\.[0-9.]+|\[::1\])$/.test(hostname);
  if (protocol !== 'https:' && !isLoopback)
    throw misconfigured('a token over http:// could be read on its way; use https:// for `apiURL`');
}

async function wordIn(name: string, path: string): Promise<string> {
  const text = (await textIn(name, path)).trim();
  if (text === '' || text.length > wordMax || /[^\u0021-\u007e]/.test(text))
    throw misconfigured(`\`${name}\` ${path} holds none`);
  return text;
}

export async function textIn(name: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw misconfigured(`\`${name}\` ${path} cannot be read`, cause);
  }
}

const misconfigured = (detail: string, cause?: unknown): FaultError =>
  new FaultError({ kind: 'misconfigured', detail }, { cause });
