/** The text of one document to its value: as JSON where it is JSON, else as YAML. */
import { build } from './build.ts';
import { Flaws, type ValueRead } from './flaws.ts';
import { readJsonDocument } from './json-document.ts';
import type { ReadLimits } from './limits.ts';
import type { Lines } from './lines.ts';
import type { Chunk } from './split.ts';
import { parseDocument } from './syntax/parser.ts';

/** Shape: no value for comments only; several where JSON values follow one another. `lines` are the whole file's. */
export function readDocument(chunk: Chunk, lines: Lines, limits: ReadLimits): readonly ValueRead[] {
  const json = /^[ \t\n]*[{[]/.test(chunk.text) ? readJsonDocument(chunk, lines, limits) : undefined;
  if (json !== undefined) return json;
  const parsed = parseDocument(chunk.text, limits);
  if (parsed.kind === 'malformed') {
    const flaws = new Flaws();
    flaws.add({ ...parsed.flaw, offset: chunk.offset + parsed.flaw.offset });
    return [{ value: null, marks: [], flaws }];
  }
  const { root, hasAliases } = parsed;
  return root === undefined ? [] : [build({ root, hasAliases }, chunk.offset, lines, limits)];
}
