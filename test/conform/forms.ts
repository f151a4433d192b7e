/** Other forms of an object: metadata alone, and tables for people. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { at, isArray, isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, deployment, entriesOf, itemsOf, nameOf, refused, type Theme } from './case.ts';
import { brief } from './watch-stream.ts';

const metadataOnly = { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' };
const metadataList = { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' };
/** What kubectl sends. */
const table = {
  accept:
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
};
const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };

const listAt = (value: Json | undefined, field: string): readonly JsonObject[] => {
  const list = at(value, field);
  return isArray(list) ? list.filter(isObject) : [];
};
const columnsOf = (answer: Json | undefined): readonly string[] =>
  listAt(answer, 'columnDefinitions').map(({ name, type, priority }) => `${name} ${type} ${priority}`);

const columns: readonly (readonly [string, readonly string[]])[] = [
  ['/api/v1/configmaps', ['Name string 0', 'Data string 0', 'Age string 0']],
  ['/api/v1/secrets', ['Name string 0', 'Type string 0', 'Data string 0', 'Age string 0']],
  ['/api/v1/namespaces', ['Name string 0', 'Status string 0', 'Age string 0']],
  [
    '/api/v1/services',
    [
      'Name string 0',
      'Type string 0',
      'Cluster-IP string 0',
      'External-IP string 0',
      'Port(s) string 0',
      'Age string 0',
      'Selector string 1',
    ],
  ],
  [
    '/api/v1/pods',
    [
      'Name string 0',
      'Ready string 0',
      'Status string 0',
      'Restarts string 0',
      'Age string 0',
      'IP string 1',
      'Node string 1',
      'Nominated Node string 1',
      'Readiness Gates string 1',
    ],
  ],
  [
    '/apis/apps/v1/deployments',
    [
      'Name string 0',
      'Ready string 0',
      'Up-to-date string 0',
      'Available string 0',
      'Age string 0',
      'Containers string 1',
      'Images string 1',
      'Selector string 1',
    ],
  ],
];

