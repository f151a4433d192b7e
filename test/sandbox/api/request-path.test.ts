/** What a path of the API asks for. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { readPath } from '../../../src/sandbox/api/request-path.ts';
import { verbOf } from '../../../src/sandbox/api/verb.ts';

const core = { group: '', version: 'v1', isWatchPath: false };
const cases = [
  { path: '/version', resource: undefined },
  { path: '/api/v1', resource: undefined },
  { path: '/apis/apps', resource: undefined },
  { path: '/apis/apps/v1', resource: undefined },
  { path: '/api/v1/nodes', resource: { ...core, namespace: '', resource: 'nodes', name: '', subresource: '' } },
  {
    path: '/api/v1/namespaces',
    resource: { ...core, namespace: '', resource: 'namespaces', name: '', subresource: '' },
  },
  {
    path: '/api/v1/namespaces/a',
    resource: { ...core, namespace: '', resource: 'namespaces', name: 'a', subresource: '' },
  },
  {
    path: '/api/v1/namespaces/a/status',
    resource: { ...core, namespace: '', resource: 'namespaces', name: 'a', subresource: 'status' },
  },
  {
    path: '/api/v1/namespaces/a/finalize',
    resource: { ...core, namespace: '', resource: 'namespaces', name: 'a', subresource: 'finalize' },
  },
  {
    path: '/api/v1/namespaces/a/pods/b/log?container=c',
    resource: { ...core, namespace: 'a', resource: 'pods', name: 'b', subresource: 'log' },
  },
  {
    path: '/apis/rbac.authorization.k8s.io/v1/clusterroles/My%3ARole',
    resource: {
      group: 'rbac.authorization.k8s.io',
      version: 'v1',
      namespace: '',
      resource: 'clusterroles',
      name: 'My:Role',
      subresource: '',
      isWatchPath: false,
    },
  },
  {
    path: '/api/v1/watch/namespaces/a/pods',
    resource: { ...core, namespace: 'a', resource: 'pods', name: '', subresource: '', isWatchPath: true },
  },
];
for (const { path, resource } of cases) test(`readPath: ${path}`, () => deepEqual(readPath(path)?.resource, resource));

test('readPath: a path that cannot be decoded is none', () => equal(readPath('/api/v1/nodes/%zz'), undefined));

const verbs: readonly (readonly [string, string, string])[] = [
  ['GET', '/version', 'get'],
  ['GET', '/api/v1/nodes/a', 'get'],
  ['GET', '/api/v1/nodes', 'list'],
  ['GET', '/api/v1/nodes?watch=1', 'watch'],
  ['GET', '/api/v1/nodes?watch=false', 'list'],
  ['GET', '/api/v1/nodes/a?watch=1', 'get'],
  ['GET', '/api/v1/watch/nodes', 'watch'],
  ['POST', '/api/v1/nodes', 'create'],
  ['PUT', '/api/v1/nodes/a', 'update'],
  ['PATCH', '/api/v1/nodes/a', 'patch'],
  ['DELETE', '/api/v1/nodes/a', 'delete'],
  ['DELETE', '/api/v1/nodes', 'deletecollection'],
];
for (const [method, path, verb] of verbs)
  test(`verbOf: ${method} ${path}`, () => equal(verbOf(method, readPath(path)!), verb));
