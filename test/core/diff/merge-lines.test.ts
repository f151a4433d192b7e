/** Protects: two changes of one file go together just when Git says so, and to the same text. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { mergeLines } from '../../../src/core/diff/merge-lines.ts';
import { similarity } from '../../../src/core/diff/similar.ts';
import { seededRng } from '../../builder/rng.ts';

const lines = (text: string): string => text.split(' ').join('\n').concat('\n');

const cases: readonly {
  readonly name: string;
  readonly base: string;
  readonly here: string;
  readonly there: string;
  /** A text, or where it is a conflict as `from-to/from-to`. */
  readonly result: string;
}[] = [
  { name: 'far apart', base: 'a b c d e', here: 'A b c d e', there: 'a b c d E', result: 'A b c d E' },
  { name: 'a line between', base: 'a b c', here: 'A b c', there: 'a b C', result: 'A b C' },
  { name: 'neighbours', base: 'a b c', here: 'A b c', there: 'a B c', result: '1-2/1-2' },
  { name: 'the same line', base: 'a b c', here: 'a x c', there: 'a y c', result: '2-2/2-2' },
  { name: 'the same change', base: 'a b c', here: 'a x c', there: 'a x c', result: 'a x c' },
  { name: 'one of them nothing', base: 'a b c', here: 'a b c', there: 'a x c', result: 'a x c' },
  { name: 'put in at one place', base: 'a b', here: 'a x b', there: 'a y b', result: '2-2/2-2' },
  { name: 'taken out and changed', base: 'a b c', here: 'a c', there: 'a x c', result: '2-1/2-2' },
  { name: 'lines have moved down', base: 'a b c d', here: 'n n a b x d', there: 'a b y d', result: '5-5/3-3' },
];

for (const { name, base, here, there, result } of cases)
  test(`mergeLines: ${name}`, () => {
    const told = (a: string, b: string): string => {
      const merged = mergeLines(lines(base), lines(a), lines(b));
      if (merged.kind === 'merged') return merged.text.trimEnd().split('\n').join(' ');
      ok(merged.kind === 'conflict');
      return merged.places.map(({ here: h, there: t }) => `${h.from}-${h.to}/${t.from}-${t.to}`).join();
    };
    equal(told(here, there), result);
    const turned = /\//.test(result) ? result.split('/').toReversed().join('/') : result;
    equal(told(there, here), turned, 'the sides change places');
  });

test('mergeLines: a last line without an end is another line, and bytes stay what they are', () => {
  deepEqual(mergeLines('a\nb\nc', 'A\nb\nc', 'a\nb\nc\n'), { kind: 'merged', text: 'A\nb\nc\n' });
  deepEqual(mergeLines('a\r\nb\r\nc\r\n', 'x\r\nb\r\nc\r\n', 'a\r\nb\r\ny\r\n'), {
    kind: 'merged',
    text: 'x\r\nb\r\ny\r\n',
  });
});

test('mergeLines: ten thousand lines that were put in by one side are no hindrance', () => {
  const many = Array.from({ length: 10_000 }, (_, line) => `new ${line}\n`).join('');
  deepEqual(mergeLines('a\nb\nc\n', `a\n${many}b\nc\n`, 'a\nb\nC\n'), {
    kind: 'merged',
    text: `a\n${many}b\nC\n`,
  });
});

test('mergeLines: what differs in more lines than are compared is said, at once', () => {
  const many = (mark: string): string => Array.from({ length: 50_000 }, (_, line) => `${mark}${line}\n`).join('');
  equal(mergeLines(many('a'), many('b'), many('c')).kind, 'tooDifferent');
});

test('mergeLines: agrees with git merge-file on random changes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'landfall-merge-'));
  try {
    const rng = seededRng(11);
    const pick = (max: number): number => Math.floor(rng.next() * max);
    let [merged, conflicts] = [0, 0];
    for (let round = 0; round < 30; round++) {
      // Every line is another, so that there is one way only to tell what was changed.
      const base = Array.from({ length: 8 + pick(12) }, (_, line) => `line ${line}`);
      const change = (mark: string): readonly string[] =>
        base.flatMap((line, index) => {
          const dice = pick(12);
          if (dice === 0) return [];
          if (dice === 1) return [`${mark} ${index}`];
          return dice === 2 ? [line, `${mark} new ${index}`] : [line];
        });
      const sides = { here: change('here'), base, there: change(pick(4) === 0 ? 'here' : 'there') };
      const texts = Object.fromEntries(Object.entries(sides).map(([name, all]) => [name, `${all.join('\n')}\n`]));
      for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
      const git = gitMerge(folder);
      const own = mergeLines(texts.base ?? '', texts.here ?? '', texts.there ?? '');
      equal(own.kind === 'merged' ? own.text : undefined, git, JSON.stringify(sides));
      if (git === undefined) conflicts += 1;
      else merged += 1;
    }
    ok(merged > 5 && conflicts > 5, `${merged} merged, ${conflicts} conflicts`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Shape: undefined for a conflict. */
function gitMerge(folder: string): string | undefined {
  try {
    const args = ['merge-file', '-p', 'here', 'base', 'there'];
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

test('similarity: by the lines that both have, wherever they stand', () => {
  equal(similarity('a\nb\n', 'b\na\n'), 1);
  equal(similarity('a\nb\nc\nd\n', 'a\nb\nc\nx\n'), 0.75);
  equal(similarity('a\n', 'b\n'), 0);
  equal(similarity('', ''), 1);
});
