/** Texts that many cells are made of: ages, labels, selectors, containers. */
import { at, isArray, isObject, type Json, type JsonObject, numberOf, textOf } from '../../../core/json/value.ts';

/** The cells of one kind's row, the object's name and age among them. */
export type Cells = (object: JsonObject, nowMs: number) => readonly Json[];

export const none = '<none>';
export const unset = '<unset>';

export const textAt = (value: Json | undefined, ...fields: readonly string[]): string =>
  textOf(at(value, ...fields)) ?? '';
export const numberAt = (value: Json | undefined, ...fields: readonly string[]): number =>
  numberOf(at(value, ...fields)) ?? 0;
export const listAt = (value: Json | undefined, ...fields: readonly string[]): readonly Json[] => {
  const list = at(value, ...fields);
  return isArray(list) ? list : [];
};
export const mapAt = (value: Json | undefined, ...fields: readonly string[]): JsonObject => {
  const map = at(value, ...fields);
  return isObject(map) ? map : {};
};
export const textsAt = (value: Json | undefined, ...fields: readonly string[]): readonly string[] =>
  listAt(value, ...fields).flatMap((item) => textOf(item) ?? []);

export const nameOf = (object: JsonObject): string => textAt(object, 'metadata', 'name');

/** How old an object is. */
export const ageOf = (object: JsonObject, nowMs: number): string =>
  sinceText(at(object, 'metadata', 'creationTimestamp'), nowMs);

export function sinceText(time: Json | undefined, nowMs: number): string {
  const text = textOf(time);
  return text === undefined ? '<unknown>' : durationText(nowMs - Date.parse(text));
}

/** Shape: two or three significant digits, `5m30s`, `3d4h`, `2y`. */
export function durationText(ms: number): string {
  const seconds = Math.trunc(ms / 1_000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 120) return `${Math.max(seconds, 0)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(`${minutes}m`, seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(`${hours}h`, minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return withRest(`${days}d`, hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? withRest(`${years}y`, days % 365, 'd') : `${years}y`;
}

const withRest = (whole: string, rest: number, unit: string): string => (rest === 0 ? whole : `${whole}${rest}${unit}`);

export function labelsText(labels: JsonObject): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${textOf(value) ?? ''}`);
  return pairs.length === 0 ? none : pairs.toSorted().join(',');
}

/** As the API server writes a selector; empty for one that chooses all, or none. */
export function selectorText(selector: Json | undefined): string {
  const labels = Object.entries(mapAt(selector, 'matchLabels')).map(([key, value]) => ({
    key,
    text: `${key}=${textOf(value) ?? ''}`,
  }));
  const expressions = listAt(selector, 'matchExpressions').map((expression) => {
    const key = textAt(expression, 'key');
    return { key, text: expressionText(key, textAt(expression, 'operator'), textsAt(expression, 'values')) };
  });
  const all = [...labels, ...expressions].toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return all.map(({ text }) => text).join(',');
}

function expressionText(key: string, operator: string, values: readonly string[]): string {
  const list = `(${values.toSorted().join(',')})`;
  switch (operator) {
    case 'In':
      return `${key} in ${list}`;
    case 'NotIn':
      return `${key} notin ${list}`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}

export const selectorOrNone = (selector: Json | undefined): string => selectorText(selector) || none;

/** The names and the images of a pod's containers. */
export function containerTexts(spec: Json | undefined): readonly [names: string, images: string] {
  const containers = listAt(spec, 'containers');
  const joined = (field: string): string => containers.map((container) => textAt(container, field)).join(',');
  return [joined('name'), joined('image')];
}

/** The first few of a list, and how many more there are. */
export function fewText(items: readonly string[], max: number, separator = ','): string {
  const shown = items.slice(0, max).join(separator);
  return items.length > max ? `${shown} + ${items.length - max} more...` : shown;
}

export function conditionOf(object: JsonObject, type: string): Json | undefined {
  return listAt(object, 'status', 'conditions').find((condition) => textAt(condition, 'type') === type);
}
