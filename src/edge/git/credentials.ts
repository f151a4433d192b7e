/** Secrets for one attempt, read where they are kept at that moment. */
import { readFile } from 'node:fs/promises';
import { FaultError } from '../../core/model/fault.ts';
import { unreachable } from '../../core/model/invariant.ts';
import type { Credential } from './remote/remote.ts';
import { type GitCredentials, misconfigured, type SecretText } from './settings.ts';
import type { GitURL } from './url.ts';

const secretBytesMax = 64 * 1024;

/** Errors: `misconfigured`, when a secret cannot be read or is of no use for this address. */
export async function credentialFor(
  url: GitURL,
  credentials: GitCredentials,
  signal: AbortSignal,
): Promise<Credential> {
  if (credentials.kind === 'none' || url.kind === 'local') return { kind: 'none' };
  if (credentials.kind === 'ssh') {
    if (url.kind !== 'ssh') throw misconfigured('a key is of no use for a repository over http(s)');
    return { kind: 'key', text: await secretOf(credentials.key, signal) };
  }
  if (url.kind !== 'http') throw misconfigured('a repository over ssh needs a key, not a password or token');
  if (!url.url.startsWith('https:') && !url.isLoopback) {
    throw misconfigured('credentials over http:// could be read on their way; use https://');
  }
  switch (credentials.kind) {
    case 'basic': {
      const password = oneLine(await secretOf(credentials.password, signal));
      const username = credentials.username === '' ? (url.username ?? 'git') : credentials.username;
      return { kind: 'header', value: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
    }
    case 'bearer':
      return { kind: 'header', value: `Bearer ${oneLine(await secretOf(credentials.token, signal))}` };
    default:
      return unreachable(credentials);
  }
}

async function secretOf(secret: SecretText, signal: AbortSignal): Promise<string> {
  const text = secret.kind === 'source' ? await secret.read(signal) : await fileText(secret.path);
  if (text.trim() === '') throw misconfigured('a secret for a repository is empty');
  if (text.length > secretBytesMax) throw misconfigured('a secret for a repository is too long to be one');
  return text;
}

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof FaultError) throw cause;
    throw misconfigured(`cannot read the secret in ${path}`, cause);
  }
}

/** A header holds one line; what editors add at the end of a file is no part of a token. */
function oneLine(text: string): string {
  const line = text.trim();
  if (/[\u0000-\u001f\u007f]/.test(line)) throw misconfigured('a password or token holds a control character');
  return line;
}
