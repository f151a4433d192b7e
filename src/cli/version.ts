/** Landfall's own version. */
import { readFileSync } from 'node:fs';
import { parseJson } from '../core/json/text.ts';
import { at, textOf } from '../core/json/value.ts';

/** From the package that this file is in, whether run from source or published. */
export function ownVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return textOf(at(parseJson(manifest), 'version')) ?? '0';
}
