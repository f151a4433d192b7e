/** What every kind of edit does to our own managedFields entry: its fingerprint tells our values' fate. */
import { deepEqual, equal, notDeepEqual } from 'node:assert/strict';
import { at, type Json, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, deployment, entriesOf, type Scope, type Theme } from './case.ts';
import type { Answer } from './client.ts';

const ours = (): JsonObject => ({
  ...deployment('web', { replicas: 2, paused: true }, { env: [{ name: 'A', value: '1' }] }),
  metadata: { name: 'web', labels: { ours: '1' } },
});
const main = (more: JsonObject): JsonObject => ({
  spec: { template: { spec: { containers: [{ name: 'main', ...more }] } } },
});
const applied = (more: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  ...more,
});
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

type Edit = {
  readonly name: string;
  readonly edit: (path: string, scope: Scope) => Promise<Answer>;
  /** Whether our entry must differ after it: our value has changed, or it is no longer recorded whose it is. */
  readonly isDrift: boolean;
};

const edits: readonly Edit[] = [
  { name: 'scale', isDrift: true, edit: (path, { api }) => api.mergePatch(`${path}/scale`, { spec: { replicas: 3 } }) },
  {
    name: 'scale to the same',
    isDrift: false,
    edit: (path, { api }) => api.mergePatch(`${path}/scale`, { spec: { replicas: 2 } }),
  },
  {
    name: 'set image',
    isDrift: true,
    edit: (path, { api }) => api.strategicPatch(path, main({ image: 'registry.example/main:2' })),
  },
  {
    name: 'our label changed',
    isDrift: true,
    edit: (path, { api }) => api.mergePatch(path, { metadata: { labels: { ours: '2' } } }),
  },
  {
    name: 'our label removed',
    isDrift: true,
    edit: (path, { api }) => api.mergePatch(path, { metadata: { labels: { ours: null } } }),
  },
  {
    name: 'a label of another',
    isDrift: false,
    edit: (path, { api }) => api.mergePatch(path, { metadata: { labels: { theirs: '1' } } }),
  },
  {
    name: 'an annotation',
    isDrift: false,
    edit: (path, { api }) => api.mergePatch(path, { metadata: { annotations: { a: '1' } } }),
  },
  {
    name: 'a sidecar',
    isDrift: false,
    edit: (path, { api }) =>
      api.strategicPatch(path, {
        spec: { template: { spec: { containers: [{ name: 'side', image: 'registry.example/side:1' }] } } },
      }),
  },
  {
    name: 'our variable removed',
    isDrift: true,
    edit: (path, { api }) => api.strategicPatch(path, main({ env: [{ name: 'A', $patch: 'delete' }] })),
  },
  {
    name: 'a restart by annotation of the template',
    isDrift: false,
    edit: (path, { api }) =>
      api.strategicPatch(path, {
        spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } },
      }),
  },
  {
    name: 'status',
    isDrift: false,
    edit: (path, { api }) => api.mergePatch(`${path}/status`, { status: { collisionCount: 1 } }),
  },
  {
    name: 'a foreign apply with force',
    isDrift: true,
    edit: (path, { api }) => api.apply(path, applied({ spec: { replicas: 4 } }), { manager: 'other', force: true }),
  },
  {
    name: 'a client-side apply of the same',
    isDrift: false,
    edit: (path, { api }) =>
      api.strategicPatch(
        path,
        { metadata: { annotations: { [lastApplied]: '{}' } }, spec: { replicas: 2 } },
        { fieldManager: 'kubectl-client-side-apply' },
      ),
  },
  {
    name: 'a client-side apply of another value',
    isDrift: true,
    edit: (path, { api }) =>
      api.strategicPatch(
        path,
        { metadata: { annotations: { [lastApplied]: '{}' } }, spec: { replicas: 5 } },
        { fieldManager: 'kubectl-client-side-apply' },
      ),
  },
  {
    name: 'a replace by what does not say ours',
    isDrift: true,
    edit: (path, { api }) => api.replace(path, deployment('web', { paused: true })),
  },
  {
    name: 'managedFields cleared',
    isDrift: true,
    edit: (path, { api }) => api.mergePatch(path, { metadata: { managedFields: [{}] } }),
  },
  {
    name: 'managedFields cleared with a change',
    isDrift: true,
    edit: (path, { api }) => api.mergePatch(path, { metadata: { managedFields: [{}] }, spec: { replicas: 6 } }),
  },
];

const ourEntry = (object: JsonObject): Json | undefined =>
  entriesOf(object).find(({ manager, operation }) => manager === 'applier' && operation === 'Apply');

const cases: readonly Case[] = [
  ...edits.map(
    ({ name, edit, isDrift }): Case => ({
      name: `${name}: our entry ${isDrift ? 'changes' : 'stays'}`,
      run: async (scope) => {
        const path = `${scope.apps}/deployments/web`;
        const before = ourEntry(answered(201, await scope.api.apply(path, ours())));
        answered(200, await edit(path, scope));
        const after = ourEntry(answered(200, await scope.api.get(path)));
        if (isDrift) notDeepEqual(after, before);
        else deepEqual(after, before);
      },
    }),
  ),
  {
    name: 'our own equal apply after an edit of others keeps entry, version and their fields',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1' })));
      const edited = answered(200, await api.mergePatch(path, { data: { y: '1' } }, { fieldManager: 'editor' }));
      const again = answered(200, await api.apply(path, configMap('a', { x: '1' })));
      deepEqual(again, edited);
    },
  },
  {
    name: 'healing by force gives our entry back as it was',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      const before = ourEntry(answered(201, await api.apply(path, ours())));
      answered(200, await api.mergePatch(`${path}/scale`, { spec: { replicas: 3 } }));
      const healed = answered(200, await api.apply(path, ours(), { force: true }));
      deepEqual(ourEntry(healed), before);
      equal(at(healed, 'spec', 'replicas'), 2);
    },
  },
];

export const drift: Theme = { name: 'drift', cases };
