/** The health of any other kind, by the conventions for conditions. */
import { at, numberOf, textOf } from '../json/value.ts';
import { type Health, healthy } from '../model/health.ts';
import type { KubeObject } from '../model/object.ts';
import { type Condition, conditionsOf, conditionWith, describeCondition, health, unobserved } from './condition.ts';

// True is bad; of no condition that is in use does True mean the opposite.
const failures = ['Stalled', 'Failed', 'Degraded'];
// True is good; the first that an object has speaks for it.
const successes = ['Ready', 'Healthy', 'Available', 'Established', 'Programmed', 'Accepted', 'Synced'];

/**
 * What its conditions say; without any, its phase; without that, being there is well.
 *
 * A new object that its controller has not seen yet looks like one that has no controller: both are Healthy.
 * Source: the conventions of cli-utils' kstatus (Reconciling, Stalled, observedGeneration), and Kubernetes' API
 * conventions for the rest.
 */
export function customHealth(object: KubeObject): Health {
  if (at(object, 'spec', 'suspend') === true) return health('Suspended', 'suspended');
  if (at(object, 'spec', 'paused') === true) return health('Suspended', 'paused');
  const waiting = unobserved(object, false);
  if (waiting !== undefined) return health('Progressing', waiting);
  const conditions = conditionsOf(object);
  const generation = numberOf(object.metadata.generation) ?? 0;
  const current = conditions.filter(({ observedGeneration }) => (observedGeneration ?? generation) >= generation);
  return bad(current) ?? good(current, conditions) ?? phaseHealth(object);
}

function bad(conditions: readonly Condition[]): Health | undefined {
  const failure = failures.map((type) => conditionWith(conditions, type, 'True')).find((found) => found !== undefined);
  if (failure !== undefined) return health('Degraded', describeCondition(failure));
  const moving = conditionWith(conditions, 'Reconciling', 'True');
  return moving && health('Progressing', describeCondition(moving));
}

/** `all` holds conditions of older generations too: one that has yet to be renewed is waited for. */
function good(current: readonly Condition[], all: readonly Condition[]): Health | undefined {
  const type = successes.find((candidate) => all.some((condition) => condition.type === candidate));
  if (type === undefined) return undefined;
  const condition = current.find((candidate) => candidate.type === type);
  if (condition === undefined) return health('Progressing', `${type} not observed at this generation yet`);
  if (condition.status === 'True') return healthy;
  // Controllers try on after an error, but somebody has to look at it.
  const isError = condition.status === 'False' && /Fail|Error|Invalid|Denied|Forbidden/.test(condition.reason);
  return health(isError ? 'Degraded' : 'Progressing', describeCondition(condition));
}

function phaseHealth(object: KubeObject): Health {
  const phase = textOf(at(object, 'status', 'phase')) ?? '';
  const message = [phase, textOf(at(object, 'status', 'message'))].filter(Boolean).join(': ');
  if (/^(Failed|Error|Degraded)$/.test(phase)) return health('Degraded', message);
  return /^(Pending|Creating|Provisioning|Progressing|Updating)$/.test(phase)
    ? health('Progressing', message)
    : healthy;
}
