/** A preview as comments of its pull request: one, or as many more as its parts need. */
import { count } from '../model/line.ts';
import { code, type Markup } from '../model/markdown.ts';
import { type AppPart, appParts, lineOfPart, textOfPart } from './app-part.ts';
import { conflictBody } from './conflict.ts';
import type { Outcome, Preview } from './preview.ts';
import { footOf, summaryOf } from './summary.ts';

/** Further comments; people read no more, and each is one that the forge has to take. */
const furtherMax = 8;
const rowsTried = [200, 50, 20, 5];

/** Whose comments these are: another Landfall has its own. */
export type CommentOwner = { readonly installation: string; readonly repository: string };

/** The first line of a page, which nobody sees. Shape: pages count from 1. */
export function markOf({ installation, repository }: CommentOwner, page: number, markup: Markup): string {
  const mark = `landfall plan ${installation} ${repository} ${page}`;
  // The name of a link that nobody uses, which Markdown shows as nothing.
  return markup === 'html' ? `<!-- ${mark} -->` : `[//]: # (${mark})\n`;
}

/** What a forge takes. Units: characters. */
export type CommentForm = {
  readonly bodyMax: number;
  readonly markup: Markup;
  /** The address of a page that shows all of it. */
  readonly pageURL?: string | undefined;
};

/**
 * Writes the comments.
 *
 * Shape: the first is the summary; the parts of Apps stand in it when all of them fit, else in further comments, no App's
 *   part in two of them. Each is at most `bodyMax` characters. The same outcome is always written the same.
 */
export function commentsOf(
  outcome: Outcome,
  owner: CommentOwner,
  { bodyMax, markup, pageURL }: CommentForm,
): readonly string[] {
  const room = bodyMax - markOf(owner, furtherMax + 1, markup).length - 1;
  const bodies = bodiesOf(outcome, { bodyMax: room, markup, pageURL });
  return bodies.map((body, index) => `${markOf(owner, index + 1, markup)}\n${body}`);
}

/** A further comment that a shorter plan needs no more. */
export const unusedComment = (owner: CommentOwner, page: number, markup: Markup): string =>
  `${markOf(owner, page, markup)}\nThis part of the plan is not needed any more.`;

function bodiesOf(outcome: Outcome, form: CommentForm): readonly string[] {
  switch (outcome.kind) {
    case 'planned':
      return pagesOf(outcome.preview, form);
    case 'conflict':
      return [conflictBody(outcome.conflicts, outcome.branch, form.bodyMax)];
    case 'unplanned':
      return [`### Landfall: cannot be planned\n\n${code(outcome.reason)}`];
  }
}

function pagesOf(preview: Preview, form: CommentForm): readonly string[] {
  const { bodyMax, markup, pageURL } = form;
  const textOf = (part: AppPart): string => textOfPart(part, markup);
  const parts = appParts(preview.cells.filter(({ cluster }) => !preview.unread.has(cluster)));
  const whole = join([
    ...summaryOf(preview, parts, rowsTried[0] ?? 0),
    ...parts.map(textOf),
    footOf(preview, markup, pageURL),
  ]);
  if (whole.length <= bodyMax) return [whole];
  const pages = packed(parts, textOf, bodyMax);
  const shown = pages.slice(0, furtherMax);
  const left = pages.slice(furtherMax).flat();
  return [
    summaryPage(preview, parts, { pages: shown.length, left }, form),
    ...shown.map((page) => join(page.map((part) => fitted(part, textOf(part), bodyMax)))),
  ];
}

const join = (parts: readonly string[]): string => parts.join('\n\n');

function summaryPage(
  preview: Preview,
  parts: readonly AppPart[],
  { pages, left }: { readonly pages: number; readonly left: readonly AppPart[] },
  { bodyMax, markup, pageURL }: CommentForm,
): string {
  const [first] = left;
  const missing =
    first === undefined
      ? ''
      : ` ${count(left.length, 'more part')} would not fit: ${pageURL === undefined ? `\`landfall plan --at ${preview.head} --app\` ${code(first.app)} shows what one App is about to do` : `[all of them](${pageURL})`}.`;
  const foot = footOf(preview, markup, pageURL);
  const where = `What changes on each cluster is in the ${count(pages, 'comment')} that ${pages === 1 ? 'follows' : 'follow'}.${missing}`;
  const bodies = rowsTried.map((rows) => join([...summaryOf(preview, parts, rows), where, foot]));
  const fitting = bodies.find((body) => body.length <= bodyMax);
  // Reasons of hundreds of clusters, each as long as can be: then only the counts are left.
  return fitting ?? join([summaryOf(preview, [], 0)[0] ?? '', where, foot]);
}

/** Parts in their order, as many to a page as fit. */
function packed(
  parts: readonly AppPart[],
  textOf: (part: AppPart) => string,
  bodyMax: number,
): readonly (readonly AppPart[])[] {
  const pages: AppPart[][] = [];
  let room = 0;
  for (const part of parts) {
    const length = Math.min(textOf(part).length, bodyMax) + 2;
    const page = pages.at(-1);
    if (page === undefined || length > room) {
      pages.push([part]);
      room = bodyMax - length + 2;
    } else {
      page.push(part);
      room -= length;
    }
  }
  return pages;
}

/** A part that is longer than a comment may be says what it is about, and no more. */
function fitted(part: AppPart, text: string, bodyMax: number): string {
  if (text.length <= bodyMax) return text;
  return `${lineOfPart(part)}\n\nThis is more than a comment can hold.`;
}
