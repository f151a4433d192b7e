/** A preview as a page of its own, which has room for all of it. */
import { appParts } from './app-part.ts';
import { conflictBody } from './conflict.ts';
import type { Outcome, Preview } from './preview.ts';
import { footOf, summaryOf } from './summary.ts';
import { cellsSeen, type PreviewStatus, statusOfPreview } from './tally.ts';

/** Shape: all but names is Markdown without HTML. */
export type PlanText = {
  readonly status: PreviewStatus;
  readonly summary: string;
  /** What changes, App by App; clusters that would fare the same together. */
  readonly parts: readonly { readonly app: string; readonly title: string; readonly body: string }[];
};

/** Rows of each list of the summary; what is more is counted. */
const rowsMax = 1_000;
const conflictsLengthMax = 200_000;

/** `textMax`: of the status. Units: characters. */
export function planText(outcome: Outcome, textMax: number): PlanText {
  const status = statusOfPreview(outcome, textMax);
  switch (outcome.kind) {
    case 'planned':
      return { status, ...textOf(outcome.preview) };
    case 'conflict':
      return { status, summary: conflictBody(outcome.conflicts, outcome.branch, conflictsLengthMax), parts: [] };
    case 'unplanned':
      return { status, summary: '', parts: [] };
  }
}

function textOf(preview: Preview): Omit<PlanText, 'status'> {
  const parts = appParts(cellsSeen(preview));
  const [, ...lists] = summaryOf(preview, parts, rowsMax);
  return {
    summary: [...lists, footOf(preview, 'plain')].join('\n\n'),
    parts: parts.map(({ app, title, body }) => ({ app, title, body })),
  };
}
