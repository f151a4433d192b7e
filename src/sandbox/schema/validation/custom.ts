/** Checks a custom object against the schema of its kind. */
import { equal } from '../../../core/json/equal.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../../core/json/value.ts';
import type { Structural } from '../structural.ts';
import { Findings } from './findings.ts';

/** Shape: nothing is said of fields that the schema does not declare. Patterns and CEL rules are not looked at. */
export function checkCustom(object: JsonObject, isNew: boolean, schema: Structural, findings: Findings): void {
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = object;
  checkFields(isNew ? rest : withoutNulls(rest, schema, findings), schema, '', findings);
  checkRules(rest, schema, '', findings);
}

/** A changed object is checked field by field, which leaves a null at its top without a path in the text. */
function withoutNulls(object: JsonObject, schema: Structural, findings: Findings): JsonObject {
  const fields = Object.entries(object).filter(([name, value]) => {
    const declared = schema.properties.get(name);
    const isWrong = value === null && declared !== undefined && !declared.isNullable;
    if (isWrong) findings.wrongType(name, 'null', typeText('', declared.type, 'null'));
    return !isWrong;
  });
  return Object.fromEntries(fields);
}

const typeOf = (value: Json): string => {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return isArray(value) ? 'array' : typeof value;
};

function checkValue(value: Json, schema: Structural, path: string, findings: Findings): void {
  if (value === null && schema.isNullable) return;
  const type = typeOf(value);
  if (schema.isIntOrString) {
    if (type !== 'integer' && type !== 'string')
      findings.wrongType(path, shownAs(value), typeText(path, 'integer,string', type));
    return;
  }
  const isFit = schema.type === '' || type === schema.type || (schema.type === 'number' && type === 'integer');
  if (!isFit) {
    findings.wrongType(path, shownAs(value), typeText(path, schema.type, type));
    if (type === 'number' && schema.type === 'integer') {
      const format = schema.rules.format === '' ? 'default' : schema.rules.format;
      findings.invalid('<nil>', '', `Checked value must be of type integer (${format} format) in ${path}`);
    }
    return;
  }
  if (isObject(value)) checkFields(value, schema, path, findings);
  else if (isArray(value)) checkItems(value, schema, path, findings);
  checkRules(value, schema, path, findings);
}

const typeText = (path: string, wanted: string, found: string): string =>
  `${path} in body must be of type ${wanted}: ${JSON.stringify(found)}`;
// The server shows the type, not the value.
const shownAs = (value: Json): string => typeOf(value);

function checkFields(value: JsonObject, schema: Structural, path: string, findings: Findings): void {
  const pathTo = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const required = schema.isEmbedded ? ['apiVersion', 'kind', ...schema.rules.required] : schema.rules.required;
  for (const name of required) if (!Object.hasOwn(value, name)) findings.required(pathTo(name));
  for (const [name, inner] of Object.entries(value)) {
    const additional = schema.additional === 'any' ? undefined : schema.additional;
    const below = schema.properties.get(name) ?? additional;
    if (below !== undefined) checkValue(inner, below, pathTo(name), findings);
  }
}

function checkItems(items: readonly Json[], schema: Structural, path: string, findings: Findings): void {
  const { items: element } = schema;
  if (element === undefined) return;
  const seen: Json[] = [];
  for (const [at, item] of items.entries()) {
    checkValue(item, element, `${path}[${at}]`, findings);
    const key = keyOf(item, schema);
    if (key === undefined) continue;
    if (seen.some((one) => equal(one, key))) findings.duplicate(`${path}[${at}]`, key);
    seen.push(key);
  }
}

function keyOf(item: Json, schema: Structural): Json | undefined {
  if (schema.listType === 'set') return item;
  if (schema.listType !== 'map' || !isObject(item)) return undefined;
  return Object.fromEntries(
    schema.listKeys.map((key) => [key, item[key] ?? schema.items?.properties.get(key)?.default ?? null]),
  );
}

