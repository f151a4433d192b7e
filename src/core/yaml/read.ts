/** A file of manifests to documents, as kubectl would read it. */
import { digestOf } from '../json/digest.ts';
import { digest } from '../model/id.ts';
import type { Document, SourceFile, SourceProblem } from '../model/source.ts';
import { readDocument } from './document.ts';
import { discretion, explain } from './explain.ts';
import { flattenList } from './flatten.ts';
import { defaultReadLimits, type ReadLimits } from './limits.ts';
import { Lines } from './lines.ts';
import { problemCodes, problemOf } from './problem.ts';
import { openText } from './source-text.ts';
import { splitDocuments } from './split.ts';

/**
 * Reads a file: YAML or JSON, one document or many; List documents arrive as their items.
 *
 * Shape: `source` is the file's bytes, or its text; the answer is plain data that a worker can hand over. A document with a
 * problem is left out, the others are there.
 *
 * Whatever is read, kubectl reads as the same values. What kubectl reads otherwise than people expect is refused: a key that
 * is set twice (it takes the last), a document behind `...` (it drops it), tags that mean nothing to it, a byte order mark
 * inside, UTF-16; and what is beyond the limits. Only JSON is read where kubectl's change from JSON to YAML stops it.
 *
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
  const { chunks, flaws: separators } = splitDocuments(opened.text);
  const discreet = discretion(opened.text);
  const documents: Document[] = [];
  const problems = separators.list.map((flaw) => problemOf(discreet(flaw), lines));
  let count = 0;
  let { valuesMax } = limits;
  for (const chunk of chunks)
    for (const { value, marks, flaws } of readDocument(chunk, lines, { ...limits, valuesMax })) {
      valuesMax -= marks.length / 2;
      if (++count > limits.documentsMax) return fileOf(path, [], [tooManyDocuments(marks, limits)]);
      problems.push(...flaws.list.map((flaw) => problemOf(discreet(explain(flaw, chunk)), lines)));
      // kubectl skips a document that holds nothing.
      if (flaws.list.length > 0 || value === null) continue;
      const flat = flattenList(value, marks);
      documents.push(...flat.documents);
      problems.push(...flat.problems);
    }
  return fileOf(path, documents, problems);
}

function tooManyDocuments([line = 1, column = 1]: readonly number[], { documentsMax }: ReadLimits): SourceProblem {
  const message = `the file has more than ${documentsMax} documents`;
  return { code: problemCodes.documents, line, column, message, hint: 'split it into several files' };
}

/** More would help nobody. */
const problemsMax = 100;

function fileOf(path: string, documents: readonly Document[], problems: readonly SourceProblem[]): SourceFile {
  const values = documents.map(({ value }) => value);
  // Broken files differ from empty ones, and from one another by what is wrong with them.
  const content = problems.length === 0 ? values : { values, problems: problems.slice(0, problemsMax) };
  return {
    path,
    documents,
    problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, problemsMax),
    digest: digest(digestOf(content)),
  };
}
