/** Lines for people, made of what clusters and authors wrote: one line each, and never longer than they may be. */

// What ends a line, what a terminal may obey, and what turns the order of letters around.
const unprintable = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

/** On one line, without what cannot be seen. */
export const oneLine = (text: string): string => text.replaceAll(unprintable, ' ').replaceAll(/ {2,}/g, ' ').trim();

/** A line as it stands, its blanks too, with a mark for what cannot be seen. */
export const printable = (line: string): string => line.replaceAll(unprintable, '\ufffd').toWellFormed();

/** At most `max` UTF-16 units, an ellipsis for what is missing. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text.toWellFormed();
  const head = text.slice(0, max - 1);
  const isSplit = /[\ud800-\udbff]$/.test(head);
  return `${(isSplit ? head.slice(0, -1) : head).trimEnd().toWellFormed()}…`;
}

/** Parts with semicolons between them; what does not fit is cut from the end. Empty parts are left out. */
export const fit = (parts: readonly (string | undefined)[], max: number): string =>
  cut(
    parts
      .filter((part) => part !== undefined && part !== '')
      .map((part) => oneLine(part ?? ''))
      .join('; '),
    max,
  );

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The first two, and how many more there are. */
export function few(names: readonly string[]): string {
  const shown = names.slice(0, 2).join(', ');
  return names.length > 2 ? `${shown} and ${names.length - 2} more` : shown;
}
