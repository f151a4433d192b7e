/**
 * The functions that templates of ApplicationSets call.
 *
 * Source: https://pkg.go.dev/text/template, https://masterminds.github.io/sprig/, and Argo CD's `normalize`, `slugify`.
 */
import { formatJson } from '../../json/text.ts';
import { at, isArray, isObject, type Json } from '../../json/value.ts';
import { hasOpen } from '../open-name.ts';
import { UnfitError } from './syntax.ts';

type Value = Json | undefined;
type Act = (...parameters: readonly Value[]) => Value;

/**
 * What stands for each cluster's own value cannot be calculated with: nobody knows it yet.
 *
 * Errors: UnfitError.
 */
export function callFunction(name: string, parameters: readonly Value[]): Value {
  const act = functions.get(name);
  if (act === undefined) throw new UnfitError(`its template calls \`${name}\``);
  if (!transparent.has(name) && parameters.some(isOpen))
    throw new UnfitError(`its template calculates with the cluster (\`${name}\`)`);
  return act(...parameters);
}

const transparent: ReadonlySet<string> = new Set([
  'default',
  'coalesce',
  'print',
  'toString',
  'quote',
  'squote',
  'trim',
]);

function isOpen(value: Value): boolean {
  if (typeof value === 'string') return hasOpen(value);
  return (isArray(value) && value.some(isOpen)) || (isObject(value) && Object.values(value).some(isOpen));
}

const textOf = (value: Value): string => {
  if (value === undefined || value === null) return '';
  return isArray(value) || isObject(value) ? formatJson(value) : String(value);
};
const isEmpty = (value: Value): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  value === 0 ||
  (isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0);
const listOf = (value: Value): readonly Json[] => {
  if (isArray(value)) return value;
  throw new UnfitError('its template asks a list of what is none');
};
const numberOf = (value: Value): number => {
  const number = Number(value);
  if (!Number.isFinite(number)) throw new UnfitError('its template counts with what is no number');
  return number;
};

/** Of a list by number, of an object by name. */
function index(value: Value, ...keys: readonly Value[]): Value {
  return keys.reduce<Value>((here, key) => {
    if (isArray(here)) {
      const found = here[numberOf(key) < 0 ? here.length : numberOf(key)];
      if (found === undefined) throw new UnfitError('its template asks for more than a list has');
      return found;
    }
    return at(here, textOf(key));
  }, value);
}

/** Source: Argo CD, applicationset/utils: SanitizeName. */
const normalize = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^-a-z0-9.]/g, '-')
    .slice(0, 253)
    .replaceAll(/^[-.]+|[-.]+$/g, '');

function printf(format: Value, ...values: readonly Value[]): string {
  let next = 0;
  return textOf(format).replaceAll(/%([a-z%])/g, (whole, verb: string) => {
    if (verb === '%') return '%';
    if (!'svdq'.includes(verb)) throw new UnfitError(`its template prints by ${whole}`);
    const text = textOf(values[next]);
    next += 1;
    return verb === 'q' ? JSON.stringify(text) : text;
  });
}

const functions: ReadonlyMap<string, Act> = new Map<string, Act>([
  ['eq', (value, ...others) => others.some((other) => textOf(other) === textOf(value))],
  ['ne', (a, b) => textOf(a) !== textOf(b)],
  ['lt', (a, b) => numberOf(a) < numberOf(b)],
  ['gt', (a, b) => numberOf(a) > numberOf(b)],
  ['le', (a, b) => numberOf(a) <= numberOf(b)],
  ['ge', (a, b) => numberOf(a) >= numberOf(b)],
  ['not', (value) => isEmpty(value)],
  ['empty', (value) => isEmpty(value)],
  [
    'len',
    (value) => (isObject(value) ? Object.keys(value).length : isArray(value) ? value.length : textOf(value).length),
  ],
  ['index', index],
  ['get', (value, key) => at(value, textOf(key)) ?? ''],
  ['hasKey', (value, key) => at(value, textOf(key)) !== undefined],
  ['dig', (...all) => at(all.at(-1), ...all.slice(0, -2).map(textOf)) ?? all.at(-2)],
  ['default', (other, value) => (isEmpty(value) ? other : value)],
  ['coalesce', (...values) => values.find((value) => !isEmpty(value))],
  ['ternary', (yes, no, condition) => (condition === true ? yes : no)],
  ['print', (...values) => values.map(textOf).join('')],
  ['printf', printf],
  ['toString', textOf],
  ['quote', (value) => JSON.stringify(textOf(value))],
  ['squote', (value) => `'${textOf(value)}'`],
  ['toJson', (value) => formatJson(value ?? null)],
  ['int', (value) => Math.trunc(numberOf(value))],
  ['add', (...values) => values.reduce<number>((sum, value) => sum + numberOf(value), 0)],
  ['sub', (a, b) => numberOf(a) - numberOf(b)],
  ['lower', (value) => textOf(value).toLowerCase()],
  ['upper', (value) => textOf(value).toUpperCase()],
  ['title', (value) => textOf(value).replaceAll(/(?<=^|\s)\S/g, (letter) => letter.toUpperCase())],
  ['trim', (value) => textOf(value).trim()],
  ['trimPrefix', (prefix, value) => withoutPrefix(textOf(value), textOf(prefix))],
  ['trimSuffix', (suffix, value) => withoutSuffix(textOf(value), textOf(suffix))],
  ['trunc', (length, value) => truncated(textOf(value), numberOf(length))],
  ['replace', (from, to, value) => textOf(value).replaceAll(textOf(from), () => textOf(to))],
  ['contains', (part, value) => textOf(value).includes(textOf(part))],
  ['hasPrefix', (prefix, value) => textOf(value).startsWith(textOf(prefix))],
  ['hasSuffix', (suffix, value) => textOf(value).endsWith(textOf(suffix))],
  ['has', (item, list) => listOf(list).some((each) => textOf(each) === textOf(item))],
  ['list', (...values) => values.map((value) => value ?? null)],
  ['first', (list) => listOf(list)[0]],
  ['last', (list) => listOf(list).at(-1)],
  ['rest', (list) => listOf(list).slice(1)],
  ['initial', (list) => listOf(list).slice(0, -1)],
  ['join', (separator, list) => listOf(list).map(textOf).join(textOf(separator))],
  ['splitList', (separator, value) => textOf(value).split(textOf(separator))],
  [
    'split',
    (separator, value) =>
      Object.fromEntries(
        textOf(value)
          .split(textOf(separator))
          .map((part, at) => [`_${at}`, part]),
      ),
  ],
  ['normalize', (value) => normalize(textOf(value))],
  ['slugify', (...values) => slug(textOf(values.at(-1)), values.length > 1 ? numberOf(values[0]) : 50)],
]);

const withoutPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;
const withoutSuffix = (text: string, suffix: string): string =>
  suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
const truncated = (text: string, length: number): string => (length < 0 ? text.slice(length) : text.slice(0, length));
const slug = (text: string, length: number): string =>
  normalize(text.replaceAll(/[^A-Za-z0-9]+/g, '-'))
    .slice(0, length)
    .replaceAll(/^-+|-+$/g, '');
