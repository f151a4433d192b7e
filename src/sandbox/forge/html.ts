/** HTML made of text that others wrote: whatever is put into a template is shown as text. */

/** Safe to stand in a page as it is. */
export type Html = { readonly html: string };

type Part = string | number | Html | readonly Html[] | undefined;

/** A template: texts are escaped, `Html` stands as it is. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.map((text, index) => text + textOf(index < parts.length ? parts[index] : '')).join('') };
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map((each) => each.html).join('');
}

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string =>
  text
    .replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? mark)
    // Letters that turn others around could make a text look like another.
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
