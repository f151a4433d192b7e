/** Folders of manifests as people write them, and what becomes of them. `npm run golden` writes the answers anew. */
import { deepEqual, ok } from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isUpdating, matchGolden } from '../builder/golden.ts';
import { answersOf } from './answer.ts';
import { readCase } from './case.ts';

const isCase = (folder: string): boolean =>
  existsSync(join(root, folder, 'in')) || existsSync(join(root, folder, 'case.yaml'));

/** `native/pins`: every folder with manifests, by the dialect that they are written in. */
const root = import.meta.dirname;
const cases = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(root, name)).map((each) => join(name, each)))
  .filter(isCase)
  .toSorted();

test('golden: there are cases', () => ok(cases.length >= 25));

for (const name of cases) {
  test(`golden: ${name}`, () => {
    const folder = join(import.meta.dirname, name);
    const answers = answersOf(readCase(folder));
    const there = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /^out.[^/]+$/.test(file));
    const unwanted = there.filter((file) => !answers.has(file));
    if (isUpdating) for (const file of unwanted) rmSync(join(folder, file));
    else deepEqual(unwanted, [], 'answers that nothing gives any more');
    for (const [file, text] of answers) matchGolden(join(name, file), text);
  });
}
