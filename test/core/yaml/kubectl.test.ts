/** Thousands of texts, read by us and by kubectl. */
import { equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { head } from './cases.ts';
import { Choice } from './choice.ts';
import { mutate } from './mutate.ts';
import { oddDocument } from './odd.ts';
import { findOracle } from './oracle.ts';
import { respell } from './respell.ts';
import { samples } from './samples.ts';
import { tally } from './verdict.ts';

const oracle = findOracle();
const count = Number(process.env.ORACLE_CASES ?? 200);
const batch = 2_000;
const values = samples.flatMap((text) => readManifests('sample.yaml', text).documents.map(({ value }) => value));
const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');

/** Each stands below a field, so that kubectl finds the object's own fields whatever becomes of the rest. */
const makers = [
  { name: 'respelled', make: (choice: Choice) => `value:${respell(choice.of(values) ?? null, 2, choice)}` },
  { name: 'mutated', make: (choice: Choice) => `value:\n${indented(mutate(choice.of(samples) ?? '', choice))}` },
  {
    name: 'respelled and mutated',
    make: (choice: Choice) =>
      `value:\n${indented(mutate(`x:${respell(choice.of(values) ?? null, 2, choice)}`, choice))}`,
  },
  { name: 'odd', make: oddDocument },
];

for (const { name, make } of makers)
  test(`readManifests: ${count} ${name} documents as kubectl`, (context) => {
    if (oracle === undefined) return context.skip('no kubectl found to ask');
    const sum = { same: 0, bothRefuse: 0, weRefuse: 0, kubectlRefuses: 0 };
    for (let seed = 0; seed < count; seed += batch) {
      const texts = Array.from({ length: Math.min(batch, count - seed) }, (_, index) => {
        const choice = new Choice(seed + index);
        const text = `${head}${make(choice)}`;
        return choice.once(20) ? text.replaceAll(/\r?\n/g, '\r\n') : text;
      });
      const { counts, firstWrong } = tally(texts, oracle.ask(texts));
      equal(firstWrong, undefined, `seeds from ${seed}: ${counts.wrong} wrong`);
      for (const kind of ['same', 'bothRefuse', 'weRefuse', 'kubectlRefuses'] as const) sum[kind] += counts[kind];
    }
    context.diagnostic(`${oracle.name}: ${JSON.stringify(sum)}`);
    ok(sum.same > count / 20, 'enough of them mean something');
    ok(sum.bothRefuse > 0, 'some of them are broken');
  });
