/** Protects: whatever keeps pull requests from being looked at is told, and a bug of ours is counted as one. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { PreviewLoop } from '../../../src/engine/preview/loop.ts';
import { silentLog } from '../../../src/seam/log.ts';
import { noMetrics } from '../../../src/seam/metric.ts';
import { handClock } from '../../builder/clock.ts';

const failures = [
  {
    name: 'a bug is an error, and counted among the bugs',
    error: new TypeError('inner detail'),
    said: ['error bug', 'bugs', 'preview_failures'],
  },
  {
    name: 'a forge that does not answer is a warning',
    error: new FaultError({ kind: 'unreachable', detail: 'no answer' }),
    said: ['warn pull requests cannot be looked at', 'preview_failures'],
  },
];
for (const { name, error, said } of failures) {
  test(`preview loop: ${name}`, async () => {
    const clock = handClock();
    const stop = new AbortController();
    const seen: string[] = [];
    const loop = new PreviewLoop(
      { repository: 'fleet', branch: 'main', isForeignPlanned: false },
      {
        previewer: { prepare: () => Promise.reject(error) },
        teller: { roomInMs: 0, begin: async () => {}, tell: async () => {} },
        pullRequests: { open: () => Promise.reject(error) },
        shown: { note: () => undefined, take: () => undefined },
        situation: () => '',
        isIdle: () => false,
        clock,
        log: {
          ...silentLog,
          warn: (message) => void seen.push(`warn ${message}`),
          error: (message) => void seen.push(`error ${message}`),
        },
        metrics: { ...noMetrics, count: (figure) => void seen.push(figure) },
      },
    );
    const ended = loop.run(stop.signal);
    loop.stir();
    await clock.settle();
    stop.abort(new Error('the test ends'));
    await ended;
    deepEqual(seen, said);
  });
}
