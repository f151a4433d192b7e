/** Child processes: what they answer, and what becomes of those that do not. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Child, type ChildEnd, ChildError, startChild } from '../../../src/edge/child/child.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { isFault } from '../../builder/fault.ts';

const never = new AbortController().signal;
const entry = new URL('./naughty-process.ts', import.meta.url);
const memoryBytesMax = 200 * 1024 * 1024;

async function withChild(run: (child: Child) => Promise<void>): Promise<void> {
  const child = startChild({ entry, memoryBytesMax }, systemClock);
  try {
    await run(child);
  } finally {
    child.stop();
  }
}
const ask = (child: Child, kind: string, value?: unknown, deadlineMs = 20_000): Promise<unknown> =>
  child.ask({ kind, value }, { deadlineMs }, never);
const ended =
  (...ends: readonly ChildEnd[]) =>
  (error: unknown): true => {
    ok(error instanceof ChildError, `${error}`);
    ok(ends.includes(error.end), error.message);
    return true;
  };

/** Waits until a process is gone; a zombie is. */
async function gone(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const path = `/proc/${pid}/stat`;
    const state = existsSync(path) ? readFileSync(path, 'utf8').split(') ')[1]?.[0] : undefined;
    if (state === undefined || state === 'Z') return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`process ${pid} is still there`);
}

test('ask: values keep their kind, bigint, bytes and maps too', () =>
  withChild(async (child) => {
    const value = {
      big: 9007199254740993n,
      bytes: Buffer.from('xyz'),
      map: new Map([['__proto__', 1]]),
      none: undefined,
    };
    const answer = (await ask(child, 'echo', value)) as typeof value;
    equal(answer.big, value.big);
    equal(Buffer.from(answer.bytes).toString(), 'xyz');
    deepEqual(answer.map, value.map);
    equal(child.load(), 0);
  }));

test('ask: parts come in order, and each gives the child its time anew', () =>
  withChild(async (child) => {
    await ask(child, 'echo');
    const parts: unknown[] = [];
    const options = { deadlineMs: 900, onPart: (value: unknown) => void parts.push(value) };
    equal(await child.ask({ kind: 'parts', value: 400 }, options, never), 'done');
    deepEqual(parts, [1, 2, 3]);
  }));

test('ask: a fault is the same fault, a bug is a bug', () =>
  withChild(async (child) => {
    await rejects(ask(child, 'fault'), isFault('throttled', /later/));
    await rejects(ask(child, 'bug'), (error) => error instanceof Error && /TypeError: broken/.test(error.message));
    equal(await ask(child, 'echo', 1), 1, 'it lives on');
  }));

test('ask: an abort reaches the child, and its reason the asker', () =>
  withChild(async (child) => {
    await ask(child, 'echo');
    const controller = new AbortController();
    const waiting = child.ask({ kind: 'wait' }, { deadlineMs: 20_000 }, controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    await rejects(waiting, (error) => error === reason);
    equal(await ask(child, 'echo', 2), 2);
    await rejects(child.ask({}, { deadlineMs: 1 }, AbortSignal.abort(reason)), (error) => error === reason);
  }));

test('deadline: a child that spins is stopped, and what else it was asked is lost', () =>
  withChild(async (child) => {
    await ask(child, 'echo');
    const other = rejects(ask(child, 'wait'), ended('lost'));
    await rejects(ask(child, 'spin', undefined, 300), ended('deadline'));
    await other;
    equal(child.isAlive(), false);
    await rejects(ask(child, 'echo'), ended('lost'));
  }));

for (const [kind, what] of [
  ['buffers', 'outside the heap'],
  ['heap', 'on the heap'],
] as const) {
  test(`memory: a child that takes too much ${what} ends as that`, () =>
    withChild(async (child) => {
      await rejects(ask(child, kind, undefined, 60_000), ended('memory'));
    }));
}

test('crash: an exit is one', () =>
  withChild(async (child) => {
    await rejects(ask(child, 'exit'), ended('crash'));
  }));

test('crash: a program that is not there is one', async () => {
  const child = startChild({ entry: new URL('./none.ts', import.meta.url), memoryBytesMax }, systemClock);
  await rejects(ask(child, 'echo'), ended('crash', 'lost'));
});

test('prototypes: nothing can be added to what all objects share', () =>
  withChild(async (child) => {
    equal(await ask(child, 'pollute'), 'refused');
    equal(await ask(child, 'proto'), true);
  }));

test('stop: takes along what the child has started', () =>
  withChild(async (child) => {
    const grandchild = Number(await ask(child, 'grandchild'));
    child.stop();
    await gone(grandchild);
  }));

test('death: when the parent is killed, child and grandchild go too', async () => {
  const program = fileURLToPath(new URL('./parent-process.ts', import.meta.url));
  const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
  const [child = 0, grandchild = 0] = chunk.toString().trim().split(' ').map(Number);
  ok(child > 0 && grandchild > 0);
  parent.kill('SIGKILL');
  await gone(child);
  await gone(grandchild);
});
