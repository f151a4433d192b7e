/** The machine's clock. */
import type { Clock } from '../../seam/clock.ts';

// A longer timer would fire at once: Node counts milliseconds in 31 bits.
const durationMsMax = 2 ** 31 - 1;

export const systemClock: Clock = { nowMs: () => Date.now(), after };

function after(durationMs: number, wake: () => void): () => void {
  let remainingMs = durationMs;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const stepMs = Math.min(remainingMs, durationMsMax);
    remainingMs -= stepMs;
    timer = setTimeout(remainingMs > 0 ? arm : wake, stepMs);
    timer.unref();
  };
  arm();
  return () => clearTimeout(timer);
}
