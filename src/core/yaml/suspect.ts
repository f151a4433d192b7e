/** What a broken document is likely to be, when it is no manifest yet. */
import type { Flaw, ProblemKind } from './problem.ts';
import type { Chunk } from './split.ts';

const suspicious: ReadonlySet<ProblemKind> = new Set(['syntax', 'indentation', 'unclosed', 'key', 'root']);

/** Gives the flaw again, or a better one: for a template that is not rendered, or a merge that is not finished. */
export function suspect(flaw: Flaw, { text, offset }: Chunk): Flaw {
  if (!suspicious.has(flaw.kind)) return flaw;
  const conflict = /^<{7} .*$/m.exec(text);
  if (conflict !== null) {
    const message = `Found the mark of a merge conflict: ${JSON.stringify(conflict[0])}`;
    return {
      kind: 'conflict',
      offset: offset + conflict.index,
      message,
      hint: 'Finish the merge, and remove its marks.',
    };
  }
  const at = flaw.offset - offset;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', at);
  if (!text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd).includes('{{')) return flaw;
  const hint = 'This looks like a template: let an App render its chart, or put the text in quotes if {{ is meant.';
  return { ...flaw, kind: 'template', hint };
}
