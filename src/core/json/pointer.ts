/** JSON Pointer: the path of a value inside another, as text. */
import { isArray, isObject, type Json } from './value.ts';

/** The steps from the root; none at all is the root itself. */
export type Pointer = readonly string[];

/**
 * Reads the text of a pointer: empty, or every step behind a slash.
 *
 * Shape: undefined for a text that is no pointer. Source: RFC 6901; `~1` is a slash, `~0` a tilde.
 */
export function parsePointer(text: string): Pointer | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function formatPointer(pointer: Pointer): string {
  return pointer.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The value at a pointer, or undefined where it leads nowhere. Never looks at prototypes. */
export function valueAt(value: Json | undefined, pointer: Pointer): Json | undefined {
  let here = value;
  for (const step of pointer) here = childOf(here, step);
  return here;
}

/** The field or the item that one step leads to. */
export function childOf(value: Json | undefined, step: string): Json | undefined {
  if (isArray(value)) {
    const index = arrayIndex(step);
    return index === undefined ? undefined : value[index];
  }
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** The index that a step names in an array: decimal, without leading zeros. */
export function arrayIndex(step: string): number | undefined {
  return /^(?:0|[1-9][0-9]{0,14})$/.test(step) ? Number(step) : undefined;
}
