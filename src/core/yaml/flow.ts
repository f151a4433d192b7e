/** A value in one line, as it may stand between brackets. */
import { isArray, isObject, type Json } from '../json/value.ts';
import { formatYaml } from './format.ts';

/** `isJson`: every text and every name in double quotes. */
export function flowText(value: Json, isJson: boolean): string {
  if (isArray(value)) return `[${value.map((item) => flowText(item, isJson)).join(', ')}]`;
  if (isObject(value)) {
    const fields = Object.entries(value).map(
      ([name, item]) => `${textInFlow(name, isJson)}: ${flowText(item, isJson)}`,
    );
    return `{${fields.join(', ')}}`;
  }
  return typeof value === 'string' ? textInFlow(value, isJson) : formatYaml(value).trimEnd();
}

/** What ends a text without quotes between brackets. */
const ending = /[,[\]{}\n]|: |:$| #/;

export const textInFlow = (text: string, isJson: boolean): string =>
  isJson || ending.test(text) ? JSON.stringify(text) : formatYaml(text).trimEnd();
