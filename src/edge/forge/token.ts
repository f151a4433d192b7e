/** The token of a forge, read where it is kept each time it is used: whoever rotates it tells nobody. */
import { readFile } from 'node:fs/promises';
import { FaultError } from '../../core/model/fault.ts';

const tokenMax = 8 * 1024;

/** Errors: `misconfigured`, for a file without a token and for an address where others could read it on its way. */
export async function tokenIn(path: string, apiURL: string): Promise<string> {
  const { protocol, hostname } = new URL(apiURL);
  const isLoopback = /^(?:localhost|127\.[0-9.]+|\[::1\])$/.test(hostname);
  if (protocol !== 'https:' && !isLoopback)
    throw misconfigured('a token over http:// could be read on its way; use https:// for `apiURL`');
  const text = (await textIn(path)).trim();
  if (text === '' || text.length > tokenMax || /[^\u0021-\u007e]/.test(text))
    throw misconfigured(`\`tokenFile\` ${path} holds no token`);
  return text;
}

async function textIn(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw misconfigured(`\`tokenFile\` ${path} cannot be read`, cause);
  }
}

const misconfigured = (detail: string, cause?: unknown): FaultError =>
  new FaultError({ kind: 'misconfigured', detail }, { cause });
