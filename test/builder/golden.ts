/** Golden files: what a person would read, kept beside the tests and reviewed like code. */
import { strictEqual } from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'golden');

/** Set by `npm run golden`. */
export const isUpdating = process.env.UPDATE_GOLDEN === '1';

/** The text of a golden file; undefined when there is none yet. */
export function readGolden(name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Compares a text with the golden file of that name, or writes it when golden files are being updated. */
export function matchGolden(name: string, text: string): void {
  const golden = readGolden(name);
  if (isUpdating && golden !== text) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    return;
  }
  strictEqual(text, golden, `test/golden/${name} is another: read the difference, then run "npm run golden"`);
}
