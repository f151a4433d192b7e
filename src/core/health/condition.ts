/** The conditions of an object's status, and other things that health rules read. */
import { at, isArray, isObject, type Json, numberOf, textOf } from '../json/value.ts';
import type { Health, HealthStatus } from '../model/health.ts';
import type { KubeObject } from '../model/object.ts';

export type Condition = {
  readonly type: string;
  /** Mostly `True`, `False` or `Unknown`. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number | undefined;
};

export function conditionsOf(object: KubeObject): readonly Condition[] {
  return readConditions(at(object, 'status', 'conditions'));
}

export function readConditions(conditions: Json | undefined): readonly Condition[] {
  if (!isArray(conditions)) return [];
  return conditions.filter(isObject).map((condition) => ({
    type: textOf(condition.type) ?? '',
    status: textOf(condition.status) ?? 'Unknown',
    reason: textOf(condition.reason) ?? '',
    message: textOf(condition.message) ?? '',
    observedGeneration: numberOf(condition.observedGeneration),
  }));
}

/** The condition of this type, when it has this status. */
export function conditionWith(
  conditions: readonly Condition[],
  type: string,
  status: 'True' | 'False',
): Condition | undefined {
  return conditions.find((condition) => condition.type === type && condition.status === status);
}

/** `Reason: message`, or the one that there is. */
export function describeCondition({ type, status, reason, message }: Condition): string {
  return [reason, message].filter((part) => part !== '').join(': ') || `${type} is ${status}`;
}

// A line of a table or of a commit status; controllers put whole traces into messages.
const messageLengthMax = 200;

/** A health with its message on one line and short. An empty message is none. */
export function health(status: HealthStatus, message = ''): Health {
  const line = message.replaceAll(/\s+/g, ' ').trim();
  if (line === '') return { status };
  return { status, message: line.length > messageLengthMax ? `${line.slice(0, messageLengthMax - 1)}…` : line };
}

/** A count of the status; the API leaves zeros out. */
export function countOf(object: KubeObject, field: string): number {
  return numberOf(at(object, 'status', field)) ?? 0;
}

/**
 * What is missing until the controller has seen the newest spec, or undefined when it has.
 *
 * Shape: `isRequired` for kinds whose controller always writes `observedGeneration`; for others its absence says nothing.
 */
export function unobserved(object: KubeObject, isRequired: boolean): string | undefined {
  const generation = numberOf(object.metadata.generation);
  const observed = numberOf(at(object, 'status', 'observedGeneration'));
  if (observed === undefined) return isRequired ? 'not observed by its controller yet' : undefined;
  if (generation === undefined || observed >= generation) return undefined;
  return `generation ${generation} not observed by its controller yet`;
}
