/** Gates for somebody who only looks: each is asked once, and nothing is run for it. */
import type { GateEvidence } from '../../core/rollout/gate-state.ts';
import type { Clock } from '../../seam/clock.ts';
import { forEach } from '../pool.ts';
import type { Checks } from './checks.ts';
import { type GateView, nothingKnown, type PlacedAsk, placedKey } from './gate-view.ts';

export type LookedGates = GateView & {
  /** Looks at those that are not known yet. Shape: false when there are none. */
  readonly look: (asks: readonly PlacedAsk[], signal: AbortSignal) => Promise<boolean>;
};

/** For what is only proposed: nobody is asked about it. */
export const unlookedGates: LookedGates = { ...nothingKnown, look: async () => false };

const looksMax = 8;

export function lookedGates(checks: Checks, clock: Clock): LookedGates {
  const known = new Map<string, GateEvidence>();
  return {
    evidenceOf: (asked) => known.get(placedKey(asked)),
    look: async (asks, signal) => {
      const open = asks.filter((asked) => !known.has(placedKey(asked)));
      await forEach(open, looksMax, async (asked) => {
        const { result, text } = await checks.look(asked, signal);
        known.set(placedKey(asked), { result, text, atMs: clock.nowMs() });
      });
      return open.length > 0;
    },
  };
}
