/** The health of what extends the API: CustomResourceDefinitions and APIServices. */
import { type Health, healthy } from '../model/health.ts';
import type { KubeObject } from '../model/object.ts';
import { conditionsOf, conditionWith, describeCondition, health } from './condition.ts';

export function definitionHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  const clash = conditionWith(conditions, 'NamesAccepted', 'False');
  if (clash !== undefined) return health('Degraded', describeCondition(clash));
  const missing = conditionWith(conditions, 'Established', 'False');
  if (missing !== undefined && missing.reason !== 'Installing') return health('Degraded', describeCondition(missing));
  return conditionWith(conditions, 'Established', 'True') === undefined
    ? health('Progressing', 'not established yet')
    : healthy;
}

/** The server behind it may still be starting, so one that does not answer is Progressing. */
export function apiServiceHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  if (conditionWith(conditions, 'Available', 'True') !== undefined) return healthy;
  const unavailable = conditionWith(conditions, 'Available', 'False');
  return health('Progressing', unavailable === undefined ? 'not available yet' : describeCondition(unavailable));
}
