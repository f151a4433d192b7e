/** A child process that does what a test tells it, good or bad. */
import { spawn } from 'node:child_process';
import { FaultError } from '../../../src/core/model/fault.ts';
import { serveAsks } from '../../../src/edge/child/serve.ts';

serveAsks(async (ask, { part, signal }) => {
  const { kind, value } = ask as { readonly kind: string; readonly value: unknown };
  switch (kind) {
    case 'echo':
      return value;
    case 'pid':
      return process.pid;
    case 'parts':
      for (let count = 1; count <= 3; count += 1) {
        part(count);
        await new Promise((resolve) => setTimeout(resolve, Number(value)));
      }
      return 'done';
    case 'wait':
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    case 'spin':
      for (;;) Math.sqrt(2);
    case 'fault':
      throw new FaultError({ kind: 'throttled', detail: 'later', retryAfterMs: 7, status: 429 });
    case 'bug':
      throw new TypeError('broken');
    case 'buffers': {
      const held: Buffer[] = [];
      for (let count = 0; count < 4096; count += 1) held.push(Buffer.alloc(1024 * 1024, 1));
      return held.length;
    }
    case 'heap': {
      const held: object[] = [];
      for (let count = 0; count < 1e9; count += 1) held.push({ count, text: `${count}` });
      return held.length;
    }
    case 'exit':
      return process.exit(3);
    case 'pollute':
      return attempt(() => Object.assign(Object.getPrototypeOf({}) as object, { polluted: true }));
    case 'proto':
      return Reflect.get({}, '__proto__') === undefined;
    case 'grandchild': {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      return child.pid;
    }
    default:
      return undefined;
  }
});

function attempt(run: () => void): string {
  try {
    run();
    return 'done';
  } catch (error) {
    return error instanceof TypeError ? 'refused' : 'odd';
  }
}
