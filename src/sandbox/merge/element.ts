/** One step of a path into an object, written as ownership sets write it: `f:name`, `k:{"name":"web"}`, `v:"a"`, `i:0`. */
import { formatJson, parseJson } from '../../core/json/text.ts';
import { isArray, isObject, type Json } from '../../core/json/value.ts';
import type { ListType } from '../schema/type.ts';

/** Canonical: equal steps are equal strings. */
export type Element = string;

export const fieldElement = (name: string): Element => `f:${name}`;
export const valueElement = (value: Json): Element => `v:${scalarText(value)}`;

/** The step to an item of a list that is owned item by item, or why there is none. */
export type ItemElement =
  | { readonly kind: 'element'; readonly element: Element }
  | { readonly kind: 'problem'; readonly problem: string };

const problem = (text: string): ItemElement => ({ kind: 'problem', problem: text });

/** Shape: a key that the item lacks takes its default; without one it is left out of the step. */
export function itemElement(list: ListType, item: Json): ItemElement {
  if (list.keys.length === 0) return setElement(item);
  if (item === null) return problem('associative list with keys may not have a null element');
  if (!isObject(item)) return problem('associative list with keys may not have non-map elements');
  const fields = list.element.map?.fields;
  let text = '';
  for (const key of list.keys) {
    const value = Object.hasOwn(item, key) ? item[key] : fields?.get(key)?.default;
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}"${key}":${scalarText(value)}`;
  }
  if (text !== '') return { kind: 'element', element: `k:{${text}}` };
  const keys = list.keys.map((key) => JSON.stringify(key)).join(' ');
  return problem(
    `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`,
  );
}

function setElement(item: Json): ItemElement {
  if (item === null) return problem("associative list without keys has an element that's an explicit null");
  if (isArray(item)) return problem('not supported: associative list with lists as elements');
  if (isObject(item)) return problem("associative list without keys has an element that's a map type");
  return { kind: 'element', element: valueElement(item) };
}

// The API server escapes what HTML would read, inside the step too, so that steps compare equal only when we do.
function scalarText(value: Json): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : formatJson(value);
  return /[<>&\u2028\u2029]/.test(text) ? text.replace(/[<>&\u2028\u2029]/g, escaped) : text;
}

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A step as an API client wrote it, made canonical; undefined when it is of a kind that nobody knows, or malformed. */
export function readElement(text: string): Element | undefined {
  if (text.startsWith('f:')) return text;
  const body = text.slice(2);
  try {
    if (text.startsWith('i:')) return /^-?[0-9]+$/.test(body) ? `i:${Number(body)}` : undefined;
    if (text.startsWith('v:')) return valueElement(parseJson(body));
    if (!text.startsWith('k:')) return undefined;
    const key = parseJson(body);
    if (!isObject(key)) return undefined;
    const fields = Object.entries(key).toSorted(([a], [b]) => compareText(a, b));
    return `k:{${fields.map(([name, value]) => `${JSON.stringify(name)}:${scalarText(value)}`).join(',')}}`;
  } catch {
    return undefined;
  }
}

const ranks: Readonly<Record<string, number>> = { f: 0, k: 1, v: 2, i: 3 };

/** The order in which the API server writes steps: fields, keys, values, positions. */
export function compareElements(a: Element, b: Element): number {
  if (a === b) return 0;
  const rank = (ranks[a.charAt(0)] ?? 4) - (ranks[b.charAt(0)] ?? 4);
  if (rank !== 0) return rank;
  if (a.startsWith('f:')) return compareText(a, b);
  const [left, right] = [parseJson(a.slice(2)), parseJson(b.slice(2))];
  return a.startsWith('k:') ? compareKeys(left, right) : compareValues(left, right);
}

function compareKeys(a: Json, b: Json): number {
  const [left, right] = [isObject(a) ? Object.entries(a) : [], isObject(b) ? Object.entries(b) : []];
  for (const [at, [name, value]] of left.entries()) {
    const other = right[at];
    if (other === undefined) return 1;
    const order = compareText(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const rankOf = (value: Json): number => {
  if (typeof value === 'number' || typeof value === 'bigint') return 0;
  if (typeof value === 'string') return 1;
  if (typeof value === 'boolean') return 2;
  return value === null ? 4 : 3;
};

function compareValues(a: Json, b: Json): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (a === b || a === null || b === null) return 0;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By code point, as bytes of UTF-8 compare; code units of UTF-16 differ only where surrogates meet U+E000 and above. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const surrogate = /[\ud800-\udfff]/;
  if (!surrogate.test(a) && !surrogate.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** As error texts show it: `.spec`, `[name="web"]`, `[="a"]`, `[0]`. */
export function showElement(element: Element): string {
  const body = element.slice(2);
  if (element.startsWith('f:')) return `.${body}`;
  if (element.startsWith('i:')) return `[${body}]`;
  const value = parseJson(body);
  if (element.startsWith('v:')) return `[=${showScalar(value)}]`;
  if (!isObject(value)) return `[${body}]`;
  return `[${Object.entries(value).map(([name, part]) => `${name}=${showScalar(part)}`)}]`;
}

// Numbers print as Go prints a float64.
function showScalar(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'number') return String(value);
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 6) return String(value);
  return value.toExponential().replace(/e([+-])([0-9])$/, 'e$10$2');
}
