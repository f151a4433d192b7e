/** Protects: whoever listens hears what changes, soon, seldom, and never holds memory that it does not read. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { silentLog } from '../../src/seam/log.ts';
import { noMetrics } from '../../src/seam/metric.ts';
import { changeLimits } from '../../src/server/feed/changes.ts';
import { EventStreams, streamLimits } from '../../src/server/feed/event-stream.ts';
import { serve } from '../../src/server/server.ts';
import { type ServedDashboard, serveDashboard } from '../builder/dashboard.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, configMap, placement } from '../builder/manifest.ts';

const names = ['a', 'b', 'c'];

async function withFleet(use: (fleet: TestFleet, shown: ServedDashboard) => Promise<void>): Promise<void> {
  const fleet = testFleet({ clusters: names });
  const shown = await serveDashboard(fleet);
  try {
    fleet.git.commit({
      ...clusterManifests(names),
      'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
      'apps/web/map.yaml': configMap('web', '1'),
    });
    await fleet.run(60_000);
    await use(fleet, shown);
  } finally {
    await shown.close();
    await fleet.close();
  }
}

type Event = { readonly name: string; readonly id: string; readonly data: Record<string, unknown> };

/** One reader, in this process: what it was told so far. */
function read({ changes }: ServedDashboard, { clock }: TestFleet, lastId?: string) {
  const streams = new EventStreams({ changes, clock, epoch: 'test' });
  const leaving = new AbortController();
  const reply = streams.answer({ headers: lastId === undefined ? {} : { 'last-event-id': lastId } }, leaving.signal);
  const events: Event[] = [];
  const texts: string[] = [];
  const ended = (async () => {
    for await (const part of reply.body as AsyncIterable<string>) {
      texts.push(part);
      for (const block of part.split('\n\n')) {
        const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
        const name = fields.get('event');
        if (name !== undefined)
          events.push({ name, id: fields.get('id') ?? '', data: JSON.parse(fields.get('data') ?? '{}') });
      }
    }
  })();
  const leave = async (): Promise<void> => {
    leaving.abort(new Error('left'));
    await ended;
  };
  return { events, texts, leave };
}

test('events: the first is a reset, then what changes, coalesced', () =>
  withFleet(async (fleet, shown) => {
    const reader = read(shown, fleet);
    await fleet.run(1_000);
    deepEqual(
      reader.events.map(({ name }) => name),
      ['reset'],
    );
    const commit = fleet.git.commit({ 'apps/web/map.yaml': configMap('web', '2') });
    const beginMs = fleet.clock.nowMs();
    await fleet.run(60_000);
    const changed = reader.events.slice(1);
    ok(changed.length > 0 && changed.length <= 1 + (fleet.clock.nowMs() - beginMs) / changeLimits.pauseMs);
    ok(changed.some(({ data }) => JSON.stringify(data.repositories) === '["fleet"]'));
    const last = changed.flatMap(({ data }) => data.cells as { cluster: string; commit: string; state: string }[]);
    for (const name of names)
      match(
        JSON.stringify(last.findLast(({ cluster }) => cluster === name)),
        new RegExp(`"commit":"${commit}","state":"Synced"`),
      );
    await reader.leave();
  }));

test('events: at rest nothing is told but that the connection lives', () =>
  withFleet(async (fleet, shown) => {
    const reader = read(shown, fleet);
    await fleet.run(120_000);
    deepEqual(
      reader.events.map(({ name }) => name),
      ['reset'],
    );
    ok(reader.texts.includes(':\n\n'));
    await reader.leave();
  }));

test('events: a cluster that is lost, and an App that is gone', () =>
  withFleet(async (fleet, shown) => {
    const reader = read(shown, fleet);
    fleet.sandbox.cluster('b').setDisorder({ isDown: true });
    await fleet.run(90_000);
    ok(reader.events.some(({ data }) => JSON.stringify(data.clusters) === '["b"]'));
    await reader.leave();
  }));

