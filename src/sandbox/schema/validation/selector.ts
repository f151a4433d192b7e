/** Label selectors: whom they choose, and what they must look like. */
import { at, isArray, isObject, type Json, textOf } from '../../../core/json/value.ts';
import type { Findings } from './findings.ts';
import { checkLabels } from './metadata.ts';

const listAt = (value: Json | undefined, field: string): readonly Json[] => {
  const list = at(value, field);
  return isArray(list) ? list : [];
};

export function isEmptySelector(selector: Json | undefined): boolean {
  const labels = at(selector, 'matchLabels');
  const count = isObject(labels) ? Object.keys(labels).length : 0;
  return count + listAt(selector, 'matchExpressions').length === 0;
}

export function selects(selector: Json | undefined, labels: Json | undefined): boolean {
  const of = (key: string): string | undefined => textOf(at(labels, key));
  const wanted = at(selector, 'matchLabels');
  const isLabelled = Object.entries(isObject(wanted) ? wanted : {}).every(([key, value]) => of(key) === value);
  return isLabelled && listAt(selector, 'matchExpressions').every((expression) => matches(expression, of));
}

function matches(expression: Json, of: (key: string) => string | undefined): boolean {
  const value = of(textOf(at(expression, 'key')) ?? '');
  const values = listAt(expression, 'values');
  switch (at(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

export function checkSelector(selector: Json | undefined, path: string, findings: Findings): void {
  checkLabels(at(selector, 'matchLabels'), `${path}.matchLabels`, findings);
  for (const [index, expression] of listAt(selector, 'matchExpressions').entries()) {
    const here = `${path}.matchExpressions[${index}]`;
    const operator = at(expression, 'operator');
    const count = listAt(expression, 'values').length;
    if ((operator === 'In' || operator === 'NotIn') && count === 0) {
      findings.required(`${here}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    } else if ((operator === 'Exists' || operator === 'DoesNotExist') && count > 0) {
      findings.forbidden(`${here}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else if (!['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(textOf(operator) ?? '')) {
      findings.invalid(`${here}.operator`, operator ?? '', 'not a valid selector operator');
    }
  }
}
