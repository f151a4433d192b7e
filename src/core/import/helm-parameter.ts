/** A parameter of Helm as one of its values: what `helm --set` does. */
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import { text } from './surroundings.ts';

/** `parameter`: `name`, `value`, `forceString`, as Argo CD has them. */
export const withParameter = (values: JsonObject, parameter: JsonObject): JsonObject => {
  const set = setIn(values, stepsOf(text(parameter, 'name')), readValue(parameter));
  return isObject(set) ? set : values;
};

/** A text, a truth, a number, or a list in braces. */
function readValue({ value = '', forceString }: JsonObject): Json {
  if (forceString === true || typeof value !== 'string') return value;
  const [, list] = /^\{(.*)\}$/s.exec(value) ?? [];
  if (list !== undefined) return list === '' ? [] : list.split(',').map((item) => plain(item.trim()));
  return plain(value);
}

function plain(value: string): Json {
  if (value === 'true' || value === 'false') return value === 'true';
  if (value === 'null') return null;
  return /^(?:0|-?[1-9][0-9]{0,14})$/.test(value) ? Number(value) : value;
}

/** `a.b\.c[0]` is the first of the field `b.c` of `a`. */
const stepsOf = (name: string): readonly (string | number)[] =>
  name.split(/(?<!\\)\./).flatMap((part) => {
    const [, field = part, indices = ''] = /^(.*?)((?:\[[0-9]{1,3}\])*)$/s.exec(part) ?? [];
    const numbers = [...indices.matchAll(/\[([0-9]+)\]/g)].map(([, index]) => Number(index));
    return field === '' ? numbers : [field.replaceAll('\\.', '.'), ...numbers];
  });

function setIn(target: Json | undefined, [step, ...rest]: readonly (string | number)[], value: Json): Json {
  if (step === undefined) return value;
  if (typeof step === 'string') {
    const known = isObject(target) ? target : {};
    const inner = Object.hasOwn(known, step) ? known[step] : undefined;
    return Object.fromEntries([...Object.entries(known), [step, setIn(inner, rest, value)]]);
  }
  const items = isArray(target) ? [...target] : [];
  while (items.length < step) items.push(null);
  items[step] = setIn(items[step], rest, value);
  return items;
}
