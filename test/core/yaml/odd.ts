/** Odd documents: every sign of YAML where it is least expected, dense and small. */
import type { Choice } from './choice.ts';

const words = [
  ...[
    'a',
    'b',
    'key',
    'x y',
    '1',
    '0x1F',
    'yes',
    'null',
    '~',
    'a:b',
    'a#b',
    'http://x/y?z=1',
    '-x',
    '?x',
    ':x',
    '*',
    '"*"',
  ],
  ...[
    "'it''s'",
    '"q\\n\\u0041"',
    '"a b"',
    "'a: b'",
    '{{ x }}',
    '%',
    'é',
    '-',
    '2001-01-01',
    '"a\\/b"',
    '""',
    "''",
    'a - b',
  ],
  ...['a, b', '[x', 'x]', '!t', '&n', '=', '<<', '@x', '`y`', 'a\tb', '"a\tb"', '\\', '"\\x41"', '| x'],
] as [string, ...string[]];
const headers = ['|', '>', '|-', '>-', '|+', '>+', '|2', '>1-', '|+1', '|1-'] as const;
const properties = [
  '',
  '',
  '',
  '',
  '',
  '',
  '&a ',
  '!!str ',
  '!!int ',
  '! ',
  '&b !!str ',
  '!!map ',
  '&a\n',
  '*a ',
] as const;

/** A map, as the lines of a document. */
export function oddDocument(choice: Choice): string {
  const end = choice.of(['', '', '', 'w: 1\n', '...\n', '# c', '\t']);
  return `v:${node(choice.of([0, 2, 2, 4]), 0, choice)}${end}`;
}

const blank = (choice: Choice): string => choice.of(['', '', '', ' ', '  ', '\t', ' \t']);
const comment = (choice: Choice): string => choice.of(['', '', '', '', ' # c', '# c', '\t# c', ' #c: d']);
const spaces = (choice: Choice, below: number): string => ' '.repeat(choice.below(below));
const repeat = (count: number, make: (index: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) => make(index));

function node(indent: number, depth: number, choice: Choice): string {
  const pad = ' '.repeat(indent);
  const rest = comment(choice);
  if (depth > 3 || choice.once(3)) return ` ${choice.of(properties)}${scalar(indent, choice)}${rest}\n`;
  if (!choice.once(3)) {
    const entries = repeat(1 + choice.below(3), (index) => {
      const before = choice.of(['', '', '', '', '? ', '&k ', '!!str ']);
      const key = choice.of([`k${index}`, `k${index}`, `k${index}`, choice.of(words), '<<', '"q k"']);
      const gap = choice.of(['', '', '', '\n', '# c\n', `${pad}# c\n`, '\t\n', ' \n']);
      return `${pad}${before}${key}${choice.of(['', '', '', ' '])}:${node(indent + choice.of([0, 1, 2, 2, 2, 4]), depth + 1, choice)}${gap}`;
    });
    return `${rest}\n${entries.join('')}`;
  }
  const items = repeat(1 + choice.below(3), () => {
    if (!choice.once(3)) return `${pad}-${node(indent + 2, depth + 1, choice)}`;
    return `${pad}- k: ${scalar(indent + 2, choice)}\n${pad}  l:${node(indent + 2, depth + 1, choice)}`;
  });
  return `${rest}\n${items.join('')}`;
}

function scalar(indent: number, choice: Choice): string {
  const pad = ' '.repeat(indent);
  const ends = ['b', ' c', ''] as const;
  switch (choice.below(9)) {
    case 0: {
      const line = (): string =>
        choice.of([
          '',
          '  ',
          `${pad}${spaces(choice, 4)}${choice.of(words)}${choice.of(['', ' ', '\t'])}`,
          `${pad}  ${choice.of(words)}`,
          `${pad}\t`,
          `${pad}  # x`,
          spaces(choice, 8),
        ]);
      return `${choice.of(headers)}${comment(choice)}\n${repeat(choice.below(5), line).join('\n')}`;
    }
    case 1:
      return `"${choice.of(words).replaceAll('"', '')}${choice.of(['', '\n', '\\\n', '\n\n', ' \n '])}${spaces(choice, indent + 4)}${choice.of(ends)}"`;
    case 2:
      return `'${choice.of(words).replaceAll("'", '')}\n${spaces(choice, indent + 4)}${choice.of(ends)}'`;
    case 3:
      return `${choice.of(words)}\n${spaces(choice, indent + 4)}${choice.of(words)}`;
    case 4:
      return flow(0, choice);
    default:
      return choice.of(words);
  }
}

function flow(depth: number, choice: Choice): string {
  if (depth > 2 || choice.once(3)) return choice.of(words);
  const gap = (): string => (choice.once(6) ? `${comment(choice)}\n${spaces(choice, 6)}` : blank(choice));
  const list = (parts: readonly string[]): string =>
    parts.join(`${gap()},${gap()}`) + gap() + choice.of(['', '', ',']) + gap();
  const part = (): string => (choice.once(5) ? `${choice.of(words)}:${blank(choice)}` : '') + flow(depth + 1, choice);
  if (choice.once(2)) return `[${gap()}${list(repeat(choice.below(4), part))}]`;
  const entry = (index: number): string =>
    `${choice.of(['', '', '? '])}${choice.of([choice.of(words), `k${index}`])}${blank(choice)}${choice.of([': ', ': ', ':', ''])}${gap()}${choice.once(6) ? '' : flow(depth + 1, choice)}`;
  return `{${gap()}${list(repeat(choice.below(4), entry))}}`;
}
