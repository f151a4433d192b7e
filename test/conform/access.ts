/** Who may do what: RBAC, impersonation, and the questions one may ask about oneself. */
import { deepEqual, equal } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, deployment, eventually, refused, type Scope, type Theme } from './case.ts';
import type { Answer, Api } from './client.ts';

const rbac = 'rbac.authorization.k8s.io';
/** Lets a user do these verbs on ConfigMaps of the case's namespace. */
async function grant({ api, group }: Scope, user: string, verbs: readonly string[]): Promise<void> {
  const path = group(`${rbac}/v1`);
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs }];
  answered(201, await api.create(`${path}/roles`, { metadata: { name: user }, rules }));
  const roleRef = { apiGroup: rbac, kind: 'Role', name: user };
  const subjects = [{ apiGroup: rbac, kind: 'User', name: user }];
  answered(201, await api.create(`${path}/rolebindings`, { metadata: { name: user }, roleRef, subjects }));
  // The authorizer sees a binding a moment after it is stored.
  const may = {
    spec: { resourceAttributes: { namespace: namespaceOf(path), verb: verbs[0]!, resource: 'configmaps' } },
  };
  await eventually(
    () => api.as(user).create('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', may),
    ({ json }) => at(json, 'status', 'allowed') === true,
  );
}
const namespaceOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const refusals: readonly {
  readonly name: string;
  readonly ask: (api: Api, scope: Scope) => Promise<Answer>;
  readonly message: string;
  readonly details: JsonObject;
}[] = [
  {
    name: 'a list in a namespace',
    ask: (api, { core }) => api.get(`${core}/configmaps`),
    message:
      'configmaps is forbidden: User "bob" cannot list resource "configmaps" in API group "" in the namespace "NAMESPACE"',
    details: { kind: 'configmaps' },
  },
  {
    name: 'a list of the cluster',
    ask: (api) => api.get('/api/v1/nodes'),
    message: 'nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the cluster scope',
    details: { kind: 'nodes' },
  },
  {
    name: 'a watch',
    ask: (api, { core }) => api.get(`${core}/configmaps`, { watch: 'true' }),
    message:
      'configmaps is forbidden: User "bob" cannot watch resource "configmaps" in API group "" in the namespace "NAMESPACE"',
    details: { kind: 'configmaps' },
  },
  {
    name: 'one object',
    ask: (api, { apps }) => api.apply(`${apps}/deployments/web`, deployment('web')),
    message:
      'deployments.apps "web" is forbidden: User "bob" cannot patch resource "deployments" in API group "apps" in the namespace "NAMESPACE"',
    details: { name: 'web', group: 'apps', kind: 'deployments' },
  },
  {
    name: 'a subresource',
    ask: (api, { apps }) => api.mergePatch(`${apps}/deployments/web/scale`, {}),
    message:
      'deployments.apps "web" is forbidden: User "bob" cannot patch resource "deployments/scale" in API group "apps" in the namespace "NAMESPACE"',
    details: { name: 'web', group: 'apps', kind: 'deployments' },
  },
  {
    name: 'a path that is no resource',
    ask: (api) => api.get('/metrics'),
    message: 'forbidden: User "bob" cannot get path "/metrics"',
    details: {},
  },
];

