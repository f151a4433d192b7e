/** Somebody who listens to webhooks: keeps all that is told, and looks at each signature. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseJson } from '../../../src/core/json/text.ts';
import type { Json } from '../../../src/core/json/value.ts';

export type Heard = {
  readonly event: string;
  readonly delivery: string;
  readonly isSigned: boolean;
  readonly json: Json;
};

export type Hearing = AsyncDisposable & {
  readonly url: string;
  readonly all: readonly Heard[];
  /** Resolves with the first that fits, now or later. Errors: rejects when there is none for a long time. */
  readonly heard: (isIt: (heard: Heard) => boolean) => Promise<Heard>;
};

const patienceMs = 20_000;

export async function listenForHooks(secret: string): Promise<Hearing> {
  const all: Heard[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const digest = createHmac('sha256', secret).update(body).digest('hex');
      const header = (name: string): string => String(request.headers[name] ?? '');
      all.push({
        event: header('x-gitea-event'),
        delivery: header('x-gitea-delivery'),
        isSigned: header('x-gitea-signature') === digest && header('x-hub-signature-256') === `sha256=${digest}`,
        json: parseJson(body.toString('utf8')),
      });
      response.writeHead(200).end();
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    all,
    heard: (isIt) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = all.find(isIt);
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`not heard; only: ${JSON.stringify(all).slice(0, 1_000)}`));
        }, patienceMs);
        waiting.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
