/** What we read is what kubectl read when it was asked last, and what it reads now where there is one. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { isUpdating, matchGolden, readGolden } from '../../builder/golden.ts';
import { type Case, cases, head } from './cases.ts';
import { type Answer, annotated, findOracle } from './oracle.ts';
import { spellings } from './spellings.ts';

/** Where kubectl reads and we refuse, with what code; the reasons are in docs of `src/core/yaml/problem.ts`. */
const stricter = new Map([
  ['a key twice', 'A1020'],
  ['a key twice, as number and text', 'A1020'],
  ['a key twice, far apart in flow', 'A1020'],
  ['JSON with a key twice', 'A1020'],
  ['the tag timestamp', 'A1022'],
  ['the tag binary, no UTF-8', 'A1022'],
  ['a tag of its own', 'A1022'],
  ['a wrong tag on a map', 'A1022'],
  ['a byte order mark at a line', 'A1001'],
  ['a document behind a document end', 'A1031'],
  ['JSON one behind another, behind a separator', 'A1031'],
  ['a separator with a comment close to it', 'A1031'],
]);

/** Where kubectl refuses and we read. */
const laxer = new Set(['JSON behind YAML, an escaped slash']);

/** Where kubectl takes now one, now the other: it goes through a map of Go. */
const byChance = new Set(['a key twice, as number and text']);

type Line = { readonly name: string; readonly text: string };

const scalarLines: readonly Line[] = spellings.flatMap((spelling) => [
  { name: `value ${spelling}`, text: `${head}v: ${spelling}\n` },
  { name: `key ${spelling}`, text: `${head}v:\n  ? ${spelling}\n  : x\n` },
]);

function ours({ text }: Case): Answer {
  const { documents, problems } = readManifests('case.yaml', text);
  const [problem] = problems;
  if (problem !== undefined) return { kind: 'refused', error: problem.code };
  return { kind: 'read', objects: documents.map(({ value }) => annotated(value)) };
}

const say = (answer: Answer): string =>
  answer.kind === 'refused'
    ? 'refused'
    : answer.objects
        .map((object) =>
          object.replace(',"metadata":{"annotations":{"oracle.landfall.dev/read":"yes"},"name":"case"}', ''),
        )
        .join('\n');

const print = (lines: readonly Line[], answers: readonly Answer[]): string =>
  lines
    .map(({ name }, index) => {
      const answer = answers[index] ?? { kind: 'refused', error: '' };
      return `${name}\n${byChance.has(name) && answer.kind === 'read' ? 'one of the two, by chance' : say(answer)}\n`;
    })
    .join('\n');

const oracle = findOracle();
const tables = [
  { name: 'scalars', golden: 'yaml/scalars.txt', lines: scalarLines },
  { name: 'documents', golden: 'yaml/documents.txt', lines: cases },
];

for (const { name, golden, lines } of tables) {
  test(`readManifests: ${name} as kubectl, from the golden file`, () => {
    if (isUpdating && oracle !== undefined)
      matchGolden(golden, print(lines, oracle.ask(lines.map(({ text }) => text))));
    const wanted = (readGolden(golden) ?? '').split(/\n\n/);
    equal(wanted.length, lines.length, 'an answer for each');
    for (const [index, line] of lines.entries()) {
      const answer = ours(line);
      const code = stricter.get(line.name);
      if (code !== undefined) {
        deepEqual(answer, { kind: 'refused', error: code }, line.name);
        equal(wanted[index]?.endsWith('\nrefused'), false, `${line.name}: kubectl reads it`);
      } else if (laxer.has(line.name)) {
        equal(answer.kind, 'read', line.name);
        equal(wanted[index]?.trimEnd(), `${line.name}\nrefused`);
      } else equal(`${line.name}\n${say(answer)}`, wanted[index]?.trimEnd(), line.name);
    }
  });

  test(`readManifests: ${name}: the golden file is what kubectl says`, (context) => {
    if (oracle === undefined) return context.skip('no kubectl found to ask');
    matchGolden(golden, print(lines, oracle.ask(lines.map(({ text }) => text))));
  });
}
