/** Which clusters a generator of an ApplicationSet means: a label selector as Kubernetes has it. */
import { isObject, type JsonObject } from '../json/value.ts';
import type { LabelSelector, Requirement } from '../model/selector.ts';
import { objects, text } from './surroundings.ts';

/** Shape: undefined for an operator that Kubernetes does not have. */
export function selectorIn(selector: JsonObject): LabelSelector | undefined {
  const labels = Object.entries(isObject(selector.matchLabels) ? selector.matchLabels : {});
  const expressions = objects(selector.matchExpressions).map(requirementIn);
  const known = expressions.filter((each) => each !== undefined);
  if (known.length < expressions.length) return undefined;
  return [...labels.map(([key, value]): Requirement => ({ key, operator: 'In', values: [String(value)] })), ...known];
}

function requirementIn(expression: JsonObject): Requirement | undefined {
  const [key, operator] = [text(expression, 'key'), text(expression, 'operator')];
  const values = Array.isArray(expression.values) ? expression.values.map(String) : [];
  if (operator === 'In' || operator === 'NotIn') return { key, operator, values };
  return operator === 'Exists' || operator === 'DoesNotExist' ? { key, operator } : undefined;
}