test('events: who comes again is told what was missed, and no more', () =>
  withFleet(async (fleet, shown) => {
    const stayer = read(shown, fleet);
    const leaver = read(shown, fleet);
    await fleet.run(1_000);
    fleet.git.commit({ 'apps/web/map.yaml': configMap('web', '2') });
    await fleet.run(30_000);
    const lastId = leaver.events.at(-1)?.id;
    await leaver.leave();
    fleet.git.commit({ 'apps/web/map.yaml': configMap('web', '3') });
    await fleet.run(60_000);
    const again = read(shown, fleet, lastId);
    await fleet.run(100);
    const missed = stayer.events.slice(stayer.events.findIndex(({ id }) => id === lastId) + 1);
    ok(missed.length > 0);
    deepEqual(again.events, missed);
    await again.leave();
    await stayer.leave();
  }));

const strange = ['other-3', 'test-999999', 'test-x', 'test', ''];
for (const id of strange)
  test(`events: with an id that means nothing here (${id || 'empty'}) everything is read again`, () =>
    withFleet(async (fleet, shown) => {
      const reader = read(shown, fleet, id);
      await fleet.run(100);
      deepEqual(
        reader.events.map(({ name }) => name),
        ['reset'],
      );
      await reader.leave();
    }));

test('events: what happened while nobody listened is not known, so everything is read again', () =>
  withFleet(async (fleet, shown) => {
    const first = read(shown, fleet);
    await fleet.run(100);
    const lastId = first.events.at(-1)?.id;
    await first.leave();
    fleet.git.commit({ 'apps/web/map.yaml': configMap('web', '2') });
    await fleet.run(60_000);
    const again = read(shown, fleet, lastId);
    await fleet.run(100);
    deepEqual(
      again.events.map(({ name }) => name),
      ['reset'],
    );
    await again.leave();
  }));

test('events: a reader that does not read is let go', () =>
  withFleet(async (fleet, shown) => {
    const streams = new EventStreams({ changes: shown.changes, clock: fleet.clock, epoch: 'test' });
    const reply = streams.answer({ headers: {} }, new AbortController().signal);
    // It takes the first word, and then nothing.
    const body = (reply.body as AsyncIterable<string>)[Symbol.asyncIterator]();
    await body.next();
    for (let turn = 0; turn <= streamLimits.waitingMax; turn++) {
      shown.changes.noteCluster('a');
      await fleet.clock.advance(changeLimits.pauseMs);
    }
    equal(reply.until?.aborted, true);
    equal((await body.return?.(undefined))?.done, true);
  }));

test('events: the socket of a reader that was let go is closed', async () => {
  const stop = new AbortController();
  const large = 'x'.repeat(1 << 20);
  let given = 0;
  const body = async function* () {
    for (;;) {
      given += 1;
      yield large;
    }
  };
  const route = {
    method: 'GET',
    path: '/flood',
    answer: async () => ({ status: 200, body: body(), until: stop.signal }),
  } as const;
  const server = await serve({ host: '127.0.0.1', port: 0 }, [route], { log: silentLog, metrics: noMetrics });
  const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
  try {
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    socket.pause();
    socket.write('GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n');
    for (let before = -1; given !== before || given === 0; ) {
      before = given;
      for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    ok(given < 100, 'what nobody reads is not made');
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    stop.abort(new Error('too slow'));
    socket.resume();
    await closed;
  } finally {
    socket.destroy();
    await server.close();
  }
});

test('events: there are only so many streams', () =>
  withFleet(async (fleet, shown) => {
    const streams = new EventStreams({ changes: shown.changes, clock: fleet.clock, epoch: 'test' });
    const leaving = new AbortController();
    const bodies = Array.from({ length: streamLimits.streamsMax }, () => {
      const { body } = streams.answer({ headers: {} }, leaving.signal);
      return (body as AsyncIterable<string>)[Symbol.asyncIterator]();
    });
    await Promise.all(bodies.map((body) => body.next()));
    equal(streams.answer({ headers: {} }, leaving.signal).status, 503);
    await Promise.all(bodies.map((body) => body.return?.(undefined)));
    equal(streams.answer({ headers: {} }, leaving.signal).status, 200);
  }));
