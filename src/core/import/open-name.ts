/** What stands for the name of whichever cluster it will be, until it is written as `${name}`. */
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';

/** A letter that no text has, and that JSON leaves as it is. */
const mark = '\uE000';

/** The cluster's own name. */
export const openName = `${mark}name${mark}`;
/** Its address: good for a destination, and for nothing else. */
export const openServer = `${mark}server${mark}`;

/** As a person may read it. */
export const shown = (text: string): string => text.replaceAll(mark, '');

export const hasOpen = (text: string): boolean => text.includes(mark);

/** As Landfall reads it where it puts variables in: `${` that somebody else has written stays what it is. */
export const openText = (text: string): string => text.replaceAll('${', () => '$${').replaceAll(openName, '${name}');

/** The same in every text of a value. */
export const openJson = (value: Json): Json => {
  if (typeof value === 'string') return openText(value);
  if (isArray(value)) return value.map(openJson);
  return isObject(value) ? openObject(value) : value;
};

export const openObject = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([field, part]) => [field, openJson(part)]));
