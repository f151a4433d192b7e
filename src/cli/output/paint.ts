/** Colours for what a person reads, where the terminal shows them. */
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';
export type Paint = (style: Style, text: string) => string;

export function paintFor({ hasColour }: { readonly hasColour: boolean }): Paint {
  return hasColour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

/** Source: no-color.org; `TERM=dumb` shows none. */
export function showsColour(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb';
}
