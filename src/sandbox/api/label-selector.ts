/** Label selectors, as in `?labelSelector=tier in (web, api),!legacy`. Source: apimachinery's labels.Parse. */
import { isArray, isObject, type Json, textOf } from '../../core/json/value.ts';

export type Labels = Readonly<Record<string, string>>;
export type Selector = (labels: Labels | undefined) => boolean;

type Operator = '=' | '==' | '!=' | 'in' | 'notin' | '>' | '<';
const operators: ReadonlySet<string> = new Set(['=', '==', '!=', 'in', 'notin', '>', '<']);
const word = /^[^\s=!(),<>]+$/;
const keyPattern = /^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const valuePattern = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

/** Undefined selects everything. Errors: SelectorError, worded for the client. */
export function parseLabelSelector(text: string): Selector | undefined {
  const tokens = text.match(/[^\s=!(),<>]+|==|!=|[=!(),<>]/g) ?? [];
  const requirements: Selector[] = [];
  let position = 0;
  const look = (): string => tokens[position] ?? '';
  const take = (): string => {
    position += 1;
    return tokens[position - 1] ?? '';
  };
  const readRequirement = (): Selector => {
    const isNegated = look() === '!';
    if (isNegated) take();
    const key = take();
    if (!word.test(key)) throw broken(`found '${key}', expected: identifier`);
    if (!keyPattern.test(key)) throw broken(`<nil>: Invalid value: "${key}": ${keyRule}`);
    if (look() === '' || look() === ',') return (labels) => has(labels, key) !== isNegated;
    const operator = take();
    if (isNegated || !isOperator(operator)) {
      throw broken(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    const values = operator === 'in' || operator === 'notin' ? readValues() : [readValue()];
    const wrong = values.find((value) => !valuePattern.test(value));
    if (wrong !== undefined) throw broken(`values[0][${key}]: Invalid value: "${wrong}": ${valueRule}`);
    return requirement(key, operator, values);
  };
  const readValue = (): string => {
    if (look() === '' || look() === ',') return '';
    const value = take();
    if (!word.test(value)) throw broken(`found '${value}', expected: identifier`);
    return value;
  };
  const readValues = (): readonly string[] => {
    const open = take();
    if (open !== '(') throw broken(`found '${open}' expected: '('`);
    const values: string[] = [];
    for (;;) {
      values.push(word.test(look()) ? take() : '');
      const next = take();
      if (next === ')') return values;
      if (next !== ',') throw broken(`found '${next}', expected: ',' or ')'`);
    }
  };
  while (look() !== '') {
    requirements.push(readRequirement());
    const next = take();
    if (next === '') break;
    if (next !== ',') throw new SelectorError(`found '${next}', expected: ',' or 'end of string'`);
    if (look() !== '!' && !word.test(look())) {
      throw new SelectorError(`found '${look()}', expected: identifier after ','`);
    }
  }
  return all(requirements);
}

/** The selector in an object's spec (`matchLabels`, `matchExpressions`, or a plain map). An absent one selects nothing. */
export function selectorOf(value: Json | undefined): Selector {
  if (!isObject(value)) return () => false;
  const labels = isObject(value.matchLabels) || isArray(value.matchExpressions) ? value.matchLabels : value;
  const equals = Object.entries(isObject(labels) ? labels : {}).map(([key, wanted]) =>
    requirement(key, '=', [textOf(wanted) ?? '']),
  );
  const expressions = (isArray(value.matchExpressions) ? value.matchExpressions : []).map((expression): Selector => {
    if (!isObject(expression)) return () => false;
    const key = textOf(expression.key) ?? '';
    const values = isArray(expression.values) ? expression.values.flatMap((each) => textOf(each) ?? []) : [];
    switch (expression.operator) {
      case 'In':
        return requirement(key, 'in', values);
      case 'NotIn':
        return requirement(key, 'notin', values);
      case 'Exists':
        return (there) => has(there, key);
      case 'DoesNotExist':
        return (there) => !has(there, key);
      default:
        return () => false;
    }
  });
  return all([...equals, ...expressions]) ?? (() => true);
}

function requirement(key: string, operator: Operator, values: readonly string[]): Selector {
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return (labels) => has(labels, key) && values.includes(labels[key] ?? '');
    case '!=':
    case 'notin':
      return (labels) => !has(labels, key) || !values.includes(labels[key] ?? '');
    case '>':
      return (labels) => has(labels, key) && Number(labels[key]) > Number(values[0]);
    case '<':
      return (labels) => has(labels, key) && Number(labels[key]) < Number(values[0]);
  }
}

function all(requirements: readonly Selector[]): Selector | undefined {
  const [only] = requirements;
  if (only === undefined || requirements.length === 1) return only;
  return (labels) => requirements.every((each) => each(labels));
}

const isOperator = (token: string): token is Operator => operators.has(token);
const has = (labels: Labels | undefined, key: string): labels is Labels =>
  labels !== undefined && Object.hasOwn(labels, key);
const broken = (why: string): SelectorError => new SelectorError(`unable to parse requirement: ${why}`);

const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
