/** Markdown that Landfall has written, as HTML. */
import MarkdownIt from 'markdown-it';
import { type Html, html, trusted } from './html.ts';

/** Names are shown as code; what else there may be in a text is no HTML, and links nowhere by itself. */
const reader = new MarkdownIt({ html: false, linkify: false }).disable('image');

/** Lines of a diff have the colour of their sign. */
reader.renderer.rules.fence = (tokens, index) => {
  const { content = '', info = '' } = tokens[index] ?? {};
  const lines = content.replace(/\n$/, '').split('\n');
  const shown =
    info === 'diff'
      ? html`${lines.map((line) => html`<span class="${signOf(line)}">${line}\n</span>`)}`
      : html`${content}`;
  return html`<pre tabindex="0"><code>${shown}</code></pre>\n`.toString();
};

function signOf(line: string): string {
  if (line.startsWith('@@')) return 'place';
  return line.startsWith('+') ? 'added' : line.startsWith('-') ? 'taken' : '';
}

/** Blocks. */
export const markdown = (text: string): Html => trusted(reader.render(text));

/** One line, within a heading. */
export const markdownLine = (text: string): Html => trusted(reader.renderInline(text));
