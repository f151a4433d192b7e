/** Sends what webhooks are told, one after the other, to this machine and to nobody else. */
import { request } from 'node:http';
import type { Delivery } from '../forge/hooks.ts';

const timeoutMs = 5_000;

export type HookDelivery = {
  readonly deliver: (delivery: Delivery) => void;
  /** Whatever has not been sent is sent no more. */
  readonly close: () => Promise<void>;
};

export function hookDelivery(): HookDelivery {
  const stopping = new AbortController();
  let last = Promise.resolve();
  return {
    deliver: (delivery) => {
      last = last.then(() => send(delivery, stopping.signal));
    },
    close: async () => {
      stopping.abort();
      await last;
    },
  };
}

/** Resolves whatever becomes of it: who does not listen has missed it. */
function send({ url, headers, body }: Delivery, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const { protocol, hostname } = new URL(url);
    if (signal.aborted || protocol !== 'http:' || !/^(?:localhost|127\.[0-9.]+|\[::1\])$/.test(hostname))
      return resolve();
    const asked = request(url, { method: 'POST', headers, signal, timeout: timeoutMs, agent: false }, (response) => {
      response.resume();
      response.on('close', resolve);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve());
    asked.end(body);
  });
}
