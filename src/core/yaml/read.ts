/** A file of manifests to documents, as kubectl would read it. */
import { digestOf } from '../json/digest.ts';
import { digest } from '../model/id.ts';
import type { Document, SourceFile, SourceProblem } from '../model/source.ts';
import { build } from './build.ts';
import { flattenList } from './flatten.ts';
import { Flaws, type ValueRead } from './flaws.ts';
import { readJsonDocument } from './json-document.ts';
import { defaultReadLimits, type ReadLimits } from './limits.ts';
import { Lines } from './lines.ts';
import { problemOf } from './problem.ts';
import { openText } from './source-text.ts';
import { type Chunk, splitDocuments } from './split.ts';
import { suspect } from './suspect.ts';
import { parseDocument } from './syntax/parser.ts';

/**
 * Reads a file: YAML or JSON, one document or many; List documents arrive as their items.
 *
 * Shape: `source` is the file's bytes, or its text; the answer is plain data that a worker can hand over. A document with a
 * problem is left out, the others are there. Whatever is read, kubectl reads as the same values; what kubectl reads in a
 * way that few people expect is refused.
 * Errors: none; every problem is in the answer, in the order of the text.
 */
export function readManifests(
  path: string,
  source: Uint8Array | string,
  limits: ReadLimits = defaultReadLimits,
): SourceFile {
  const opened = openText(source, limits);
  if (opened.kind === 'refused') return fileOf(path, [], [problemOf(opened.flaw, new Lines(opened.text))]);
  const lines = new Lines(opened.text);
  const { chunks, flaws } = splitDocuments(opened.text);
  const excess = chunks[limits.documentsMax];
  if (excess !== undefined) {
    const message = `The file has more than ${limits.documentsMax} documents`;
    const flaw = { kind: 'documents', offset: excess.offset, message, hint: 'Split it into several.' } as const;
    return fileOf(path, [], [problemOf(flaw, lines)]);
  }
  const documents: Document[] = [];
  const problems = flaws.map((flaw) => problemOf(flaw, lines));
  for (const chunk of chunks)
    for (const { value, marks, flaws } of readChunk(chunk, lines, limits)) {
      problems.push(...flaws.list.map((flaw) => problemOf(suspect(flaw, chunk), lines)));
      // kubectl skips a document that holds nothing.
      if (flaws.list.length > 0 || value === null) continue;
      const flat = flattenList(value, marks);
      documents.push(...flat.documents);
      problems.push(...flat.problems);
    }
  return fileOf(path, documents, problems);
}

function readChunk(chunk: Chunk, lines: Lines, limits: ReadLimits): readonly ValueRead[] {
  const json = /^[ \t\n]*[{[]/.test(chunk.text) ? readJsonDocument(chunk, lines, limits) : undefined;
  if (json !== undefined) return json;
  const parsed = parseDocument(chunk.text, limits.depthMax);
  if (parsed.kind === 'malformed') {
    const flaws = new Flaws();
    flaws.add({ ...parsed.flaw, offset: chunk.offset + parsed.flaw.offset });
    return [{ value: null, marks: [], flaws }];
  }
  const { root, hasAliases } = parsed;
  return root === undefined ? [] : [build({ root, hasAliases }, chunk.offset, lines, limits)];
}

function fileOf(path: string, documents: readonly Document[], problems: readonly SourceProblem[]): SourceFile {
  const values = documents.map(({ value }) => value);
  // Broken files differ from empty ones, and from one another by what is wrong with them.
  const content = problems.length === 0 ? values : { values, problems };
  return {
    path,
    documents,
    problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
    digest: digest(digestOf(content)),
  };
}
