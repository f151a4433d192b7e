/** Owner references: what goes with its owner, what is orphaned, what waits. */
import { deepEqual, equal } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, eventually, refused, type Scope, type Theme, uidOf } from './case.ts';

const ownedBy = (owner: JsonObject, more: JsonObject = {}): JsonObject => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: uidOf(owner), ...more }],
});
const policy = (propagationPolicy: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'DeleteOptions',
  propagationPolicy,
});

const pair = async ({ api, core }: Scope, more: JsonObject = {}): Promise<JsonObject> => {
  const owner = answered(201, await api.create(`${core}/configmaps`, configMap('owner', {})));
  answered(201, await api.create(`${core}/configmaps`, configMap('child', {}, ownedBy(owner, more))));
  return owner;
};
const gone = async ({ api, core }: Scope, name: string): Promise<void> => {
  await eventually(
    () => api.get(`${core}/configmaps/${name}`),
    (answer) => answer.status === 404,
  );
};

const cases: readonly Case[] = [
  {
    name: 'background: the owner goes at once, its dependents after it',
    run: async (scope) => {
      await pair(scope);
      const said = answered(200, await scope.api.remove(`${scope.core}/configmaps/owner`, policy('Background')));
      equal(said.status, 'Success');
      refused(404, await scope.api.get(`${scope.core}/configmaps/owner`), { reason: 'NotFound' });
      await gone(scope, 'child');
    },
  },
  {
    name: 'background is the default',
    run: async (scope) => {
      await pair(scope);
      answered(200, await scope.api.remove(`${scope.core}/configmaps/owner`));
      await gone(scope, 'child');
    },
  },
  {
    name: 'foreground: the owner waits, terminating, for dependents that block it',
    run: async (scope) => {
      const { api, core } = scope;
      await pair(scope, { blockOwnerDeletion: true });
      answered(200, await api.mergePatch(`${core}/configmaps/child`, { metadata: { finalizers: ['example.com/a'] } }));
      const going = answered(200, await api.remove(`${core}/configmaps/owner`, policy('Foreground')));
      deepEqual(at(going, 'metadata', 'finalizers'), ['foregroundDeletion']);
      equal(typeof at(going, 'metadata', 'deletionTimestamp'), 'string');
      await eventually(
        () => api.get(`${core}/configmaps/child`),
        ({ json }) => at(json, 'metadata', 'deletionTimestamp') !== undefined,
      );
      answered(200, await api.get(`${core}/configmaps/owner`));
      answered(200, await api.mergePatch(`${core}/configmaps/child`, { metadata: { finalizers: null } }));
      await gone(scope, 'child');
      await gone(scope, 'owner');
    },
  },
  {
    name: 'orphan: dependents stay and forget their owner',
    run: async (scope) => {
      const { api, core } = scope;
      await pair(scope);
      const going = answered(200, await api.remove(`${core}/configmaps/owner`, policy('Orphan')));
      deepEqual(at(going, 'metadata', 'finalizers'), ['orphan']);
      await gone(scope, 'owner');
      const child = answered(200, await api.get(`${core}/configmaps/child`));
      deepEqual(
        [at(child, 'metadata', 'ownerReferences'), at(child, 'metadata', 'deletionTimestamp')],
        [undefined, undefined],
      );
    },
  },
  {
    name: 'an owner that never was: the dependent is collected',
    run: async (scope) => {
      const nobody = { metadata: { name: 'owner', uid: '00000000-0000-0000-0000-000000000000' } };
      answered(201, await scope.api.create(`${scope.core}/configmaps`, configMap('child', {}, ownedBy(nobody))));
      await gone(scope, 'child');
    },
  },
  {
    name: 'two owners: the dependent goes with the last of them',
    run: async (scope) => {
      const { api, core } = scope;
      const one = answered(201, await api.create(`${core}/configmaps`, configMap('owner', {})));
      const other = answered(201, await api.create(`${core}/configmaps`, configMap('other', {})));
      const ownerReferences = [one, other].map((owner) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: String(at(owner, 'metadata', 'name')),
        uid: uidOf(owner),
      }));
      answered(201, await api.create(`${core}/configmaps`, configMap('child', {}, { ownerReferences })));
      answered(200, await api.remove(`${core}/configmaps/owner`));
      const left = await eventually(
        () => api.get(`${core}/configmaps/child`),
        ({ json }) => JSON.stringify(at(json, 'metadata', 'ownerReferences')) === JSON.stringify([ownerReferences[1]]),
      );
      equal(left.status, 200);
      answered(200, await api.remove(`${core}/configmaps/other`));
      await gone(scope, 'child');
    },
  },
  {
    name: 'only one owner may be the controller',
    run: async ({ api, core }) => {
      const owner = answered(201, await api.create(`${core}/configmaps`, configMap('owner', {})));
      const [first] = ownedBy(owner, { controller: true }).ownerReferences as readonly JsonObject[];
      const second = { ...first, name: 'other', uid: '00000000-0000-0000-0000-000000000001' };
      refused(
        422,
        await api.create(`${core}/configmaps`, configMap('child', {}, { ownerReferences: [first ?? {}, second] })),
        {
          reason: 'Invalid',
          details: { causes: [{ field: 'metadata.ownerReferences' }] },
        },
      );
    },
  },
  {
    name: 'a policy and orphanDependents together, or an unknown policy, are 422',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      const both = { ...policy('Background'), orphanDependents: true };
      refused(422, await api.remove(`${core}/configmaps/a`, both), { reason: 'Invalid' });
      refused(422, await api.remove(`${core}/configmaps/a`, policy('Sideways')), {
        reason: 'Invalid',
        message:
          /^DeleteOptions\.meta\.k8s\.io "" is invalid: propagationPolicy: Unsupported value: "Sideways": supported values: /,
      });
    },
  },
];

export const owners: Theme = { name: 'owners', cases };
