/** The statuses of one commit as a note under it: lines that a person reads in `git log`, and a program in any language. */

import { count } from '../model/line.ts';
import { type Context, contextOf } from './context.ts';
import { type Status, statusStates, type Told } from './status.ts';

/** A note is read whole and shown whole. */
export const noteLimits = { contextsMax: 1_000, detailsMax: 40, detailsOfOneMax: 5 } as const;

/**
 * Writes a note.
 *
 * Shape: `<state> <context> — <text>`, one line a context, in order of context. Lines that begin with two spaces are
 *   details of the line above, fit for people only. Beyond the limit those with nothing wrong are left out, and counted in
 *   a last line that begins with two spaces.
 */
export function formatNote(statuses: ReadonlyMap<Context, Status>): string {
  const kept = withinLimit(statuses);
  const lines: string[] = [];
  let room: number = noteLimits.detailsMax;
  for (const [context, { state, text, details }] of [...kept].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`${state} ${context} — ${text}`);
    if (state === 'success') continue;
    const shown = details.slice(0, Math.min(room, noteLimits.detailsOfOneMax));
    room -= shown.length;
    lines.push(...shown.map((detail) => `  ${detail}`));
    if (shown.length > 0 && details.length > shown.length) lines.push(`  and ${details.length - shown.length} more`);
  }
  const missing = statuses.size - kept.size;
  if (missing > 0) lines.push(`  and ${count(missing, 'context')} more with nothing wrong`);
  return `${lines.join('\n')}\n`;
}

function withinLimit(statuses: ReadonlyMap<Context, Status>): ReadonlyMap<Context, Status> {
  if (statuses.size <= noteLimits.contextsMax) return statuses;
  const worstFirst = [...statuses].toSorted(
    ([, a], [, b]) => Number(a.state === 'success') - Number(b.state === 'success'),
  );
  return new Map(worstFirst.slice(0, noteLimits.contextsMax));
}

/** Reads a note. Shape: lines of others, and of other tools, are passed over. */
export function parseNote(text: string): ReadonlyMap<Context, Told> {
  return new Map(
    text.split('\n').flatMap((line): readonly (readonly [Context, Told])[] => {
      const [, word, context, said] = /^([a-z]+) (landfall\/.+?) — (.*)$/.exec(line) ?? [];
      const state = statusStates.find((each) => each === word);
      if (state === undefined || context === undefined || said === undefined) return [];
      return [[contextOf(context), { state, text: said }]];
    }),
  );
}