const cases: readonly Case[] = [
  {
    name: 'metadata only: get keeps managedFields and leaves out the rest',
    run: async ({ api, core }) => {
      answered(201, await api.apply(`${core}/configmaps/a`, configMap('a', { x: '1' }, { labels: { l: '1' } })));
      const whole = answered(200, await api.get(`${core}/configmaps/a`));
      const some = answered(200, await api.get(`${core}/configmaps/a`, {}, metadataOnly));
      deepEqual(some, { ...partial, metadata: whole.metadata });
    },
  },
  {
    name: 'metadata only: list items say what they are',
    run: async ({ api, core }) => {
      answered(201, await api.apply(`${core}/configmaps/a`, configMap('a', { x: '1' }, { labels: { l: '1' } })));
      const list = answered(200, await api.get(`${core}/configmaps`, { labelSelector: 'l=1' }, metadataList));
      deepEqual([list.kind, list.apiVersion], ['PartialObjectMetadataList', 'meta.k8s.io/v1']);
      deepEqual(
        itemsOf(list).map((item) => [item.kind, item.apiVersion, nameOf(item), Object.hasOwn(item, 'data')]),
        [['PartialObjectMetadata', 'meta.k8s.io/v1', 'a', false]],
      );
    },
  },
  {
    name: 'metadata only: the form must suit the answer',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      refused(406, await api.get(`${core}/configmaps`, {}, metadataOnly), {
        reason: 'NotAcceptable',
        message: 'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
      });
      refused(406, await api.get(`${core}/configmaps/a`, {}, metadataList), { reason: 'NotAcceptable' });
      refused(404, await api.get(`${core}/configmaps/b`, {}, metadataOnly), { reason: 'NotFound' });
    },
  },
  {
    name: 'metadata only: watch and its bookmarks',
    run: async ({ api, core }) => {
      answered(201, await api.apply(`${core}/configmaps/a`, configMap('a', { x: '1' }, { labels: { l: '1' } })));
      const query = {
        labelSelector: 'l=1',
        sendInitialEvents: 'true',
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: 'true',
      };
      using watch = await api.watch(`${core}/configmaps`, query, metadataOnly);
      const events = await watch.until((event) => event.type === 'BOOKMARK');
      deepEqual(events.map(brief), ['ADDED a', 'BOOKMARK']);
      for (const { object } of events) {
        deepEqual([object.kind, object.apiVersion, Object.keys(object).length], [partial.kind, partial.apiVersion, 3]);
      }
      equal(entriesOf(events[0]?.object ?? {})[0]?.manager, 'applier');
    },
  },
  {
    name: 'metadata only: apply and dry run answer with managedFields, errors stay whole',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const headers = { ...metadataOnly, 'content-type': 'application/apply-patch+yaml' };
      const apply = (x: string, query: Readonly<Record<string, string>>) =>
        api.request('PATCH', path, { query, headers, body: configMap('a', { x }) });
      const made = answered(201, await apply('1', { fieldManager: 'applier' }));
      deepEqual([made.kind, Object.keys(made).length], ['PartialObjectMetadata', 3]);
      const dry = answered(200, await apply('2', { fieldManager: 'other', force: 'true', dryRun: 'All' }));
      deepEqual([dry.kind, entriesOf(dry).map((each) => each.manager)], ['PartialObjectMetadata', ['other']]);
      refused(409, await apply('2', { fieldManager: 'other' }), { reason: 'Conflict' });
    },
  },
  {
    name: 'metadata only: DELETE answers a Status',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      const said = answered(200, await api.request('DELETE', `${core}/configmaps/a`, { headers: metadataOnly }));
      deepEqual([said.kind, said.status], ['Status', 'Success']);
    },
  },
  ...columns.map(
    ([path, names]): Case => ({
      name: `table: columns of ${path}`,
      isClusterWide: true,
      run: async ({ api }) => {
        const said = answered(200, await api.get(path, { limit: '1' }, table));
        deepEqual([said.kind, said.apiVersion], ['Table', 'meta.k8s.io/v1']);
        deepEqual(columnsOf(said), names);
        equal(at(listAt(said, 'columnDefinitions')[0], 'format'), 'name');
      },
    }),
  ),
  {
    name: 'table: rows have cells and the metadata of their object',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1', y: '2' }, { labels: { l: '1' } })));
      const said = answered(200, await api.get(`${core}/configmaps`, { labelSelector: 'l=1' }, table));
      ok(/^\d+$/.test(String(at(said, 'metadata', 'resourceVersion'))));
      const [row, ...others] = listAt(said, 'rows');
      const cells = isArray(row?.cells) ? row.cells : [];
      deepEqual([others, cells.slice(0, 2), cells.length], [[], ['a', 2], 3]);
      ok(/^\d+s$/.test(String(cells[2])));
      deepEqual([at(row, 'object', 'kind'), at(row, 'object', 'metadata', 'name')], ['PartialObjectMetadata', 'a']);
    },
  },
  {
    name: 'table: includeObject takes None, Metadata and Object',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1' })));
      const row = async (includeObject: string): Promise<JsonObject | undefined> =>
        listAt(answered(200, await api.get(`${core}/configmaps/a`, { includeObject }, table)), 'rows')[0];
      equal((await row('None'))?.object, null);
      equal(at(await row('Metadata'), 'object', 'kind'), 'PartialObjectMetadata');
      const whole = await row('Object');
      deepEqual([at(whole, 'object', 'kind'), at(whole, 'object', 'data')], ['ConfigMap', { x: '1' }]);
    },
  },
  {
    name: 'table: a Deployment at a glance',
    run: async ({ api, apps }) => {
      answered(201, await api.create(`${apps}/deployments`, deployment('web', { replicas: 0 })));
      const said = answered(200, await api.get(`${apps}/deployments/web`, {}, table));
      const cells = at(listAt(said, 'rows')[0], 'cells');
      deepEqual(isArray(cells) ? [...cells.slice(0, 4), ...cells.slice(5)] : cells, [
        'web',
        '0/0',
        0,
        0,
        'main',
        'registry.example/main:1',
        'app=web',
      ]);
    },
  },
  {
    name: 'table: watch gives one table of one row for each event',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1' }, { labels: { l: '1' } })));
      using watch = await api.watch(`${core}/configmaps`, { labelSelector: 'l=1' }, table);
      const first = await watch.next();
      deepEqual([first?.type, first?.object.kind, listAt(first?.object, 'rows').length], ['ADDED', 'Table', 1]);
      equal(columnsOf(first?.object).length, 3);
      answered(200, await api.remove(`${core}/configmaps/a`));
      const last = await watch.next();
      deepEqual([last?.type, at(listAt(last?.object, 'rows')[0], 'object', 'metadata', 'name')], ['DELETED', 'a']);
    },
  },
  {
    name: 'table: a missing object is still a Status',
    run: async ({ api, core }) => {
      refused(404, await api.get(`${core}/configmaps/a`, {}, table), { reason: 'NotFound' });
    },
  },
];

export const forms: Theme = { name: 'forms', cases };
