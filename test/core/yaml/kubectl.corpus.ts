/** Every file of the corpus, read by us and by kubectl; and what respelling and mutating them makes. */
import { equal, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { head } from './cases.ts';
import { Choice } from './choice.ts';
import { mutate } from './mutate.ts';
import { findOracle } from './oracle.ts';
import { respell } from './respell.ts';
import { tally } from './verdict.ts';

const folder = process.env.LANDFALL_CORPUS ?? '';
const count = Number(process.env.ORACLE_CASES ?? 10_000);
const batch = 1_000;
const oracle = findOracle();
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ya?ml|json)$/.test(file))
  .toSorted()
  .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
const read = files.map(({ file, text }) => readManifests(file, text));
const values = read.flatMap(({ documents }) => documents.map(({ value }) => value));
const small = files.flatMap(({ text }) => (text.length < 20_000 ? [text] : []));

test('corpus: every file as kubectl', (context) => {
  if (oracle === undefined) return context.skip('no kubectl found to ask');
  const texts = files.map(({ text }) => text);
  const { counts, firstWrong } = tally(texts, oracle.ask(texts));
  context.diagnostic(`${oracle.name}: ${files.length} files, ${values.length} objects: ${JSON.stringify(counts)}`);
  equal(firstWrong, undefined);
  ok(counts.same > 0.8 * files.length);
});

/** Below a field, so that kubectl finds the object's own fields whatever becomes of the rest. */
const makers = [
  { name: 'respelled', make: (choice: Choice) => `${head}value:${respell(choice.of(values) ?? null, 2, choice)}` },
  { name: 'mutated', make: (choice: Choice) => `${head}value:\n${indented(mutate(choice.of(small) ?? '', choice))}` },
  {
    name: 'JSON, mutated',
    make: (choice: Choice) => {
      const json = JSON.stringify(choice.of(values), jsonOf, choice.below(3));
      return `{"apiVersion":"v1","kind":"Case","metadata":{"name":"case"},"value":${mutate(json, choice)}}`;
    },
  },
];

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');
const jsonOf = (_field: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

for (const { name, make } of makers)
  test(`corpus: ${count} ${name} documents as kubectl`, (context) => {
    if (oracle === undefined) return context.skip('no kubectl found to ask');
    const sum = { same: 0, bothRefuse: 0, weRefuse: 0, kubectlRefuses: 0 };
    for (let seed = 0; seed < count; seed += batch) {
      const texts = Array.from({ length: Math.min(batch, count - seed) }, (_, index) => make(new Choice(seed + index)));
      const { counts, firstWrong } = tally(texts, oracle.ask(texts));
      equal(firstWrong, undefined, `seeds from ${seed}: ${counts.wrong} wrong`);
      for (const kind of ['same', 'bothRefuse', 'weRefuse', 'kubectlRefuses'] as const) sum[kind] += counts[kind];
    }
    context.diagnostic(`${oracle.name}: ${JSON.stringify(sum)}`);
    ok(sum.same > count / 5, 'enough of them mean something');
  });
