/** The health of Jobs and CronJobs. */
import { at, isArray, numberOf, textOf } from '../json/value.ts';
import { type Health, healthy } from '../model/health.ts';
import type { KubeObject } from '../model/object.ts';
import { conditionsOf, conditionWith, countOf, describeCondition, health } from './condition.ts';

/** Well when it has completed: what comes after a Job waits for its work, not for its start. */
export function jobHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  const failed = conditionWith(conditions, 'Failed', 'True') ?? conditionWith(conditions, 'FailureTarget', 'True');
  if (failed !== undefined) return health('Degraded', describeCondition(failed));
  if (conditionWith(conditions, 'Complete', 'True') !== undefined) return healthy;
  const isSuspended = conditionWith(conditions, 'Suspended', 'True') !== undefined;
  if (isSuspended || at(object, 'spec', 'suspend') === true) return health('Suspended', 'suspended');
  return health('Progressing', describeRun(object));
}

function describeRun(object: KubeObject): string {
  if (at(object, 'status', 'startTime') === undefined) return 'not started yet';
  const wanted = numberOf(at(object, 'spec', 'completions')) ?? numberOf(at(object, 'spec', 'parallelism')) ?? 1;
  const active = `${countOf(object, 'succeeded')} of ${wanted} completed, ${countOf(object, 'active')} active`;
  const failures = countOf(object, 'failed');
  return failures === 0 ? active : `${active}, ${failures} failed`;
}

/**
 * A CronJob is well as soon as it is there; that its last run failed is said, but it is not the CronJob that failed.
 *
 * Were it Degraded, a change that repairs the Job could not be rolled out until its next run, perhaps tomorrow.
 */
export function cronJobHealth(object: KubeObject): Health {
  if (at(object, 'spec', 'suspend') === true) return health('Suspended', 'suspended');
  const scheduled = textOf(at(object, 'status', 'lastScheduleTime'));
  if (scheduled === undefined || isRunning(object)) return healthy;
  const succeeded = textOf(at(object, 'status', 'lastSuccessfulTime')) ?? '';
  // Both are RFC 3339 in UTC with whole seconds, so text order is time order.
  return succeeded >= scheduled ? healthy : health('Healthy', `the run of ${scheduled} did not succeed`);
}

function isRunning(object: KubeObject): boolean {
  const active = at(object, 'status', 'active');
  return isArray(active) && active.length > 0;
}
