/** Admission by code: what webhooks and policies do to writes, and what that leaves in managedFields. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { isObject, type JsonObject } from '../../src/core/json/value.ts';
import type { KubeObject } from '../../src/core/model/object.ts';
import type { Admission, Review } from '../../src/sandbox/registry/admission.ts';
import { configMap, core, scene } from './scene.ts';

const path = `${core}/configmaps/a`;
const isOurs = ({ resource, name }: Review): boolean => resource.resource === 'configmaps' && name === 'a';
const rewrite: Admission = {
  name: 'rewrite.example.com',
  review: (review) => {
    if (!isOurs(review) || review.operation === 'DELETE') return { kind: 'allow' };
    const data = isObject(review.object.data) ? review.object.data : {};
    return {
      kind: 'allow',
      object: { ...review.object, data: { ...data, x: 'rewritten' } },
      warnings: ['x was rewritten'],
    };
  },
};
const deny: Admission = {
  name: 'deny.example.com',
  review: (review) => (isOurs(review) ? { kind: 'deny', message: `no ${review.operation}` } : { kind: 'allow' }),
};
const entries = (object: KubeObject | undefined): readonly JsonObject[] =>
  ((object?.metadata.managedFields ?? []) as readonly JsonObject[]).map(({ time: _, ...entry }) => entry);
const ours = {
  manager: 'applier',
  operation: 'Apply',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:data': { 'f:x': {} } },
};

test('admission: a rewritten value stays ours, and only the answer tells', async () => {
  const { apply, cluster } = scene();
  cluster.admit(rewrite);
  const made = await apply(path, configMap('a', { x: '1' }));
  deepEqual([made.status, made.json.data, made.headers.warning], [201, { x: 'rewritten' }, '299 - "x was rewritten"']);
  deepEqual(entries(cluster.read('v1', 'ConfigMap', 'default', 'a')), [ours]);
  const again = await apply(path, configMap('a', { x: '1' }));
  deepEqual([again.status, again.json.data], [200, { x: 'rewritten' }]);
  deepEqual(again.json.metadata, made.json.metadata);
});

test('admission: an edit of another rewrites our value, and our entry stays', async () => {
  const { apply, ask, cluster } = scene();
  await apply(path, configMap('a', { x: '1' }));
  cluster.admit(rewrite);
  const edit = { body: { data: { y: '1' } }, headers: { 'content-type': 'application/merge-patch+json' } };
  equal((await ask('PATCH', `${path}?fieldManager=editor`, edit)).status, 200);
  const live = cluster.read('v1', 'ConfigMap', 'default', 'a');
  deepEqual([live?.data, entries(live)[0]], [{ x: 'rewritten', y: '1' }, ours]);
});

test('admission: a refusal is a 403 that names who refused; taken out, it refuses no more', async () => {
  const { apply, ask, cluster } = scene();
  const leave = cluster.admit(deny);
  const said = await apply(path, configMap('a'));
  deepEqual(
    [said.status, said.json.message],
    [403, 'admission webhook "deny.example.com" denied the request: no CREATE'],
  );
  leave();
  equal((await apply(path, configMap('a'))).status, 201);
  cluster.admit(deny);
  equal((await ask('DELETE', path)).status, 403);
});
