/** What may be wrong with a cluster in a random life. */
import type { Disorder } from '../../src/sandbox/disorder.ts';

export const disorders: Readonly<Record<string, Disorder>> = {
  down: { isDown: true },
  'a black hole': { isBlackHole: true },
  slow: { latencyMs: { min: 500, max: 8_000 } },
  'full of conflicts': { conflictShare: 0.4 },
  throttling: { throttleShare: 0.4, retryAfterSeconds: 5 },
  'full of errors': { errorShare: 0.3, errorAfterShare: 0.3 },
  'losing answers': { lostAnswerShare: 0.4 },
  forgetful: { goneShare: 0.5, cutWatchShare: 0.3 },
  stale: { staleListShare: 0.5, staleVersions: 20, cutWatchShare: 0.3 },
  'a captive portal': { htmlShare: 0.5 },
};
