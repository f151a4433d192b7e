/** Watches: what the conformance suite cannot make happen on a real server. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type JsonObject } from '../../../src/core/json/value.ts';
import { configMap, core, scene } from '../scene.ts';

const brief = (lines: readonly JsonObject[]): readonly string[] =>
  lines.map((line) =>
    `${String(line.type)} ${String(at(line.object, 'metadata', 'name') ?? at(line.object, 'reason') ?? '')}`.trim(),
  );

test('watch: a compacted version is an ERROR of 410, and the stream ends', async () => {
  const { cluster, apply, watch } = scene();
  await apply(`${core}/configmaps/a`, configMap('a'));
  const version = String(cluster.read('v1', 'ConfigMap', 'default', 'a')?.metadata.resourceVersion);
  await apply(`${core}/configmaps/b`, configMap('b'));
  cluster.compact();
  const watching = await watch(`${core}/configmaps?watch=true&resourceVersion=${version}`);
  deepEqual(brief(await watching.lines()), ['ERROR Expired']);
  ok(watching.isEnded());
});

test('watch: a running watch does not care what is forgotten', async () => {
  const { cluster, apply, watch } = scene({ changesMax: 10 });
  const watching = await watch(`${core}/secrets?watch=true`);
  for (let count = 0; count < 50; count += 1)
    await apply(`${core}/secrets/s${count}`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: `s${count}` } });
  cluster.compact();
  equal((await watching.lines()).length, 50);
});

test('watch: bookmarks come about once a minute, none unasked', async () => {
  const { watch, clock } = scene();
  const asked = await watch(`${core}/secrets?watch=true&allowWatchBookmarks=true&resourceVersion=30`);
  const plain = await watch(`${core}/secrets?watch=true&resourceVersion=30`);
  await clock.advance(10 * 60_000);
  const bookmarks = await asked.lines();
  ok(bookmarks.length >= 9 && bookmarks.length <= 11, `${bookmarks.length} bookmarks in ten minutes`);
  ok(bookmarks.every(({ type }) => type === 'BOOKMARK'));
  deepEqual(await plain.lines(), []);
});

test('watch: without a timeout it ends between half an hour and an hour', async () => {
  const { watch, clock } = scene();
  const watching = await watch(`${core}/secrets?watch=true`);
  await watching.lines();
  await clock.advance(1_799_000);
  ok(!watching.isEnded());
  await clock.advance(1_802_000);
  await watching.lines();
  ok(watching.isEnded());
});

test('watch: leaves no timer and no listener behind', async () => {
  const { watch, clock, apply } = scene();
  await clock.advance(5_000);
  const before = clock.waiting();
  const watching = await watch(`${core}/secrets?watch=true&allowWatchBookmarks=true`);
  await watching.lines();
  ok(clock.waiting() > before);
  watching.stop();
  await clock.settle();
  equal(clock.waiting(), before);
  await apply(`${core}/secrets/a`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } });
  deepEqual(
    brief(await watching.lines()).filter((line) => line === 'ADDED a'),
    [],
  );
});
