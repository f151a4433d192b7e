/** HTML as a template: whatever is put in is text, unless it is HTML that was made here. */
import { raw, html as tagged } from 'hono/html';

declare const made: unique symbol;
/** Made by `html` and `trusted`, and by nothing else. */
export type Html = { readonly [made]: 'html'; readonly toString: () => string };

/** What may stand in a template. A list stands one after the other; undefined and false are nothing. */
export type Part = Html | string | number | undefined | false | readonly Part[];

/** Escapes every part for text and for quoted attributes alike. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  // Nothing here is a promise, so the answer is none.
  return tagged(texts, ...parts) as unknown as Html;
}

/** HTML from elsewhere, of something that escapes what it is given: see who calls this. */
export const trusted = (text: string): Html => raw(text) as unknown as Html;

/** Only addresses that a person would follow: not `javascript:`, whoever wrote it. */
export const safeUrl = (text: string): string | undefined => (/^https?:\/\//i.test(text) ? text : undefined);

/** A path of this server, each step escaped. */
export const path = (...steps: readonly string[]): string => `/${steps.map(encodeURIComponent).join('/')}`;
