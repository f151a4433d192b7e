/** Protects: definitions before what they define, components and Apps after what they depend on, add-ons first. */
import { equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { clusterManifests, testFleet } from '../builder/fleet.ts';
import { app, configMap, deployment, placement } from '../builder/manifest.ts';

const all = ['{name: all, clusterSelector: {}}'];

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
`;
const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: one}\nspec: {size: 3}\n';

test('order: a definition and its first object in one commit', async () => {
  const fleet = testFleet({ clusters: ['a'] });
  fleet.git.commit({
    ...clusterManifests(['a']),
    'web.yaml': `${app('web')}---\n${placement('web', all)}`,
    'apps/web/a-widget.yaml': widget,
    'apps/web/z-definition.yaml': definition,
  });
  await fleet.run(60_000);
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
  equal((await fleet.request('a', 'GET', '/apis/example.com/v1/namespaces/shop/widgets/one')).status, 200);
  await fleet.close();
});

test('order: a component waits until what it depends on is healthy', async () => {
  const fleet = testFleet({ clusters: ['a'] });
  const manifest = `apiVersion: landfall.dev/v1alpha1
kind: App
metadata: {name: web, namespace: shop}
spec:
  components:
  - {name: front, path: apps/front, dependsOn: [back]}
  - {name: back, path: apps/back}
`;
  fleet.git.commit({
    ...clusterManifests(['a']),
    'web.yaml': `${manifest}---\n${placement('web', all)}`,
    'apps/front/front.yaml': configMap('front', '1'),
    'apps/back/back.yaml': deployment('back', 'back:1-broken'),
  });
  await fleet.run(30_000);
  equal((await fleet.request('a', 'GET', '/api/v1/namespaces/shop/configmaps/front')).status, 404);
  match(fleet.cell('shop/web', 'a')?.message ?? '', /waits for component back/);
  fleet.git.commit({ 'apps/back/back.yaml': deployment('back', 'back:1') });
  await fleet.run(60_000);
  equal((await fleet.request('a', 'GET', '/api/v1/namespaces/shop/configmaps/front')).status, 200);
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
  await fleet.close();
});

test('order: an App waits for the App that it depends on', async () => {
  const fleet = testFleet({ clusters: ['a'] });
  fleet.git.commit({
    ...clusterManifests(['a']),
    'web.yaml': `${app('web', '  dependsOn: [{name: database}]\n')}---\n${placement('web', all)}`,
    'apps/web/web.yaml': configMap('web', '1'),
    'database.yaml': `${app('database')}---\n${placement('database', all)}`,
    'apps/database/database.yaml': deployment('database', 'db:1-broken'),
  });
  await fleet.run(30_000);
  equal((await fleet.request('a', 'GET', '/api/v1/namespaces/shop/configmaps/web')).status, 404);
  match(fleet.cell('shop/web', 'a')?.message ?? '', /waits for App shop\/database/);
  fleet.git.commit({ 'apps/database/database.yaml': deployment('database', 'db:1') });
  await fleet.run(60_000);
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
  await fleet.close();
});

test('order: on a joining cluster add-ons settle first', async () => {
  const fleet = testFleet({ clusters: ['a'] });
  const joining = {
    apiVersion: 'landfall.dev/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'a' },
    spec: { access: { file: 'a' }, lifecycle: 'Joining' },
  };
  fleet.git.commit({
    'clusters/a.yaml': JSON.stringify(joining),
    'web.yaml': `${app('web')}---\n${placement('web', all)}`,
    'apps/web/web.yaml': configMap('web', '1'),
    'base.yaml': `${app('base')}---\n${placement('base', all, '  addOn: true\n')}`,
    'apps/base/base.yaml': deployment('base', 'base:1-broken'),
  });
  await fleet.run(30_000);
  match(fleet.cell('shop/web', 'a')?.message ?? '', /add-on shop\/base/);
  fleet.git.commit({ 'apps/base/base.yaml': deployment('base', 'base:1') });
  await fleet.run(60_000);
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
  await fleet.close();
});

test('order: an object that the server refuses is the author’s, named, and holds back deletions', async () => {
  const fleet = testFleet({ clusters: ['a'] });
  fleet.git.commit({
    ...clusterManifests(['a']),
    'web.yaml': `${app('web')}---\n${placement('web', all)}`,
    'apps/web/old.yaml': configMap('old', '1'),
  });
  await fleet.run(30_000);
  fleet.git.commit({
    'apps/web/old.yaml': undefined,
    'apps/web/bad.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad}\ndataa: {x: "1"}\n',
  });
  await fleet.run(30_000);
  equal(fleet.cell('shop/web', 'a')?.state, 'Failed', fleet.table());
  match(fleet.cell('shop/web', 'a')?.message ?? '', /A1901.*dataa/);
  equal(
    (await fleet.request('a', 'GET', '/api/v1/namespaces/shop/configmaps/old')).status,
    200,
    'an error stops before pruning',
  );
  await fleet.close();
});
