/** A parent that starts a child, prints both ids, and waits to be killed. */
import { startChild } from '../../../src/edge/child/child.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';

const entry = new URL('./naughty-process.ts', import.meta.url);
const child = startChild({ entry, memoryBytesMax: 64 * 1024 * 1024 }, systemClock);
const never = new AbortController().signal;
const ask = (kind: string): Promise<unknown> => child.ask({ kind }, { deadlineMs: 20_000 }, never);
process.stdout.write(`${await ask('pid')} ${await ask('grandchild')}\n`);
setInterval(() => {}, 1_000);
