/** Nothing is left behind by many requests and many watches, over real sockets. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { kubeClient } from '../../../src/edge/kube/client.ts';
import { fixedCredentials } from '../../../src/edge/kube/login.ts';
import type { WatchEvent } from '../../../src/edge/kube/watch.ts';
import { systemNet } from '../../../src/edge/net/net.ts';
import type { Clock } from '../../../src/seam/clock.ts';
import { testCertificate } from '../../builder/certificate.ts';
import { configMap, configMaps } from '../../builder/kube.ts';
import { seededRng } from '../../builder/rng.ts';
import { type Handle, serve } from '../../builder/server.ts';

const certificate = testCertificate({ name: 'localhost', hosts: ['127.0.0.1'] });

/** Counts the timers that wait. */
function countingClock(): Clock & { readonly waiting: () => number } {
  const waiting = new Set<object>();
  const after: Clock['after'] = (durationMs, wake) => {
    const timer = {};
    waiting.add(timer);
    const cancel = systemClock.after(durationMs, () => {
      waiting.delete(timer);
      wake();
    });
    return () => {
      waiting.delete(timer);
      cancel();
    };
  };
  return { nowMs: systemClock.nowMs, after, waiting: () => waiting.size };
}

/** Reads answer; watches tell one thing and end, or are cut when their turn comes. */
function cluster(): Handle {
  let watches = 0;
  return (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.url?.includes('watch=') !== true) return response.end(JSON.stringify(configMap('web', '5')));
    watches += 1;
    response.write(`${JSON.stringify({ type: 'ADDED', object: configMap('web', String(watches)) })}\n`);
    if (watches % 3 === 0) response.end();
  };
}

for (const protocol of ['h2', 'http/1.1'] as const) {
  test(`leak: ${protocol}: after 2,000 reads and 300 watches there is one connection, no listener, no timer`, async (t) => {
    const server = await serve(cluster(), { certificate, protocols: [protocol] });
    t.after(() => server.close());
    const clock = countingClock();
    const net = systemNet({ clock });
    const credentials = fixedCredentials(server.origin, { ca: certificate.ca });
    const client = kubeClient(credentials, { net, clock, rng: seededRng(1) });
    t.after(() => client.close());
    const life = new AbortController();
    const ref = { kind: configMaps, namespace: 'shop', name: 'web' };
    const readMany = async (): Promise<void> => {
      for (let count = 0; count < 250; count += 1) ok(await client.get(ref, life.signal));
    };
    await Promise.all(Array.from({ length: 8 }, readMany));
    for (let count = 0; count < 300; count += 1) {
      const leaving = new AbortController();
      const signal = count % 2 === 0 ? life.signal : leaving.signal;
      const sink = (event: WatchEvent): void => {
        if (event.kind !== 'set') return;
        if (count % 4 === 0) throw new TypeError('enough');
        if (count % 2 === 1) leaving.abort();
        if (count % 4 === 2) server.cut();
      };
      // Ended by the server, by us or by the cut, as meant.
      await client.watch({ kind: configMaps }, { kind: 'start' }, sink, signal).catch(() => undefined);
    }
    await client.get(ref, life.signal);
    deepEqual(getEventListeners(life.signal, 'abort'), []);
    // The beat of the one HTTP/2 session.
    equal(clock.waiting(), protocol === 'h2' ? 1 : 0);
    ok(server.sockets.size <= (protocol === 'h2' ? 1 : 8), `${server.sockets.size} sockets`);
  });
}
