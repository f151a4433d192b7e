/** Admission: policies that rewrite what we apply while our managedFields entry stays the same, and ones that refuse. */
import { deepEqual, equal } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import {
  answered,
  type Case,
  configMap,
  entriesOf,
  entry,
  eventually,
  refused,
  type Scope,
  type Theme,
  versionOf,
} from './case.ts';

const registration = '/apis/admissionregistration.k8s.io/v1';
const ours = entry('Apply', 'applier', 'v1', { 'f:data': { 'f:x': {} } });

/** Policies are the cluster's; a case's must touch its own namespace alone. */
const only = (namespace: string): JsonObject => ({ matchLabels: { 'kubernetes.io/metadata.name': namespace } });

/** From here on every write of a ConfigMap of this namespace has `x` rewritten. Returns what takes that away again. */
async function rewrite({ api, core, namespace: name }: Scope): Promise<() => Promise<void>> {
  const resourceRules = [
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
  ];
  const expression = 'Object{data: {"x": "rewritten"}}';
  const policy: JsonObject = {
    metadata: { name },
    spec: {
      matchConstraints: { resourceRules },
      mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }],
      reinvocationPolicy: 'Never',
    },
  };
  const binding = { metadata: { name }, spec: { policyName: name, matchResources: { namespaceSelector: only(name) } } };
  answered(201, await api.create(`${registration}/mutatingadmissionpolicies`, policy));
  answered(201, await api.create(`${registration}/mutatingadmissionpolicybindings`, binding));
  // A server compiles policies a moment after it has them.
  let count = 0;
  await eventually(
    async () => {
      count += 1;
      return api.create(`${core}/configmaps`, configMap(`probe-${count}`, {}));
    },
    ({ json }) => at(json, 'data', 'x') === 'rewritten',
  );
  return async () => {
    answered(200, await api.remove(`${registration}/mutatingadmissionpolicybindings/${name}`));
    answered(200, await api.remove(`${registration}/mutatingadmissionpolicies/${name}`));
  };
}

const cases: readonly Case[] = [
  {
    name: 'our own apply: another value is kept, and only the answer tells',
    run: async (scope) => {
      const { api, core } = scope;
      const restore = await rewrite(scope);
      const made = answered(201, await api.apply(`${core}/configmaps/a`, configMap('a', { x: '1' })));
      deepEqual([made.data, entriesOf(made)], [{ x: 'rewritten' }, [ours]]);
      const again = answered(200, await api.apply(`${core}/configmaps/a`, configMap('a', { x: '1' })));
      deepEqual([entriesOf(again), versionOf(again)], [[ours], versionOf(made)]);
      await restore();
    },
  },
  {
    name: 'an edit of another rewrites our value, and our entry stays',
    run: async (scope) => {
      const { api, core } = scope;
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1' })));
      const restore = await rewrite(scope);
      answered(200, await api.mergePatch(path, { data: { y: '1' } }, { fieldManager: 'editor' }));
      const live = answered(200, await api.get(path));
      equal(at(live, 'data', 'x'), 'rewritten');
      deepEqual(entriesOf(live)[0], ours);
      await restore();
    },
  },
  {
    name: 'a policy that denies is 422, whatever its message says',
    run: async ({ api, core, namespace: name }) => {
      const resourceRules = [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
      ];
      const validations = [{ expression: 'object.metadata.name != "bad"', message: 'names must be good' }];
      const policy = { metadata: { name }, spec: { matchConstraints: { resourceRules }, validations } };
      const binding = {
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'], matchResources: { namespaceSelector: only(name) } },
      };
      answered(201, await api.create(`${registration}/validatingadmissionpolicies`, policy));
      answered(201, await api.create(`${registration}/validatingadmissionpolicybindings`, binding));
      const denied = await eventually(
        () => api.apply(`${core}/configmaps/bad`, configMap('bad', {}), { query: { dryRun: 'All' } }),
        ({ status }) => status !== 201,
      );
      refused(422, denied, {
        reason: 'Invalid',
        message: `configmaps "bad" is forbidden: ValidatingAdmissionPolicy '${name}' with binding '${name}' denied request: names must be good`,
        details: { name: 'bad', kind: 'configmaps' },
      });
      answered(200, await api.remove(`${registration}/validatingadmissionpolicybindings/${name}`));
      answered(200, await api.remove(`${registration}/validatingadmissionpolicies/${name}`));
    },
  },
  {
    name: 'a webhook that cannot be reached is 500 for what it must see',
    run: async ({ api, core, namespace: name }) => {
      const webhook = {
        name: 'gone.example.com',
        clientConfig: { url: 'https://127.0.0.1:1/' },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        timeoutSeconds: 1,
        namespaceSelector: only(name),
      };
      const configurations = `${registration}/validatingwebhookconfigurations`;
      answered(201, await api.create(configurations, { metadata: { name }, webhooks: [webhook] }));
      const failed = await eventually(
        () => api.apply(`${core}/configmaps/a`, configMap('a', {}), { query: { dryRun: 'All' } }),
        ({ status }) => status !== 201,
      );
      refused(500, failed, {
        reason: 'InternalError',
        message: /^Internal error occurred: failed calling webhook "gone\.example\.com": failed to call webhook: Post /,
      });
      answered(200, await api.remove(`${configurations}/${name}`));
    },
  },
];

export const admission: Theme = { name: 'admission', cases };
