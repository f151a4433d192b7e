/** Objects that a cell only looks at: no watch follows what is not ours, so each run reads them. */
import type { Rendering } from '../core/model/cell.ts';
import type { ObjectKey } from '../core/model/id.ts';
import type { Kind } from '../core/model/kinds.ts';
import type { LiveLookup, LiveObject } from '../core/model/live.ts';
import type { KubeObject } from '../core/model/object.ts';
import type { KubeClient } from '../edge/kube/client.ts';
import { refTo } from './execute/context.ts';
import { liveObjectOf } from './member/live-cache.ts';

export type Looked = ReadonlyMap<ObjectKey, LiveObject>;

export type LookDeps = {
  /** As the tenant whose repository asks for it. */
  readonly client: KubeClient;
  /** Undefined when the cluster does not serve it. */
  readonly kindOf: (object: KubeObject) => Promise<Kind | undefined>;
  readonly manager: string;
};

/** No event tells that such an object has changed, so its cell is looked at again. */
export const lookAgainMs = 30_000;

/** Shape: those that are there; a kind that the cluster does not serve has none. Errors: FaultError, of the first that cannot be read. */
export async function lookAt(
  rendering: Rendering | undefined,
  { client, kindOf, manager }: LookDeps,
  signal: AbortSignal,
): Promise<Looked> {
  const looked = new Map<ObjectKey, LiveObject>();
  for (const { key, object, isReadOnly } of rendering?.objects ?? []) {
    if (isReadOnly !== true) continue;
    const kind = await kindOf(object);
    const found = kind === undefined ? undefined : await client.get(refTo(key, kind), signal);
    if (kind !== undefined && found !== undefined) looked.set(key, liveObjectOf(found, kind, manager));
  }
  return looked;
}

/** What was looked at is newer than what is watched of it. */
export const withLooked = (live: LiveLookup, looked: Looked): LiveLookup =>
  looked.size === 0
    ? live
    : { get: (key) => looked.get(key) ?? live.get(key), has: (key) => looked.has(key) || live.has(key) };
