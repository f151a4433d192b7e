/** Why a pull request cannot be merged, file by file. */
import { count } from '../model/line.ts';
import type { ContestedPlace, LineSpan } from '../model/line-span.ts';
import { code } from '../model/markdown.ts';

export type FileConflict =
  | { readonly kind: 'lines'; readonly path: string; readonly places: readonly ContestedPlace[] }
  | { readonly kind: ConflictReason; readonly path: string };

/** `here`: in the pull request; `there`: on the branch. */
export type ConflictReason =
  | 'added'
  | 'removedHere'
  | 'removedThere'
  | 'mode'
  | 'folder'
  | 'noText'
  | 'tooDifferent'
  | 'tooMany';

const reasons: Readonly<Record<ConflictReason, (branch: string) => string>> = {
  added: (branch) => `added here and on ${branch}, with different content`,
  removedHere: (branch) => `removed here, changed on ${branch}`,
  removedThere: (branch) => `changed here, removed on ${branch}`,
  mode: (branch) => `another kind of file here and on ${branch}`,
  folder: () => 'a file on one side, a folder on the other',
  noText: (branch) => `changed here and on ${branch}, and no text that could be merged by lines`,
  tooDifferent: (branch) => `changed in more lines here and on ${branch} than are compared`,
  tooMany: (branch) => `changed here and on ${branch}, as are more files than are merged by lines`,
};

const filesMax = 50;
const placesMax = 5;

/** What cannot be merged, as a comment tells it. Shape: at most `bodyMax` characters; files that are left out are counted. */
export function conflictBody(conflicts: readonly FileConflict[], branch: string, bodyMax: number): string {
  const what = `${count(conflicts.length, 'file')} cannot be merged into ${code(branch)}:`;
  const head = `### Landfall: cannot be planned until it is rebased\n\n${what}\n`;
  const rest = (number: number): string => (number === 0 ? '' : `\n- … and ${number} more`);
  let room = bodyMax - head.length - rest(conflicts.length).length;
  const shown: string[] = [];
  for (const each of conflicts.slice(0, filesMax)) {
    const line = `\n- ${code(each.path)}: ${reasonOf(each, code(branch))}`;
    room -= line.length;
    if (room < 0) break;
    shown.push(line);
  }
  return `${head}${shown.join('')}${rest(conflicts.length - shown.length)}`;
}

/** `apps/web.yaml lines 12-14`, for a status. */
export function conflictName(conflict: FileConflict): string {
  const [place] = conflict.kind === 'lines' ? conflict.places : [];
  return place === undefined ? conflict.path : `${conflict.path} ${span(place.here)}`;
}

function reasonOf(conflict: FileConflict, branch: string): string {
  if (conflict.kind !== 'lines') return reasons[conflict.kind](branch);
  const { places } = conflict;
  const told = places.slice(0, placesMax).map(({ here, there }) => `${span(here)} here, ${span(there)} on ${branch}`);
  const rest = places.length > told.length ? [`and ${count(places.length - told.length, 'more place')}`] : [];
  return [...told, ...rest].join('; ');
}

function span({ from, to }: LineSpan): string {
  if (to < from) return from === 1 ? 'none before line 1' : `none after line ${from - 1}`;
  return from === to ? `line ${from}` : `lines ${from}-${to}`;
}
