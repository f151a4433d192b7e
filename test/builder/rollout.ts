/** Evidence for tests of the rollout: a cell that holds the old revision well and should hold the next. */
import { appIdOf, cellId, clusterId, digest } from '../../src/core/model/id.ts';
import type { Evidence } from '../../src/core/rollout/evidence.ts';
import { sha } from './model.ts';

export const [old, next] = [digest('old'), digest('next')];

export function cellOn(name: string, fields: Partial<Evidence> = {}): Evidence {
  return {
    cell: cellId(appIdOf('shop/web'), clusterId(name)),
    cluster: clusterId(name),
    isReachable: true,
    isSuspended: false,
    aim: { digest: next, intent: next },
    revision: sha(2),
    held: { digest: old, intent: old },
    isApplied: true,
    appliedAtMs: 0,
    health: { status: 'Healthy' },
    healthySinceMs: 0,
    good: [],
    failure: undefined,
    freezes: [],
    isFailover: false,
    ...fields,
  };
}

/** It holds what it should. */
export const done: Partial<Evidence> = { held: { digest: next, intent: next } };
