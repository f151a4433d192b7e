/** Protects: whatever `federate --to kubefed --enable-type` prints is read back as what it was made of. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/core/compile/compile.ts';
import { isEnabled, typeConfigsFor } from '../../../src/core/import/enable-type.ts';
import { asFederated } from '../../../src/core/import/federate.ts';
import { at } from '../../../src/core/json/value.ts';
import { formatYamlDocuments } from '../../../src/core/yaml/format.ts';
import { worldOf } from '../../builder/world.ts';
import { objectsOf } from './scene.ts';

const texts = [
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {a: b}\n',
  'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: shop}\nspec: {replicas: 1}\n',
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}}\n',
  'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 10\n',
  'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: shop}\nspec: {accessModes: [ReadWriteOnce]}\n',
];
const cluster =
  'apiVersion: core.kubefed.io/v1beta1\nkind: KubeFedCluster\nmetadata: {name: c1}\nspec: {apiEndpoint: "https://c1", secretRef: {name: c1}}\n';

test('typeConfigsFor: the objects come back as they were', () => {
  const objects = objectsOf(texts.join('---\n'));
  const configs = typeConfigsFor(objects, () => undefined);
  deepEqual(
    configs.map((config) => at(config, 'metadata', 'name')),
    [
      'statefulsets.apps',
      'networkpolicies.networking.k8s.io',
      'priorityclasses.scheduling.k8s.io',
      'persistentvolumeclaims',
    ],
  );
  const all = formatYamlDocuments([...configs, ...objects.map(asFederated)]);
  const { cells, diagnostics } = compile(worldOf({ 'all.yaml': all, 'cluster.yaml': cluster }));
  deepEqual(diagnostics, []);
  const held = [...cells.values()].flatMap(({ aim }) =>
    aim.kind === 'hold' ? aim.rendering.objects.map(({ object }) => object) : [],
  );
  deepEqual(new Set(held), new Set(objects));
});

test('isEnabled: by group as well, since two kinds may have one name', () => {
  equal(isEnabled({ apiVersion: 'v1', kind: 'Service' }), true);
  equal(isEnabled({ apiVersion: 'serving.knative.dev/v1', kind: 'Service' }), false);
});
