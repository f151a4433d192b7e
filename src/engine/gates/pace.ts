/** How long an answer stands before the gate is asked again. */
import type { Answer } from './answer.ts';

const passMs = 60_000;
const pendingMs = 15_000;
const failMs = 30_000;
const retryMinMs = 5_000;
const retryMaxMs = 300_000;

/** `unknowns`: answers in a row that nobody could give, this one among them. Shape: undefined for what stays so. */
export function restMs({ result, isFinal }: Answer, unknowns: number): number | undefined {
  if (isFinal === true) return undefined;
  switch (result) {
    case 'pass':
      return passMs;
    case 'pending':
      return pendingMs;
    case 'fail':
      return failMs;
    case 'unknown':
      return Math.min(retryMaxMs, retryMinMs * 2 ** Math.max(0, unknowns - 1));
  }
}

/** What passes, but not for as long as it must. */
export function held(answer: Answer, forMs: number, sinceMs: number, nowMs: number): Answer {
  if (answer.result !== 'pass' || nowMs - sinceMs >= forMs) return answer;
  const seconds = (ms: number): string => `${Math.floor(ms / 1_000)} s`;
  return { result: 'pending', text: `${answer.text} for ${seconds(nowMs - sinceMs)} of ${seconds(forMs)}` };
}
