/** Pages for when there is nothing to show: not found, not now. */
import { html } from '../html.ts';
import { empty, type Page } from '../layout.ts';

export const problemPage = (status: 400 | 404 | 503, title: string, text: string): Page => ({
  title,
  section: undefined,
  body: html`${empty(title, text)}<p class="crumbs"><a href="/">To the fleet</a></p>`,
  topics: status === 503 ? ['repositories', 'clusters'] : [],
  status,
});
