/** Who else changes the objects of an App: what was put back, and what is left to them. */
import type { AppId, ClusterId, ObjectKey, ObjectKeyParts } from '../../core/model/id.ts';
import { partsOf } from '../../core/model/id.ts';
import type { LookedEngine } from './looked-engine.ts';
import { keysOfCell } from './objects.ts';

export type DriftLook = {
  readonly cluster: ClusterId;
  readonly object: ObjectKeyParts;
  readonly paths: readonly string[];
  /** Empty: whoever it was leaves no name. */
  readonly by: readonly string[];
} & (
  | { readonly kind: 'healed'; readonly atMs: number }
  /** Changed back again and again, so it is left as it is for a while. */
  | { readonly kind: 'contested'; readonly untilMs: number }
);

const driftMax = 50;

/** Shape: what is contested first, then what was put back, the newest first. */
export function driftOfApp(app: AppId, engine: LookedEngine): readonly DriftLook[] {
  const contested: DriftLook[] = [];
  const healed: (DriftLook & { readonly kind: 'healed' })[] = [];
  for (const { member, contests } of engine.fleet.workers) {
    const { id: cluster } = member;
    if (contests.given.size === 0 && contests.healings.length === 0) continue;
    const keys = keysOfCell(app, cluster, engine);
    const isOwn = (key: ObjectKey): boolean => keys.has(key);
    for (const [key, { contest, untilMs }] of contests.given)
      if (isOwn(key))
        contested.push({
          kind: 'contested',
          cluster,
          object: partsOf(key),
          paths: [contest.path],
          by: [contest.who],
          untilMs,
        });
    for (const { key, paths, by, atMs } of contests.healings)
      if (isOwn(key)) healed.push({ kind: 'healed', cluster, object: partsOf(key), paths, by, atMs });
  }
  return [...contested, ...healed.toSorted((a, b) => b.atMs - a.atMs)].slice(0, driftMax);
}
