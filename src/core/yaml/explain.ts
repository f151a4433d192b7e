/** What is said of a flaw: more where the document is no manifest yet, less where it holds secrets. */
import { excerpt } from './excerpt.ts';
import type { Flaw, ProblemKind } from './problem.ts';
import type { Chunk } from './split.ts';

/** Says more of a flaw in a document that is a template, or holds an unfinished merge. */
export function explain(flaw: Flaw, chunk: Chunk): Flaw {
  return structural.has(flaw.kind) ? (conflictIn(chunk) ?? hintedTemplate(flaw, chunk)) : flaw;
}

const structural: ReadonlySet<ProblemKind> = new Set(['syntax', 'indentation', 'unclosed', 'key', 'root']);

/** The marks that Git leaves where a merge is not finished are to blame for whatever follows them. */
function conflictIn({ text, offset }: Chunk): Flaw | undefined {
  const conflict = /^<{7} .*$/m.exec(text);
  if (conflict === null) return undefined;
  const message = `found the mark of a merge conflict: ${excerpt(conflict[0])}`;
  return {
    kind: 'conflict',
    offset: offset + conflict.index,
    message,
    hint: 'finish the merge, and remove its marks',
  };
}

function hintedTemplate(flaw: Flaw, { text, offset }: Chunk): Flaw {
  const at = flaw.offset - offset;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', at);
  if (!text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd).includes('{{')) return flaw;
  const hint = 'this looks like a template: let an App render its chart, or put the text in quotes if {{ is meant';
  return { ...flaw, kind: 'template', hint };
}

/**
 * Makes what is said of the flaws of a file: without any of its text when the file may hold secrets.
 *
 * A broken document cannot be asked for its kind, so this asks the whole text, and says yes rather too often.
 */
export function discretion(text: string): (flaw: Flaw) => Flaw {
  return /\bkind["']?\s*:\s*["']?\w*Secret/.test(text) ? hideTexts : (flaw) => flaw;
}

function hideTexts(flaw: Flaw): Flaw {
  const hide = (text: string): string => text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '"…"');
  const { hint, ...rest } = flaw;
  return { ...rest, message: hide(flaw.message), ...(hint === undefined ? {} : { hint: hide(hint) }) };
}
