/** Pages for when there is nothing to show: not found, not now. */
import { html } from '../html.ts';
import type { Page } from '../layout.ts';

export const problemPage = (status: 400 | 404 | 503, title: string, text: string): Page => ({
  title,
  section: undefined,
  body: html`<div class="empty"><h1>${title}</h1><p>${text}</p><p><a href="/">To the fleet</a></p></div>`,
  topics: status === 503 ? ['repositories', 'clusters'] : [],
  status,
});
