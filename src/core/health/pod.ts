/** The health of a Pod. */
import { at, isArray, isObject, type JsonObject, numberOf, textOf } from '../json/value.ts';
import { type Health, healthy } from '../model/health.ts';
import type { KubeObject } from '../model/object.ts';
import { conditionsOf, conditionWith, describeCondition, health } from './condition.ts';

export function podHealth(object: KubeObject): Health {
  const stuck = stuckContainer(object);
  switch (textOf(at(object, 'status', 'phase'))) {
    case 'Succeeded':
      return healthy;
    case 'Failed':
      return health('Degraded', describeFailure(object));
    case 'Running':
      return stuck ?? runningHealth(object);
    case 'Pending':
      return stuck ?? pendingHealth(object);
    case 'Unknown':
      return health('Unknown', 'its node does not answer');
    default:
      return health('Progressing', 'not observed by its node yet');
  }
}

function runningHealth(object: KubeObject): Health {
  if (conditionWith(conditionsOf(object), 'Ready', 'True') !== undefined) return healthy;
  const names = containersOf(object)
    .filter((container) => container.ready !== true)
    .map(nameOf);
  return health('Progressing', names.length === 0 ? 'not ready' : `not ready: ${names.join(', ')}`);
}

/**
 * Not Degraded even when no node fits: the scheduler tries on, and a cluster autoscaler may be adding a node.
 * Whoever waits for a rollout has a deadline.
 */
function pendingHealth(object: KubeObject): Health {
  const unscheduled = conditionWith(conditionsOf(object), 'PodScheduled', 'False');
  return health('Progressing', unscheduled === undefined ? 'starting' : describeCondition(unscheduled));
}

/** A container that waits for something that will not come by itself: its image, its configuration, a run without crash. */
function stuckContainer(object: KubeObject): Health | undefined {
  for (const container of [...containersOf(object, 'initContainerStatuses'), ...containersOf(object)]) {
    const reason = textOf(at(container, 'state', 'waiting', 'reason')) ?? '';
    if (!/BackOff$|Error$|^Err|^Invalid/.test(reason)) continue;
    const died = describeExit(container, 'lastState');
    const why = died ?? textOf(at(container, 'state', 'waiting', 'message')) ?? '';
    return health('Degraded', [nameOf(container), reason, why].filter((part) => part !== '').join(': '));
  }
  return undefined;
}

function describeFailure(object: KubeObject): string {
  const reason = textOf(at(object, 'status', 'reason'));
  const message = textOf(at(object, 'status', 'message'));
  if (reason !== undefined || message !== undefined) return [reason, message].filter(Boolean).join(': ');
  for (const container of [...containersOf(object, 'initContainerStatuses'), ...containersOf(object)]) {
    const exit = describeExit(container, 'state');
    if (exit !== undefined) return `${nameOf(container)}: ${exit}`;
  }
  return 'failed';
}

/** How a container ended, or undefined when it did not, or ended well. */
function describeExit(container: JsonObject, state: 'state' | 'lastState'): string | undefined {
  const terminated = at(container, state, 'terminated');
  const code = numberOf(at(terminated, 'exitCode'));
  if (code === undefined || code === 0) return undefined;
  const reason = textOf(at(terminated, 'reason'));
  return reason === undefined || reason === 'Error' ? `exit code ${code}` : `${reason}, exit code ${code}`;
}

function containersOf(object: KubeObject, field = 'containerStatuses'): readonly JsonObject[] {
  const statuses = at(object, 'status', field);
  return isArray(statuses) ? statuses.filter(isObject) : [];
}

const nameOf = (container: JsonObject): string => textOf(container.name) ?? '';
