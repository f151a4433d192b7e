/** How states, times and counts are written on pages. Each state has a mark and a word; colour is never all there is. */
import { durationParts } from '../core/model/duration.ts';
import { cellLook, cellLooks, type Look, unhealthyLook } from '../core/model/look.ts';
import { isWell } from '../server/api/cell-answer.ts';
import { type Html, html, path } from './html.ts';

export type { Look, Tone } from '../core/model/look.ts';

type CellState = Parameters<typeof isWell>[0];

export const lookOf = (cell: CellState): Look => cellLook(cell.state, isWell(cell));

/** By the words that counts go by. */
export const countedLooks: readonly (readonly [key: string, look: Look])[] = [
  ...Object.entries(cellLooks),
  ['Unhealthy', unhealthyLook],
];

export const markOf = ({ mark, tone }: Look): Html =>
  html`<span class="mark ${tone}" aria-hidden="true">${mark}</span>`;

/** A mark with its word. */
export const badge = (look: Look, word = look.word): Html =>
  html`<span class="badge ${look.tone}">${markOf(look)}${word}</span>`;

/** `1,024` */
export const numbered = (count: number): string => count.toLocaleString('en');

export const counted = (count: number, noun: string): string => `${numbered(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `90s` is `1m 30s`; nobody looks for milliseconds here. */
export const durationText = (durationMs: number): string =>
  durationParts(Math.floor(durationMs / 1_000) * 1_000)
    .slice(0, 2)
    .join(' ') || '0s';

/** The time alone for today, else with its day; always UTC, since clusters are everywhere. */
export function when(iso: string | null, nowMs: number): Html {
  if (iso === null) return html`<span class="none">never</span>`;
  const isToday = iso.slice(0, 10) === new Date(nowMs).toISOString().slice(0, 10);
  const text = isToday ? iso.slice(11, 19) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
  return html`<time datetime="${iso}" title="${iso.slice(0, 19).replace('T', ' ')} UTC">${text}</time>`;
}

export const shortSha = (commit: string): string => commit.slice(0, 8);

/** A commit as a link to its page; without a repository, as text. */
export const commitLink = (repository: string | null, commit: string): Html =>
  repository === null
    ? html`<code>${shortSha(commit)}</code>`
    : html`<a class="sha" href="${path('commits', repository, commit)}"><code>${shortSha(commit)}</code></a>`;

/** `shop/web` as a link to its page. */
export const appLink = (app: string): Html => html`<a href="${appPath(app)}">${app}</a>`;

export function appPath(app: string): string {
  const at = app.indexOf('/');
  return path('apps', app.slice(0, at), app.slice(at + 1));
}

/** Names, as many as anybody reads at once. */
export const few = (names: readonly string[], max = 3): string =>
  names.length <= max ? names.join(', ') : `${names.slice(0, max).join(', ')} and ${numbered(names.length - max)} more`;

export const none: Html = html`<span class="none">–</span>`;