function checkRules(value: Json, schema: Structural, path: string, findings: Findings): void {
  const { rules } = schema;
  if (rules.enum !== undefined && !rules.enum.some((one) => equal(one, value))) {
    const shown = rules.enum.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    findings.unsupported(path, value, shown);
  }
  if (typeof value === 'number') checkNumber(value, schema, path, findings);
  else if (typeof value === 'string') checkText(value, schema, path, findings);
  else if (isArray(value)) checkSize(value.length, [rules.minItems, rules.maxItems], 'items', path, findings);
  else if (isObject(value)) {
    const bounds = [rules.minProperties, rules.maxProperties] as const;
    checkSize(Object.keys(value).length, bounds, 'properties', path, findings);
  }
  checkChoices(value, schema, path, findings);
}

function checkText(value: string, { rules }: Structural, path: string, findings: Findings): void {
  if (!isFormatted(value, rules.format)) findings.wrongType(path, value, typeText(path, rules.format, value));
  const { minLength, maxLength } = rules;
  const size = [...value].length;
  if (minLength !== undefined && size < minLength) {
    findings.invalid(path, value, `${path} in body should be at least ${minLength} chars long`);
  }
  if (maxLength !== undefined && size > maxLength) findings.tooLong(path, maxLength);
}

function checkSize(
  size: number,
  [min, max]: readonly [number | undefined, number | undefined],
  noun: string,
  path: string,
  findings: Findings,
): void {
  if (min !== undefined && size < min)
    findings.invalid(path, size, `${path} in body should have at least ${min} ${noun}`);
  if (max !== undefined && size > max) findings.tooMany(path, size, max);
}

function checkNumber(value: number, { rules }: Structural, path: string, findings: Findings): void {
  const subject = `${path} in body should be`;
  const { minimum, maximum, multipleOf } = rules;
  if (minimum !== undefined && (rules.isMinimumExclusive ? value <= minimum : value < minimum)) {
    findings.invalid(
      path,
      value,
      `${subject} greater than ${rules.isMinimumExclusive ? '' : 'or equal to '}${minimum}`,
    );
  }
  if (maximum !== undefined && (rules.isMaximumExclusive ? value >= maximum : value > maximum)) {
    findings.invalid(path, value, `${subject} less than ${rules.isMaximumExclusive ? '' : 'or equal to '}${maximum}`);
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    findings.invalid(path, value, `${subject} a multiple of ${multipleOf}`);
  }
}

function checkChoices(value: Json, { rules }: Structural, path: string, findings: Findings): void {
  const tried = (schema: Structural): Findings => {
    const found = new Findings();
    checkValue(value, schema, path, found);
    return found;
  };
  const fits = (schema: Structural): boolean => tried(schema).causes.length === 0;
  const say = (text: string): void => findings.invalid('<nil>', '', `${JSON.stringify(path)} must ${text}`);
  // Where none fits, the first one tells why it does not.
  const sayWhy = ([first]: readonly Structural[]): void =>
    findings.addAll(first === undefined ? [] : tried(first).causes);
  if (rules.anyOf.length > 0 && !rules.anyOf.some(fits)) {
    say('validate at least one schema (anyOf)');
    sayWhy(rules.anyOf);
  }
  const count = rules.oneOf.filter(fits).length;
  if (rules.oneOf.length > 0 && count !== 1) {
    const found = count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`;
    say(`validate one and only one schema (oneOf). ${found}`);
    if (count === 0) sayWhy(rules.oneOf);
  }
  checkAll(rules.allOf, tried, say, findings);
  if (rules.not !== undefined && fits(rules.not)) say('not validate the schema (not)');
}

function checkAll(
  schemas: readonly Structural[],
  tried: (schema: Structural) => Findings,
  say: (text: string) => void,
  findings: Findings,
): void {
  const causes = schemas.map((schema) => tried(schema).causes);
  const wrong = causes.filter((found) => found.length > 0);
  for (const found of wrong) findings.addAll(found);
  if (wrong.length > 0)
    say(`validate all the schemas (allOf)${wrong.length === schemas.length ? '. None validated' : ''}`);
}

const formats: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/,
  uuid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
};

/** Formats that are not known here are not looked at. */
const isFormatted = (value: string, format: string): boolean => formats[format]?.test(value) ?? true;
