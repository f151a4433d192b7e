/** Disorder, as a client sees it. */
import type { Rng } from '../../seam/rng.ts';
import type { Disorder, DisorderControl } from '../disorder.ts';
import { answer } from './call.ts';
import { type ApiAnswer, CutError } from './exchange.ts';
import { conflict, RefusedError, type Subject } from './refusals.ts';

export const html = (): ApiAnswer =>
  answer(200, '<!DOCTYPE html><html><body><h1>Please log in</h1></body></html>', 'text/html; charset=utf-8');

export const throttled = ({ retryAfterSeconds = 1 }: Disorder): RefusedError =>
  new RefusedError(
    { code: 429, reason: 'TooManyRequests', message: 'too many requests, please try again later', details: {} },
    { retryAfterSeconds },
  );

export const unavailable = (): RefusedError =>
  new RefusedError({
    code: 503,
    reason: 'ServiceUnavailable',
    message: 'the server is currently unable to handle the request',
  });

export const failedAfter = (): RefusedError =>
  new RefusedError({
    code: 500,
    reason: 'InternalError',
    message: 'Internal error occurred: etcdserver: request timed out',
  });

export const madeUpConflict = (subject: Subject): RefusedError =>
  conflict(subject, 'the object has been modified; please apply your changes to the latest version and try again');

/** Rejects when the signal fires, and never otherwise. */
export const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** A running watch under disorder: silent while the cluster is a black hole, cut when it goes down or by chance. */
export async function* troubled(
  body: AsyncIterable<Uint8Array>,
  disorder: DisorderControl,
  rng: Rng,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  let stop = (): void => {};
  const down = new Promise<'down'>((resolve) => {
    stop = disorder.onDown(() => resolve('down'));
  });
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), down]);
      if (next === 'down') throw new CutError('reset');
      if (next.done === true) return;
      const { isBlackHole, cutWatchShare = 0 } = disorder.now();
      if (isBlackHole === true) await silence(signal);
      if (cutWatchShare > 0 && rng.next() < cutWatchShare) {
        yield next.value.subarray(0, Math.floor(next.value.length / 2));
        throw new CutError('reset');
      }
      yield next.value;
    }
  } finally {
    stop();
    await chunks.return?.();
  }
}
