/** Protects: what Helm does before and after an installation keeps its order; nothing of a chart vanishes unsaid. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { hookedParts, hookWarnings } from '../../../src/core/compile/hooks.ts';
import { repositoryId } from '../../../src/core/model/id.ts';
import type { Part } from '../../../src/core/model/intent.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';

const origin = { repository: repositoryId('fleet'), path: 'web.yaml', line: 1, column: 1 };
const part: Part = {
  name: 'web',
  origin,
  namespace: undefined,
  dependsOn: ['database'],
  clusters: undefined,
  source: { kind: 'objects', objects: [] },
};
const hook = (name: string, kind: string, hooks?: string, weight?: string): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    name,
    annotations: {
      ...(hooks === undefined ? {} : { 'helm.sh/hook': hooks }),
      ...(weight === undefined ? {} : { 'helm.sh/hook-weight': weight }),
    },
  },
});

const partsOf = (...objects: readonly KubeObject[]) =>
  hookedParts(
    part,
    objects.map((object) => ({ object, origin })),
  ).map(({ name, dependsOn, source }) => [
    name,
    dependsOn.join(' '),
    source.kind === 'objects' ? source.objects.map(({ object }) => object.metadata.name).join(' ') : '',
  ]);

test('hookedParts: a chart without hooks is one part', () => {
  deepEqual(partsOf(hook('a', 'Deployment'), hook('b', 'Service')), [['web', 'database', 'a b']]);
});

test('hookedParts: hooks come before and after, by weight, and what is no part of a state is left out', () => {
  const parts = partsOf(
    hook('app', 'Deployment'),
    hook('late', 'Job', 'pre-install,pre-upgrade', '5'),
    hook('early', 'ConfigMap', 'pre-install', '-5'),
    hook('done', 'Job', 'post-install'),
    hook('try', 'Pod', 'test'),
    hook('bye', 'Job', 'pre-delete'),
    hook('renew', 'Job', 'pre-upgrade'),
  );
  deepEqual(parts, [
    ['web.pre-install.-5', 'database', 'early'],
    ['web.pre-install.5', 'web.pre-install.-5', 'late'],
    ['web', 'database web.pre-install.5', 'app'],
    ['web.post-install', 'web', 'done'],
  ]);
});

test('hookWarnings: tells of what is done in another way than by Helm, and of nothing else', () => {
  equal(
    hookWarnings([hook('a', 'Deployment'), hook('try', 'Pod', 'test'), hook('c', 'ConfigMap', 'pre-install')]).length,
    0,
  );
  deepEqual(hookWarnings([hook('bye', 'Job', 'pre-delete'), hook('first', 'Job', 'pre-install')]), [
    'Job bye is a hook (pre-delete) and is left out: there is no such moment here',
    'Job first is a hook (pre-install): it runs once, and again only when it is deleted',
  ]);
});
