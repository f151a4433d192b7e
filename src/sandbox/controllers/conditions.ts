/** Status conditions: one of each type, with the time at which its status last changed. */
import type { JsonObject } from '../../core/json/value.ts';

export type Condition = {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
};

/** `conditions` with one set. Its lastTransitionTime moves only with its status; `extra` fields are added. */
export function conditionsWith(
  conditions: readonly JsonObject[],
  condition: Condition,
  time: string,
  extra: JsonObject = {},
): readonly JsonObject[] {
  const there = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime = there?.status === condition.status ? (there.lastTransitionTime ?? time) : time;
  const next = { ...condition, ...extra, lastTransitionTime };
  return there === undefined ? [...conditions, next] : conditions.map((each) => (each === there ? next : each));
}

export const conditionOf = (conditions: readonly JsonObject[], type: string): JsonObject | undefined =>
  conditions.find((each) => each.type === type);
