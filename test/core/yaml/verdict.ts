/** Our reading of a text beside kubectl's. */
import type { SourceFile } from '../../../src/core/model/source.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { type Answer, annotated } from './oracle.ts';

export type Verdict =
  | { readonly kind: 'same' | 'bothRefuse' | 'weRefuse' | 'kubectlRefuses' }
  | { readonly kind: 'wrong'; readonly ours: string; readonly theirs: string };

/** What we refuse on purpose, though kubectl reads it. */
const ourRefusals = new Map([
  ['A1001', 'a byte order mark at a line, or what kubectl no longer looks at: a control character behind the end'],
  ['A1020', 'a key twice: kubectl takes the last one, silently'],
  ['A1022', 'a tag: kubectl ignores it, silently'],
  ['A1023', 'a JSON number too large, behind a ---: kubectl makes a text of it'],
  ['A1031', 'a document behind the end of one: kubectl leaves it out, silently'],
]);

/** What kubectl refuses on its way, though nothing is wrong with the text; its order of JSON, then YAML, is to blame. */
const theirRefusals =
  /Kind' is missing|^json: |numeric literal|resource name may not be empty|unknown escape|Unicode character escape/;

export function judge(text: string, answer: Answer): Verdict {
  const file = readManifests('case.yaml', text);
  const [problem] = file.problems;
  if (problem !== undefined && answer.kind === 'refused') return { kind: 'bothRefuse' };
  if (problem !== undefined && ourRefusals.has(problem.code)) return { kind: 'weRefuse' };
  if (answer.kind === 'refused' && problem === undefined && theirRefusals.test(answer.error))
    return { kind: 'kubectlRefuses' };
  const ours = problem === undefined ? objectsOf(file) : `refused: ${problem.code} ${problem.message}`;
  const theirs = answer.kind === 'refused' ? `refused: ${answer.error}` : answer.objects.join('\n');
  return ours === theirs ? { kind: 'same' } : { kind: 'wrong', ours, theirs };
}

const objectsOf = (file: SourceFile): string => file.documents.map(({ value }) => annotated(value)).join('\n');

export type Tally = { readonly [kind in Verdict['kind']]: number };

/** Judges many texts, and gives the first that is wrong with its text. */
export function tally(
  texts: readonly string[],
  answers: readonly Answer[],
): { readonly counts: Tally; readonly firstWrong: string | undefined } {
  const counts = { same: 0, bothRefuse: 0, weRefuse: 0, kubectlRefuses: 0, wrong: 0 };
  let firstWrong: string | undefined;
  for (const [index, text] of texts.entries()) {
    const verdict = judge(text, answers[index] ?? { kind: 'refused', error: 'no answer' });
    counts[verdict.kind]++;
    if (verdict.kind === 'wrong')
      firstWrong ??= `${JSON.stringify(text)}\nours:   ${verdict.ours}\ntheirs: ${verdict.theirs}`;
  }
  return { counts, firstWrong };
}