const cases: readonly Case[] = [
  ...refusals.map(
    ({ name, ask, message, details }): Case => ({
      name: `403 for ${name}`,
      run: async (scope) => {
        const said = refused(403, await ask(scope.api.as('bob'), scope), {
          reason: 'Forbidden',
          message: message.replace('NAMESPACE', scope.namespace),
        });
        deepEqual(said.details, details);
      },
    }),
  ),
  {
    name: '403 names a service account in full',
    run: async ({ api, core, namespace }) => {
      const user = `system:serviceaccount:${namespace}:builder`;
      refused(403, await api.as(user).get(`${core}/configmaps`), {
        reason: 'Forbidden',
        message: `configmaps is forbidden: User "${user}" cannot list resource "configmaps" in API group "" in the namespace "${namespace}"`,
      });
    },
  },
  {
    name: 'a role allows its verbs and no others',
    run: async (scope) => {
      const { api, core } = scope;
      await grant(scope, 'bob', ['get', 'list']);
      answered(200, await api.as('bob').get(`${core}/configmaps`));
      refused(403, await api.as('bob').create(`${core}/configmaps`, configMap('a', {})), { reason: 'Forbidden' });
      refused(403, await api.as('bob').get(`${core}/secrets`), { reason: 'Forbidden' });
      refused(403, await api.as('bob').get('/api/v1/configmaps'), { reason: 'Forbidden' });
    },
  },
  {
    name: 'a role that names objects allows those alone',
    run: async (scope) => {
      const { api, core, group } = scope;
      await grant(scope, 'bob', ['get']);
      const rules = [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['a'], verbs: ['get'] }];
      answered(200, await api.mergePatch(`${group(`${rbac}/v1`)}/roles/bob`, { rules }));
      await eventually(
        () => api.as('bob').get(`${core}/secrets/a`),
        (answer) => answer.status === 404,
      );
      refused(403, await api.as('bob').get(`${core}/secrets/b`), { reason: 'Forbidden' });
    },
  },
  {
    name: 'apply of an absent object needs create as well as patch',
    run: async (scope) => {
      const { api, core, namespace } = scope;
      await grant(scope, 'bob', ['patch', 'get']);
      refused(403, await api.as('bob').apply(`${core}/configmaps/a`, configMap('a', {})), {
        reason: 'Forbidden',
        message: `configmaps "a" is forbidden: User "bob" cannot create resource "configmaps" in API group "" in the namespace "${namespace}"`,
        details: { name: 'a', kind: 'configmaps' },
      });
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      answered(200, await api.as('bob').apply(`${core}/configmaps/a`, configMap('a', { x: '1' })));
    },
  },
  {
    name: 'groups count: system:masters may do everything',
    run: async ({ api, core }) => {
      answered(200, await api.as('bob', ['system:masters']).get(`${core}/configmaps`));
    },
  },
  {
    name: 'discovery, version and health are for everyone who is somebody',
    isClusterWide: true,
    run: async ({ api }) => {
      for (const path of ['/api', '/apis', '/apis/apps/v1', '/openapi/v3', '/version', '/readyz']) {
        answered(200, await api.as('bob').get(path));
      }
    },
  },
  {
    name: 'SelfSubjectAccessReview answers for the one impersonated',
    run: async ({ api, namespace }) => {
      const review = (verb: string) => ({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { namespace, verb, group: 'apps', resource: 'deployments' } },
      });
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      equal(at(answered(201, await api.create(path, review('patch'))), 'status', 'allowed'), true);
      equal(at(answered(201, await api.as('bob').create(path, review('patch'))), 'status', 'allowed'), false);
    },
  },
  {
    name: 'SelfSubjectReview says who one is',
    isClusterWide: true,
    run: async ({ api }) => {
      const said = answered(
        201,
        await api.as('bob', ['builders']).create('/apis/authentication.k8s.io/v1/selfsubjectreviews', {}),
      );
      deepEqual(at(said, 'status', 'userInfo'), { username: 'bob', groups: ['builders', 'system:authenticated'] });
      const account = answered(
        201,
        await api.as('system:serviceaccount:a:b').create('/apis/authentication.k8s.io/v1/selfsubjectreviews', {}),
      );
      deepEqual(at(account, 'status', 'userInfo', 'groups'), [
        'system:serviceaccounts',
        'system:serviceaccounts:a',
        'system:authenticated',
      ]);
    },
  },
  {
    name: 'a token asked for a service account authenticates as it, and may impersonate nobody',
    run: async ({ api, core, namespace }) => {
      answered(201, await api.create(`${core}/serviceaccounts`, { metadata: { name: 'builder' } }));
      const issued = answered(
        201,
        await api.create(`${core}/serviceaccounts/builder/token`, { spec: { expirationSeconds: 600 } }),
      );
      const authorization = `Bearer ${String(at(issued, 'status', 'token'))}`;
      const user = `system:serviceaccount:${namespace}:builder`;
      refused(403, await api.get(`${core}/configmaps`, {}, { authorization }), {
        reason: 'Forbidden',
        message: `configmaps is forbidden: User "${user}" cannot list resource "configmaps" in API group "" in the namespace "${namespace}"`,
      });
      refused(403, await api.as('bob').get(`${core}/configmaps`, {}, { authorization }), {
        reason: 'Forbidden',
        message: / cannot impersonate/,
      });
    },
  },
  {
    name: 'nobody may grant what they do not have',
    run: async (scope) => {
      const { api, group } = scope;
      const path = `${group(`${rbac}/v1`)}`;
      await grant(scope, 'bob', ['get']);
      const rules = [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
        { apiGroups: [rbac], resources: ['roles'], verbs: ['create'] },
      ];
      answered(200, await api.mergePatch(`${path}/roles/bob`, { rules }));
      const role = (verbs: readonly string[]) => ({
        metadata: { generateName: 'given-' },
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs }],
      });
      await eventually(
        () => api.as('bob').create(`${path}/roles`, role(['get'])),
        (answer) => answer.status === 201,
      );
      refused(403, await api.as('bob').create(`${path}/roles`, role(['get', 'delete'])), {
        reason: 'Forbidden',
        message:
          /is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\], Resources:\["configmaps"\], Verbs:\["delete"\]\}$/,
      });
    },
  },
];

export const access: Theme = { name: 'access', cases };
