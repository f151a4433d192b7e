/**
 * Protects: one value of another type, one misspelt key, one cluster that is not there, or one document twice, in any manifests of
 * any dialect, throws nothing, deletes nothing, and changes no App that it says nothing of. `LANDFALL_SWEEP=full` tries many more of them.
 */
import { deepEqual, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { compile } from '../../src/core/compile/compile.ts';
import { fnv1 } from '../../src/core/placement/fnv.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import { seededRng } from '../builder/rng.ts';
import { after, type Texts } from '../builder/world.ts';
import { caseNames, readCase } from './case.ts';
import { doubleIn, type Mutation, mutationIn, renamingIn, said, strangerIn, withDocuments } from './mutate.ts';
import { describeCell, type Outcome, outcomeOf } from './outcome.ts';

const rounds = process.env.LANDFALL_SWEEP === 'full' ? 40 : 1;

for (const name of caseNames()) {
  const texts = manifestsOf(name);
  if (texts.length === 0) continue;
  test(`compile: one wrong value in ${name} harms nothing else`, () => {
    const rng = seededRng(fnv1(name));
    for (let round = 0; round < rounds; round++) check(name, mutationIn(texts, rng));
  });
  test(`compile: one misspelt key in ${name} harms nothing else`, () => {
    const rng = seededRng(fnv1(`${name}, misspelt`));
    for (let round = 0; round < rounds; round++) check(name, renamingIn(texts, rng));
  });
  test(`compile: one cluster in ${name} that nobody knows harms nothing else`, () => {
    const rng = seededRng(fnv1(`${name}, unknown cluster`));
    const clusters = clustersOf(name);
    for (let round = 0; round < rounds; round++) check(name, strangerIn(texts, clusters, rng));
  });
  test(`compile: one document of ${name} twice harms nothing else`, () => {
    const rng = seededRng(fnv1(`${name}, twice`));
    for (let round = 0; round < rounds; round++) check(name, doubleIn(texts, rng));
  });
}

type Text = { readonly path: string; readonly text: string };

const clustersOf = (name: string): ReadonlySet<string> =>
  new Set([...compile(readCase(join(import.meta.dirname, name))).cells.values()].map(({ cluster }) => cluster));

/** Files that are read whole; what cannot be read is another test's. */
function manifestsOf(name: string): readonly Text[] {
  const found: Text[] = [];
  readCase(join(import.meta.dirname, name), (texts) => {
    found.push(...Object.entries(texts).map(([path, text]) => ({ path, text })));
    return texts;
  });
  return found.filter(({ path, text }) => {
    const { documents, problems } = readManifests(path, text);
    return /\.ya?ml$/.test(path) && problems.length === 0 && documents.length > 0;
  });
}

function check(name: string, mutation: Mutation | undefined): void {
  if (mutation === undefined) return;
  const { path, text, documents, index } = mutation;
  // Written anew in every case, so that no line is another for another reason.
  const read = (changed: typeof documents) =>
    readCase(join(import.meta.dirname, name), (texts: Texts) =>
      texts[path] === text ? { ...texts, [path]: withDocuments(changed) } : texts,
    );
  const fresh = read(documents);
  const applied = after(compile(fresh), fresh);
  const outcome = (changed: typeof documents): Outcome => outcomeOf({ ...read(changed), observed: applied.observed });
  const before = outcomeOf(applied);
  const now = outcome(mutation.changed);
  const why = `${name}: ${said(mutation)}`;
  deepEqual(
    [...now.deletes].filter((line) => !before.deletes.has(line)),
    [],
    why,
  );
  const others = [...before.cells.values()].filter(
    (cell) => cell.source !== path && describeCell(now.cells.get(cell.id)) !== describeCell(cell),
  );
  if (others.length === 0) return;
  const without = outcome(documents.toSpliced(index, 1));
  for (const cell of others) {
    if (describeCell(cell) !== describeCell(without.cells.get(cell.id))) continue;
    // What is in doubt may keep more than itself as it is, and says so.
    const isKept = now.cells.get(cell.id)?.aim.kind === 'unknown' && now.problems > before.problems;
    ok(isKept, `${cell.id} is another: ${why}`);
  }
}
