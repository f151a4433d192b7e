/** How a client learns what a server serves: aggregated discovery, the legacy documents, version and health. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { at, isArray, isObject, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, eventually, holds, itemsOf, nameOf, refused, type Theme } from './case.ts';

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
/** What client-go sends, newest form first. */
const clientGo = [
  aggregated,
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

const versionsOf = (group: JsonObject | undefined): readonly JsonObject[] => listAt(group, 'versions');
const listAt = (value: JsonObject | undefined, field: string): readonly JsonObject[] => {
  const list = at(value, field);
  return isArray(list) ? list.filter(isObject) : [];
};
const named = (list: readonly JsonObject[], field: string, name: string): JsonObject | undefined =>
  list.find((item) => item[field] === name);

const cases: readonly Case[] = [
  {
    name: 'aggregated /apis names its own content type',
    isClusterWide: true,
    run: async ({ api }) => {
      const answer = await api.get('/apis', {}, { accept: clientGo });
      const list = answered(200, answer);
      equal(answer.headers['content-type'], aggregated);
      equal(answer.headers.vary, 'Accept');
      holds(list, { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {} });
    },
  },
  {
    name: 'aggregated /apis lists groups, versions by preference, resources and subresources',
    isClusterWide: true,
    run: async ({ api }) => {
      const list = answered(200, await api.get('/apis', {}, { accept: aggregated }));
      const groups = itemsOf(list);
      const apps = groups.find((group) => nameOf(group) === 'apps');
      deepEqual(
        versionsOf(apps).map((version) => [version.version, version.freshness]),
        [['v1', 'Current']],
      );
      holds(named(listAt(versionsOf(apps)[0], 'resources'), 'resource', 'deployments'), {
        resource: 'deployments',
        responseKind: { group: '', version: '', kind: 'Deployment' },
        scope: 'Namespaced',
        singularResource: 'deployment',
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
        shortNames: ['deploy'],
        categories: ['all'],
        subresources: [
          {
            subresource: 'scale',
            responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
            verbs: ['get', 'patch', 'update'],
          },
          {
            subresource: 'status',
            responseKind: { group: '', version: '', kind: 'Deployment' },
            verbs: ['get', 'patch', 'update'],
          },
        ],
      });
      const autoscaling = groups.find((group) => nameOf(group) === 'autoscaling');
      deepEqual(
        versionsOf(autoscaling).map((version) => version.version),
        ['v2', 'v1'],
      );
    },
  },
  {
    name: 'aggregated /api lists the core group under an empty name',
    isClusterWide: true,
    run: async ({ api }) => {
      const answer = await api.get('/api', {}, { accept: clientGo });
      const list = answered(200, answer);
      equal(answer.headers['content-type'], aggregated);
      const [group, ...others] = itemsOf(list);
      deepEqual(others, []);
      equal(at(group, 'metadata', 'name'), undefined);
      const resources = listAt(versionsOf(group)[0], 'resources');
      holds(named(resources, 'resource', 'namespaces'), { scope: 'Cluster', shortNames: ['ns'] });
      holds(named(resources, 'resource', 'configmaps'), { scope: 'Namespaced', shortNames: ['cm'] });
    },
  },
  {
    name: 'aggregated discovery has an ETag and answers 304 to it',
    isClusterWide: true,
    run: async ({ api }) => {
      // A definition made by another case between the two requests changes the list, and so the ETag.
      const statuses = await eventually(
        async () => {
          const first = await api.get('/apis', {}, { accept: aggregated });
          const etag = first.headers.etag ?? '';
          const second = await api.get('/apis', {}, { accept: aggregated, 'if-none-match': etag });
          return [etag, second.status];
        },
        ([, status]) => status === 304,
      );
      ok(/^"[0-9A-F]{128}"$/.test(String(statuses[0])));
    },
  },
  {
    name: 'legacy /apis lists groups with their preferred version',
    isClusterWide: true,
    run: async ({ api }) => {
      const answer = await api.get('/apis');
      const list = answered(200, answer);
      equal(answer.headers['content-type'], 'application/json');
      holds(list, { kind: 'APIGroupList', apiVersion: 'v1' });
      holds(named(listAt(list, 'groups'), 'name', 'autoscaling'), {
        versions: [
          { groupVersion: 'autoscaling/v2', version: 'v2' },
          { groupVersion: 'autoscaling/v1', version: 'v1' },
        ],
        preferredVersion: { groupVersion: 'autoscaling/v2', version: 'v2' },
      });
    },
  },
  {
    name: 'legacy /api lists the versions of the core group',
    isClusterWide: true,
    run: async ({ api }) => {
      holds(answered(200, await api.get('/api')), { kind: 'APIVersions', versions: ['v1'] });
    },
  },
  {
    name: 'legacy /apis/apps is the group alone',
    isClusterWide: true,
    run: async ({ api }) => {
      const group = answered(200, await api.get('/apis/apps'));
      deepEqual(group, {
        kind: 'APIGroup',
        apiVersion: 'v1',
        name: 'apps',
        versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
        preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
      });
    },
  },
  {
    name: 'legacy /apis/apps/v1 lists subresources as resources',
    isClusterWide: true,
    run: async ({ api }) => {
      const list = answered(200, await api.get('/apis/apps/v1'));
      holds(list, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'apps/v1' });
      const resources = listAt(list, 'resources');
      holds(named(resources, 'name', 'deployments'), {
        singularName: 'deployment',
        namespaced: true,
        kind: 'Deployment',
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
        shortNames: ['deploy'],
        categories: ['all'],
      });
      holds(named(resources, 'name', 'deployments/scale'), {
        singularName: '',
        namespaced: true,
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
        verbs: ['get', 'patch', 'update'],
      });
    },
  },
  {
    name: 'legacy /api/v1 lists the core resources',
    isClusterWide: true,
    run: async ({ api }) => {
      const list = answered(200, await api.get('/api/v1'));
      holds(list, { kind: 'APIResourceList', groupVersion: 'v1' });
      holds(named(listAt(list, 'resources'), 'name', 'namespaces'), { namespaced: false, kind: 'Namespace' });
    },
  },
  {
    name: 'a group or version that is not served is plain text',
    isClusterWide: true,
    run: async ({ api }) => {
      for (const path of ['/apis/nobody.example/v1', '/apis/nobody.example/v1/namespaces/a/things', '/nowhere']) {
        const answer = await api.get(path);
        equal(answer.status, 404);
        equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
        equal(answer.text, '404 page not found\n');
      }
    },
  },
  {
    name: 'a resource that a served version lacks is a Status',
    isClusterWide: true,
    run: async ({ api }) => {
      refused(404, await api.get('/apis/apps/v1/namespaces/default/things'), {
        reason: 'NotFound',
        message: 'the server could not find the requested resource',
        details: {},
      });
    },
  },
  {
    name: '/version says which Kubernetes this is',
    isClusterWide: true,
    run: async ({ api }) => {
      const version = answered(200, await api.get('/version'));
      equal(version.major, '1');
      ok(/^v1\.\d+\.\d+/.test(String(version.gitVersion)));
      ok(String(version.gitVersion).startsWith(`v1.${String(version.minor)}.`));
    },
  },
  {
    name: 'health is plain text',
    isClusterWide: true,
    run: async ({ api }) => {
      for (const path of ['/readyz', '/livez', '/healthz']) {
        const answer = await api.get(path);
        equal(answer.status, 200);
        equal(answer.text, 'ok');
      }
    },
  },
];

export const discovery: Theme = { name: 'discovery', cases };
