/** Watches: from a version, from the start, by selector; bookmarks, ends and expiry. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, nameOf, refused, type Scope, type Theme, uidOf, versionOf } from './case.ts';
import { brief, type WatchEvent } from './watch-stream.ts';

const made = { labels: { made: 'here' } };
const here = { labelSelector: 'made=here' };

const create = async ({ api, core }: Scope, name: string, labels: JsonObject = {}): Promise<JsonObject> =>
  answered(201, await api.create(`${core}/configmaps`, configMap(name, {}, { labels: { ...made.labels, ...labels } })));
const remove = async ({ api, core }: Scope, name: string): Promise<JsonObject> =>
  answered(200, await api.remove(`${core}/configmaps/${name}`));
const isOf =
  (type: string, name: string) =>
  (event: WatchEvent): boolean =>
    brief(event) === `${type} ${name}`;

const cases: readonly Case[] = [
  {
    name: 'from a version: what came after it, in order, and then what comes',
    run: async (scope) => {
      const first = await create(scope, 'a');
      await create(scope, 'b');
      await remove(scope, 'a');
      using watch = await scope.api.watch(`${scope.core}/configmaps`, { ...here, resourceVersion: versionOf(first) });
      equal(watch.status, 200);
      const past = await watch.until(isOf('DELETED', 'a'));
      deepEqual(past.map(brief), ['ADDED b', 'DELETED a']);
      answered(200, await scope.api.mergePatch(`${scope.core}/configmaps/b`, { data: { x: '1' } }));
      const [event] = await watch.until(isOf('MODIFIED', 'b'));
      deepEqual(event?.object.data, { x: '1' });
      equal(event?.object.kind, 'ConfigMap');
    },
  },
  {
    name: 'the DELETED object is the last one, at the version of its deletion',
    run: async (scope) => {
      const object = await create(scope, 'a');
      using watch = await scope.api.watch(`${scope.core}/configmaps`, { ...here, resourceVersion: versionOf(object) });
      await remove(scope, 'a');
      const [event] = await watch.until(isOf('DELETED', 'a'));
      equal(uidOf(event?.object ?? {}), uidOf(object));
      ok(BigInt(versionOf(event?.object ?? {})) > BigInt(versionOf(object)));
    },
  },
  {
    name: 'without a version: first all there is as ADDED, then changes',
    run: async (scope) => {
      await create(scope, 'a');
      await create(scope, 'b');
      using watch = await scope.api.watch(`${scope.core}/configmaps`, here);
      deepEqual((await watch.until(isOf('ADDED', 'b'))).map(brief), ['ADDED a', 'ADDED b']);
      await create(scope, 'c');
      deepEqual((await watch.until(isOf('ADDED', 'c'))).map(brief), ['ADDED c']);
    },
  },
  {
    name: 'sendInitialEvents: a list as a stream, its end marked by a bookmark',
    run: async (scope) => {
      await create(scope, 'a');
      const last = await create(scope, 'b');
      using watch = await scope.api.watch(`${scope.core}/configmaps`, {
        ...here,
        sendInitialEvents: 'true',
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: 'true',
      });
      const events = await watch.until((event) => event.type === 'BOOKMARK');
      deepEqual(events.map(brief), ['ADDED a', 'ADDED b', 'BOOKMARK']);
      const bookmark = events.at(-1)?.object ?? {};
      deepEqual(at(bookmark, 'metadata', 'annotations'), { 'k8s.io/initial-events-end': 'true' });
      equal(bookmark.kind, 'ConfigMap');
      ok(BigInt(versionOf(bookmark)) >= BigInt(versionOf(last)));
      ok(at(events[0]?.object, 'metadata', 'managedFields') !== undefined);
      await remove(scope, 'a');
      // Bookmarks of the ordinary kind may come at any time from here on.
      const more = (await watch.until(isOf('DELETED', 'a'))).filter((event) => event.type !== 'BOOKMARK');
      deepEqual(more.map(brief), ['DELETED a']);
    },
  },
  {
    name: 'sendInitialEvents needs its match, and only a watch may ask for it',
    run: async ({ api, core }) => {
      const bad = await api.watch(`${core}/configmaps`, { sendInitialEvents: 'true' });
      equal(bad.status, 422);
      const [answer] = await bad.rest();
      equal(
        answer?.object.message,
        'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      );
      refused(
        422,
        await api.get(`${core}/configmaps`, { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }),
        {
          reason: 'Invalid',
          message:
            'ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided, sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list]',
        },
      );
    },
  },
  {
    name: 'by label: leaving the selection looks like DELETED, entering like ADDED',
    run: async (scope) => {
      const object = await create(scope, 'a', { tier: 'web' });
      const path = `${scope.core}/configmaps/a`;
      const query = { labelSelector: 'made=here,tier=web', resourceVersion: versionOf(object) };
      using watch = await scope.api.watch(`${scope.core}/configmaps`, query);
      answered(200, await scope.api.mergePatch(path, { metadata: { labels: { tier: 'db' } }, data: { x: '1' } }));
      const [left] = await watch.until(isOf('DELETED', 'a'));
      // The object as it was while it still belonged, at the version at which it left.
      equal(at(left?.object, 'metadata', 'labels', 'tier'), 'web');
      const live = answered(200, await scope.api.get(path));
      equal(versionOf(left?.object ?? {}), versionOf(live));
      answered(200, await scope.api.mergePatch(path, { metadata: { labels: { tier: 'web' } } }));
      await watch.until(isOf('ADDED', 'a'));
    },
  },
  {
    name: 'by name: one object through all its lives',
    run: async (scope) => {
      const query = { fieldSelector: 'metadata.name=a' };
      using watch = await scope.api.watch(`${scope.core}/configmaps`, query);
      await create(scope, 'b');
      await create(scope, 'a');
      await remove(scope, 'a');
      await create(scope, 'a');
      const events = await watch.until((event) => event.type === 'DELETED');
      deepEqual(
        [...events.map(brief), brief((await watch.next()) ?? { type: 'end', object: {} })],
        ['ADDED a', 'DELETED a', 'ADDED a'],
      );
    },
  },
  {
    name: 'on all namespaces as well as on one',
    run: async (scope) => {
      using watch = await scope.api.watch('/api/v1/configmaps', {
        fieldSelector: `metadata.namespace=${scope.namespace},metadata.name=a`,
      });
      await create(scope, 'a');
      const [event] = await watch.until(isOf('ADDED', 'a'));
      equal(at(event?.object, 'metadata', 'namespace'), scope.namespace);
    },
  },
  {
    name: 'timeoutSeconds ends it without an error',
    run: async (scope) => {
      using watch = await scope.api.watch(`${scope.core}/configmaps`, { ...here, timeoutSeconds: '1' });
      deepEqual(await watch.rest(), []);
    },
  },
  {
    name: 'bookmarks come when asked for, the last one shortly before the end',
    run: async (scope) => {
      const object = await create(scope, 'a');
      const query = { ...here, resourceVersion: versionOf(object), allowWatchBookmarks: 'true', timeoutSeconds: '4' };
      using watch = await scope.api.watch(`${scope.core}/configmaps`, query);
      const other = answered(201, await scope.api.create(`${scope.core}/configmaps`, configMap('unseen', {})));
      const events = await watch.rest();
      ok(events.length > 0 && events.every((event) => event.type === 'BOOKMARK'), events.map(brief).join());
      const last = events.at(-1)?.object ?? {};
      equal(last.kind, 'ConfigMap');
      deepEqual(Object.keys(last).toSorted(), ['apiVersion', 'kind', 'metadata']);
      ok(BigInt(versionOf(last)) >= BigInt(versionOf(other)));
    },
  },
  {
    name: 'from version 0: what there is, however old, then changes',
    run: async (scope) => {
      await create(scope, 'a');
      using watch = await scope.api.watch(`${scope.core}/configmaps`, { ...here, resourceVersion: '0' });
      deepEqual((await watch.until(isOf('ADDED', 'a'))).map(brief), ['ADDED a']);
    },
  },
  {
    name: 'a forgotten version is an ERROR event of 410 in an answer of 200',
    run: async (scope) => {
      await create(scope, 'a');
      using watch = await scope.api.watch(`${scope.core}/configmaps`, { ...here, resourceVersion: '1' });
      equal(watch.status, 200);
      const [event, ...others] = await watch.rest();
      deepEqual(others, []);
      equal(event?.type, 'ERROR');
      deepEqual(
        { kind: event?.object.kind, reason: event?.object.reason, code: event?.object.code },
        { kind: 'Status', reason: 'Expired', code: 410 },
      );
      ok(/^too old resource version: 1 \(\d+\)$/.test(String(event?.object.message)));
    },
  },
  {
    name: 'a version that is no number is 500',
    run: async ({ api, core }) => {
      const watch = await api.watch(`${core}/configmaps`, { resourceVersion: 'abc' });
      equal(watch.status, 500);
      const [answer] = await watch.rest();
      equal(
        answer?.object.message,
        'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
      );
    },
  },
  {
    name: 'two watchers see the same events',
    run: async (scope) => {
      using one = await scope.api.watch(`${scope.core}/configmaps`, here);
      using other = await scope.api.watch(`${scope.core}/configmaps`, here);
      for (const name of ['a', 'b', 'c']) await create(scope, name);
      await remove(scope, 'a');
      const seen = await Promise.all([one, other].map((watch) => watch.until(isOf('DELETED', 'a'))));
      deepEqual(seen[0], seen[1]);
      deepEqual(
        seen[0]?.map((event) => nameOf(event.object)),
        ['a', 'b', 'c', 'a'],
      );
    },
  },
];

export const watch: Theme = { name: 'watch', cases };
