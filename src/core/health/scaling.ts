/** The health of autoscalers and disruption budgets. */
import { parseJson } from '../json/text.ts';
import { at } from '../json/value.ts';
import { type Health, healthy } from '../model/health.ts';
import { type KubeObject, textMapOf } from '../model/object.ts';
import {
  type Condition,
  conditionsOf,
  conditionWith,
  describeCondition,
  health,
  readConditions,
  unobserved,
} from './condition.ts';

/** Metrics of new Pods take a minute to come, so only what waiting cannot repair is Degraded. */
export function autoscalerHealth(object: KubeObject): Health {
  const waiting = unobserved(object, false);
  if (waiting !== undefined) return health('Progressing', waiting);
  const conditions = autoscalerConditions(object);
  if (conditions.length === 0) return health('Progressing', 'not observed by its controller yet');
  const unable = conditionWith(conditions, 'AbleToScale', 'False');
  if (unable?.reason.startsWith('Failed')) return health('Degraded', describeCondition(unable));
  const inactive = conditionWith(conditions, 'ScalingActive', 'False');
  if (inactive === undefined) return healthy;
  if (inactive.reason === 'ScalingDisabled') return health('Healthy', describeCondition(inactive));
  const isWrong = inactive.reason === 'InvalidSelector' || inactive.reason === 'AmbiguousSelector';
  return health(isWrong ? 'Degraded' : 'Progressing', describeCondition(inactive));
}

/** `autoscaling/v1` has its conditions in an annotation. */
function autoscalerConditions(object: KubeObject): readonly Condition[] {
  const conditions = conditionsOf(object);
  const text = textMapOf(object, 'annotations')['autoscaling.alpha.kubernetes.io/conditions'];
  if (conditions.length > 0 || text === undefined) return conditions;
  try {
    return readConditions(parseJson(text));
  } catch {
    return [];
  }
}

/** A budget that allows no disruption now does what it is for. */
export function disruptionBudgetHealth(object: KubeObject): Health {
  const waiting = unobserved(object, true);
  if (waiting !== undefined) return health('Progressing', waiting);
  const denied = conditionWith(conditionsOf(object), 'DisruptionAllowed', 'False');
  if (denied?.reason === 'SyncFailed') return health('Degraded', describeCondition(denied));
  return at(object, 'status', 'disruptionsAllowed') === 0 ? health('Healthy', 'allows no disruption now') : healthy;
}
