/** What `live.js` uses of idiomorph, which is a script of its own. */
declare const Idiomorph: { readonly morph: (old: Element, next: Element, options: object) => void };
