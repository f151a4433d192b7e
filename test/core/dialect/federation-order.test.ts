/** Protects: what a federation's manifests come to does not depend on the order of clusters, documents or files. */
import { deepEqual, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compile } from '../../../src/core/compile/compile.ts';
import { seededRng } from '../../builder/rng.ts';
import { type Texts, worldOf } from '../../builder/world.ts';

const examples = join(import.meta.dirname, '../../../examples');

function documentsOf(folder: string): readonly string[] {
  const root = join(examples, folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .flatMap((file) => readFileSync(join(root, file), 'utf8').split(/^---\n/m));
}

/** Every cell's objects and counts, in an order of their own. */
function comesTo(texts: Texts): readonly (readonly [string, unknown])[] {
  const { cells, diagnostics } = compile(worldOf(texts));
  deepEqual(diagnostics, []);
  const all = [...cells].map(([id, { aim, onDelete, stage }]) => {
    const held = aim.kind === 'hold' ? aim.rendering.objects.map(({ object }) => object) : aim.reason;
    return [id, { held, onDelete, stage }] as const;
  });
  return all.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

for (const folder of ['kubefed', 'federation-v1']) {
  test(`federation: the order of ${folder}'s documents changes nothing`, () => {
    const documents = documentsOf(folder);
    const whole = comesTo({ 'all.yaml': documents.join('---\n') });
    ok(whole.length >= documents.length);
    const rng = seededRng(3);
    for (let round = 0; round < 10; round++) {
      const mixed = documents.map((text) => ({ text, at: rng.next() })).toSorted((a, b) => a.at - b.at);
      deepEqual(comesTo({ 'all.yaml': mixed.map(({ text }) => text).join('---\n') }), whole);
      deepEqual(comesTo(Object.fromEntries(mixed.map(({ text }, index) => [`f${index}.yaml`, text]))), whole);
    }
  });
}
