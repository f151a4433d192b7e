/** Protects: what KubeVela reads on clusters is read there: values of charts, and originals of copies, stage by stage. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Json, type JsonObject } from '../../src/core/json/value.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import type { Tools } from '../../src/seam/tool.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64');

const documentsOf = (text: string) => readManifests('held.yaml', text).documents.map(({ value }) => value);

/** Makes one ConfigMap of the values that it is given; `refuse: true` in them fails with all of them in its words. */
const echo: Tools = {
  versions: new Map([['helm', 'v1']]),
  make: async (run) => {
    const texts = run.kind === 'helm' ? (run.held ?? []) : [];
    const layers = [...texts.flatMap(documentsOf), run.kind === 'helm' ? run.values : {}];
    const values: JsonObject = Object.assign({}, ...layers);
    const said = JSON.stringify(values);
    if (values.refuse === true) return { kind: 'failed', message: said, hint: said };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'made' }, data: { said } };
    return { kind: 'made', objects: [object], warnings: [said] };
  },
};

const read = async (fleet: TestFleet, cluster: string, path: string, ...fields: string[]): Promise<Json | undefined> =>
  at((await fleet.get(cluster, path)) ?? null, ...fields);

const application = (name: string, component: string, workflow = ''): string => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: ${name}, namespace: shop}
spec:
  components:
  - ${component}
  policies:
  - {name: canary, type: topology, properties: {clusters: [b]}}
  - {name: production, type: topology, properties: {clusters: [c]}}
${workflow}`;

const chart = `name: web
    type: helm
    properties:
      {url: "https://charts.example.com", chart: web, version: 1.0.0, values: {a: own},
       valuesFrom: [{kind: ConfigMap, name: base}, {kind: ConfigMap, name: here},
         {kind: Secret, name: db, valuesKey: password, targetPath: db.password}, {kind: ConfigMap, name: none, optional: true}]}`;

const base = `apiVersion: v1
kind: ConfigMap
metadata: {name: base, namespace: shop}
data: {values.yaml: "a: base\\nb: base\\nc: base"}
`;

async function heldFleet(names: readonly string[]): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['hub', 'b', 'c'], tools: echo });
  for (const cluster of names) {
    const create = (path: string, body: Json) => fleet.request(cluster, 'POST', path, body);
    await create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    const of = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name, namespace: 'shop' } });
    await create('/api/v1/namespaces/shop/configmaps', {
      ...of('ConfigMap', 'here'),
      data: { 'values.yaml': `b: ${cluster}` },
    });
    await create('/api/v1/namespaces/shop/secrets', { ...of('Secret', 'db'), data: { password: encode('s3cr3t') } });
  }
  return fleet;
}

const made = '/api/v1/namespaces/shop/configmaps/made';
const said = (fleet: TestFleet, cluster: string) => read(fleet, cluster, made, 'data', 'said');

test('valuesFrom: what Git holds is read there, all else on the cluster of the component, and the last wins', async () => {
  const fleet = await heldFleet(['b', 'c']);
  fleet.git.commit({
    ...clusterManifests(['hub', 'b', 'c']),
    'base.yaml': base,
    'web.yaml': application('web', chart),
  });
  await fleet.run(60_000);
  for (const cluster of ['b', 'c'])
    deepEqual(
      JSON.parse(String(await said(fleet, cluster))),
      { a: 'own', b: cluster, c: 'base', db: { password: 's3cr3t' } },
      fleet.table(),
    );
  const here = '/api/v1/namespaces/shop/configmaps/here';
  await fleet.request('b', 'PATCH', here, { data: { 'values.yaml': 'b: changed' } }, 'application/merge-patch+json');
  await fleet.run(30_000);
  equal(JSON.parse(String(await said(fleet, 'b'))).b, 'changed', 'a change is followed');
  await fleet.close();
});

test('valuesFrom: what is not there yet, or goes, changes nothing that runs', async () => {
  const fleet = await heldFleet(['b']);
  fleet.git.commit({
    ...clusterManifests(['hub', 'b', 'c']),
    'base.yaml': base,
    'web.yaml': application('web', chart),
  });
  await fleet.run(60_000);
  equal(await fleet.get('c', made), undefined, 'its values are not there');
  const before = await said(fleet, 'b');
  await fleet.request('b', 'DELETE', '/api/v1/namespaces/shop/secrets/db');
  await fleet.run(60_000);
  equal(await said(fleet, 'b'), before);
  await fleet.close();
});

test('valuesFrom: no value of a Secret reaches a message, a log or a record', async () => {
  const fleet = await heldFleet(['b', 'c']);
  const refusing = chart.replace('values: {a: own}', 'values: {refuse: true}');
  fleet.git.commit({
    ...clusterManifests(['hub', 'b', 'c']),
    'base.yaml': base,
    'web.yaml': application('web', chart),
  });
  await fleet.run(60_000);
  fleet.git.commit({ 'web.yaml': application('web', refusing) });
  await fleet.run(60_000);
  const records = await fleet.get('b', '/api/v1/namespaces/landfall-system/configmaps');
  const told = JSON.stringify(fleet.engine.revision?.compiled.diagnostics);
  const all = [...fleet.logs, fleet.table(), JSON.stringify(records), told].join('\n');
  equal(all.includes('s3cr3t'), false);
  match(told ?? '', /why is not told, since values of a Secret are in it/);
  await fleet.close();
});

const pull = 'name: pull\n    type: ref-objects\n    properties: {objects: [{resource: configmap, name: motd}]}';
const inOrder = `  workflow:
    steps:
    - {name: canary, type: deploy, properties: {policies: [canary]}}
    - {name: wait, type: suspend, properties: {duration: 20s}}
    - {name: production, type: deploy, properties: {policies: [production]}}
`;

test('ref-objects: a changed original goes through the steps like a commit', async () => {
  const fleet = testFleet({ clusters: ['hub', 'b', 'c'] });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  for (const cluster of ['hub', 'b', 'c']) await fleet.request(cluster, 'POST', '/api/v1/namespaces', namespace);
  const original = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'motd' }, data: { text: 'one' } };
  await fleet.request('hub', 'POST', '/api/v1/namespaces/shop/configmaps', original);
  fleet.git.commit({ ...clusterManifests(['hub', 'b', 'c']), 'pull.yaml': application('pull', pull, inOrder) });
  await fleet.run(90_000);
  const motd = '/api/v1/namespaces/shop/configmaps/motd';
  const text = (cluster: string) => read(fleet, cluster, motd, 'data', 'text');
  equal(await text('c'), 'one', fleet.table());
  await fleet.request('hub', 'PATCH', motd, { data: { text: 'two' } }, 'application/merge-patch+json');
  await fleet.run(10_000);
  deepEqual([await text('b'), await text('c')], ['two', 'one'], 'production waits for its step');
  await fleet.run(40_000);
  equal(await text('c'), 'two');
  await fleet.request('hub', 'DELETE', motd);
  await fleet.run(30_000);
  deepEqual([await text('b'), await text('c')], ['two', 'two'], 'copies stay when their original goes');
  await fleet.close();
});
