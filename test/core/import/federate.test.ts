/** Objects as KubeFed's federated ones, as kubefedctl makes them, and as Apps. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { asApp, asFederated, hasPlainName, lostIn } from '../../../src/core/import/federate.ts';
import { formatYaml, formatYamlDocuments } from '../../../src/core/yaml/format.ts';
import { objectsOf } from './scene.ts';

const federated: readonly (readonly [string, string, string])[] = [
  [
    'of metadata only labels stay',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop, uid: "1", labels: {app: web}, annotations: {a: b}}\nspec: {replicas: 2}\nstatus: {replicas: 2}\n',
    `apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    metadata:
      labels:
        app: web
    spec:
      replicas: 2
  placement:
    clusterSelector:
      matchLabels: {}
`,
  ],
  [
    'a Namespace is federated in itself',
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\nspec: {finalizers: [kubernetes]}\n',
    'apiVersion: types.kubefed.io/v1beta1\nkind: FederatedNamespace\nmetadata:\n  name: shop\n  namespace: shop\nspec:\n  template: {}\n  placement:\n    clusterSelector:\n      matchLabels: {}\n',
  ],
  [
    'a Service without addresses',
    'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ports: [{port: 80, nodePort: 30000}]}\n',
    'apiVersion: types.kubefed.io/v1beta1\nkind: FederatedService\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  template:\n    spec:\n      ports:\n      - port: 80\n  placement:\n    clusterSelector:\n      matchLabels: {}\n',
  ],
  [
    'a ServiceAccount without tokens; what has no namespace gets none',
    'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\nsecrets: [{name: token}]\n',
    'apiVersion: types.kubefed.io/v1beta1\nkind: FederatedServiceAccount\nmetadata:\n  name: web\nspec:\n  template: {}\n  placement:\n    clusterSelector:\n      matchLabels: {}\n',
  ],
];
for (const [name, text, wanted] of federated)
  test(`asFederated: ${name}`, () => equal(formatYaml(asFederated(objectsOf(text)[0]!)), wanted));

test('asApp: on every cluster, and taken back it takes nothing away', () => {
  const objects = objectsOf(
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop, uid: "1"}\ndata: {a: b}\n',
  );
  equal(
    formatYamlDocuments(asApp('A_b', 'shop', objects)),
    `apiVersion: landfall.dev/v1alpha1
kind: App
metadata:
  name: a-b
  namespace: shop
spec:
  components:
  - name: objects
    objects:
    - apiVersion: v1
      kind: ConfigMap
      metadata:
        name: a
        namespace: shop
      data:
        a: b
  adopt:
  - any
---
apiVersion: landfall.dev/v1alpha1
kind: Placement
metadata:
  name: a-b
  namespace: shop
spec:
  apps:
  - a-b
  stages:
  - name: all
    clusterSelector: {}
  createNamespaces: true
  onDelete: Orphan
`,
  );
});

test('lostIn: annotations are told of, but for what kubectl noted down', () => {
  const text = (annotations: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: ${annotations}}\n`;
  equal(lostIn(objectsOf(text('{team: shop}'))[0]!).length, 1);
  deepEqual(lostIn(objectsOf(text('{kubectl.kubernetes.io/last-applied-configuration: "{}"}'))[0]!), []);
});

for (const [name, isPlain] of [
  ['web.v1', true],
  ['system:web', false],
  ['Web', false],
] as const)
  test(`hasPlainName: ${name}`, () =>
    equal(hasPlainName(objectsOf(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "${name}"}\n`)[0]!), isPlain));
