/** Small accidents to a text: what a hurried person, a bad merge or an attacker leaves behind. */
import type { Choice } from './choice.ts';

const scraps = [
  ':',
  ': ',
  '- ',
  '-',
  '? ',
  ',',
  '[',
  ']',
  '{',
  '}',
  '#',
  ' #',
  '&a ',
  '*a',
  '!',
  '!!str ',
  '!x ',
  '|',
  '>',
  '|2-\n',
  '>+\n',
  "'",
  '"',
  '%',
  '@',
  '`',
  '\\',
  '\t',
  ' ',
  '  ',
  '\n',
  '\n\n',
  '\r',
  '\r\n',
  '---',
  '---\n',
  '--- x\n',
  '...\n',
  '\0',
  '\u0007',
  '\u0085',
  '\u2028',
  '\ufeff',
  'é',
  '😀',
  '{{ .x }}',
  '<<: ',
  '<<: *a\n',
  '0x',
  '1e400',
  '.inf',
  'null',
  '~',
  '"\\q"',
  '"\\ud83d"',
  "''",
] as const; // prettier-ignore

/** Makes one to three changes; the same seed makes the same. */
export function mutate(text: string, choice: Choice): string {
  let mutated = text;
  for (let round = 1 + choice.below(3); round > 0; round--) mutated = mutateOnce(mutated, choice);
  return mutated;
}

function mutateOnce(text: string, choice: Choice): string {
  const at = choice.below(text.length + 1);
  const length = 1 + choice.below(choice.of([1, 3, 20]));
  const lines = text.split('\n');
  const line = choice.below(lines.length);
  switch (choice.below(9)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
    case 2:
    case 3:
      return text.slice(0, at) + choice.of(scraps) + text.slice(at);
    case 4:
      return lines.toSpliced(line, 1).join('\n');
    case 5:
      return lines.toSpliced(choice.below(lines.length), 0, lines[line] ?? '').join('\n');
    case 6:
      return lines.with(line, `${' '.repeat(choice.below(8))}${(lines[line] ?? '').trimStart()}`).join('\n');
    case 7:
      return text.slice(0, at) + choice.of(scraps) + text.slice(at + length);
    default:
      return choice.once(3)
        ? text.slice(0, at)
        : `${lines.with(line, `${lines[line]}${choice.of(scraps)}`).join('\n')}`;
  }
}
