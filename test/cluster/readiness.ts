/** Free ports and waits, for servers that take a moment to come up. */
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from './process.ts';

const pollMs = 50;

/** Ports of the loopback that nobody listens on; all are held at once, so they differ. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a server without a port');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** Asks until `isReady`. Errors: rejects with the end of the log when the server ends or takes longer than `withinMs`. */
export async function untilReady(
  name: string,
  server: ServerProcess,
  isReady: () => Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const startedAtMs = performance.now();
  while (!(await isReady().catch(() => false))) {
    const exit = server.exit();
    if (exit !== undefined) throw new Error(`${name} ended (${exit}):\n${server.tail()}`);
    if (performance.now() - startedAtMs > withinMs) {
      throw new Error(`${name} is not ready after ${withinMs} ms:\n${server.tail()}`);
    }
    await sleep(pollMs);
  }
}
