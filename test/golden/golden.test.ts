/** Folders of manifests as people write them, and what becomes of them. `npm run golden` writes the answers anew. */
import { deepEqual, ok } from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isUpdating, matchGolden } from '../builder/golden.ts';
import { answersOf } from './answer.ts';
import { caseNames, readCase } from './case.ts';

const cases = caseNames();

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
