/** The text of an answer, which may be anything. */
import { parseJson } from '../../core/json/text.ts';
import type { Json } from '../../core/json/value.ts';

/** Shape: undefined for what is no JSON. */
export function jsonIn(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
