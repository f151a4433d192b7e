/** Files that credentials are kept in. */
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';

/** After this time a file is read again: whoever rotates it tells nobody. */
export const rereadMs = 60_000;

/** Reads a file that `name` names; relative paths start in `folder`. Errors: misconfigured. */
export async function textOfFile(path: string, folder: string, name: string): Promise<string> {
  const whole = isAbsolute(path) ? path : join(folder, path);
  try {
    return await readFile(whole, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    throw new FaultError({ kind: 'misconfigured', detail: `${name} names ${whole}, which cannot be read (${code})` });
  }
}
