/** What others wrote, put into Markdown so that it is shown and does nothing: no markup, no mention, no link. */

// What ends a line, what a terminal may obey, and what turns the order of letters around.
const unprintable = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

const oneLine = (text: string): string => text.replaceAll(unprintable, ' ').replaceAll(/ {2,}/g, ' ').trim();

/** As code on one line, behind as many backticks as it takes; a table's bar is written so that it ends no cell. */
export function code(text: string, max = 200): string {
  const line = shortened(oneLine(text), max);
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** The same inside a table. */
export const cellCode = (text: string, max = 200): string => code(text.replaceAll('|', '¦'), max);

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

function shortened(text: string, max: number): string {
  if (text.length <= max) return text.toWellFormed();
  return `${text
    .slice(0, max - 1)
    .trimEnd()
    .toWellFormed()}…`;
}
