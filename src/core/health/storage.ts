/** The health of volumes and claims. */
import { at, isObject, textOf } from '../json/value.ts';
import { type Health, healthy } from '../model/health.ts';
import type { KubeObject } from '../model/object.ts';
import { conditionsOf, conditionWith, describeCondition, health } from './condition.ts';

export function claimHealth(object: KubeObject): Health {
  const phase = textOf(at(object, 'status', 'phase'));
  if (phase === 'Lost') return health('Degraded', 'its volume is gone');
  // Whether the storage class waits for the first Pod is not in the claim.
  if (phase !== 'Bound') return health('Progressing', 'no volume bound yet; it may wait for its first Pod');
  const refused = refusedResize(object);
  if (refused !== undefined) return health('Degraded', refused);
  const resizing = conditionWith(conditionsOf(object), 'Resizing', 'True');
  if (resizing !== undefined) return health('Progressing', describeCondition(resizing));
  const pending = conditionWith(conditionsOf(object), 'FileSystemResizePending', 'True');
  return pending === undefined ? healthy : health('Healthy', describeCondition(pending));
}

function refusedResize(object: KubeObject): string | undefined {
  const statuses = at(object, 'status', 'allocatedResourceStatuses');
  if (!isObject(statuses)) return undefined;
  const found = Object.values(statuses).find((status) => textOf(status)?.endsWith('Infeasible'));
  return found === undefined ? undefined : `the resize is refused: ${textOf(found)}`;
}

export function volumeHealth(object: KubeObject): Health {
  const phase = textOf(at(object, 'status', 'phase'));
  const message = textOf(at(object, 'status', 'message')) ?? '';
  switch (phase) {
    case 'Available':
    case 'Bound':
      return healthy;
    case 'Released':
      return health('Healthy', 'released by its claim, not reclaimed');
    case 'Failed':
      return health('Degraded', message || 'could not be reclaimed');
    default:
      return health('Progressing', message || 'not available yet');
  }
}
