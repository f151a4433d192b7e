/** Protects: what post-renderers of a release change in the objects of its chart is changed, and nothing is passed over. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { editMade } from '../../../../src/core/compile/made-edits.ts';
import type { Component } from '../../../../src/core/dialect/kubevela/loaded.ts';
import { postRendered } from '../../../../src/core/dialect/kubevela/post-renderer.ts';
import type { Json } from '../../../../src/core/json/value.ts';
import { repositoryId } from '../../../../src/core/model/id.ts';

const origin = { repository: repositoryId('fleet'), path: 'app.yaml', line: 1, column: 1 };
const component: Component = {
  name: 'web',
  type: 'helm',
  origin,
  properties: { value: {}, called: 'properties', originAt: () => origin },
  traits: [],
  dependsOn: [],
  replicaKey: undefined,
  inputs: [],
  outputs: [],
};

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'web', image: 'nginx:1.0' }] } } },
};
const target = { kind: 'Deployment', name: 'web' };

const cases: readonly {
  readonly name: string;
  readonly kustomize: Json;
  readonly replicas?: number;
  readonly image?: string;
}[] = [
  {
    name: 'a strategic merge',
    kustomize: { patchesStrategicMerge: [{ apiVersion: 'apps/v1', ...merge(2) }] },
    replicas: 2,
  },
  { name: 'a JSON patch', kustomize: { patchesJson6902: [{ target, patch: [replace(3)] }] }, replicas: 3 },
  {
    name: 'a JSON patch as text',
    kustomize: { patches: [{ target, patch: JSON.stringify([replace(4)]) }] },
    replicas: 4,
  },
  {
    name: 'an image',
    kustomize: { images: [{ name: 'nginx', newName: 'mirror/nginx', newTag: '2.0' }] },
    image: 'mirror/nginx:2.0',
  },
  { name: 'an image that nothing runs', kustomize: { images: [{ name: 'redis', newTag: '2.0' }] } },
];

function merge(replicas: number) {
  return { kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas } };
}

function replace(value: number) {
  return { op: 'replace', path: '/spec/replicas', value };
}

for (const { name, kustomize, replicas = 1, image = 'nginx:1.0' } of cases)
  test(`postRendered: ${name}`, () => {
    const { value, diagnostics } = postRendered([{ kustomize }], component);
    deepEqual(diagnostics, []);
    const made = editMade([{ object: deployment, origin }], value);
    deepEqual(made.diagnostics, []);
    const containers = [{ name: 'web', image }];
    deepEqual(made.value[0]?.object, { ...deployment, spec: { replicas, template: { spec: { containers } } } });
  });

const refused: readonly (readonly [string, Json])[] = [
  ['a patch in YAML', { patches: [{ target, patch: '- op: remove\n  path: /spec' }] }],
  ['a target by label', { patchesJson6902: [{ target: { kind: 'Deployment', labelSelector: 'a=b' }, patch: [] }] }],
  ['a target that is a pattern', { patchesJson6902: [{ target: { name: 'web.*' }, patch: [] }] }],
  ['a wrong operation', { patchesJson6902: [{ target, patch: [{ op: 'append' }] }] }],
  ['an image without a name', { images: [{ newTag: '1' }] }],
];
for (const [name, kustomize] of refused)
  test(`postRendered: ${name} is refused`, () => {
    const { diagnostics } = postRendered([{ kustomize }], component);
    deepEqual(
      diagnostics.map(({ code }) => code),
      ['A1515'],
    );
    equal(diagnostics[0]?.origin.path, 'app.yaml');
  });
