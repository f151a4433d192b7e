/** What of a live object belongs into Git. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { cleaned, whyLeftOut } from '../../../src/core/import/live-object.ts';
import type { JsonObject } from '../../../src/core/json/value.ts';
import { asKubeObject, type KubeObject } from '../../../src/core/model/object.ts';

const object = (apiVersion: string, kind: string, metadata: JsonObject, more: JsonObject = {}): KubeObject =>
  asKubeObject({ apiVersion, kind, metadata: { name: 'a', namespace: 'shop', ...metadata }, ...more });

const leftOut: readonly (readonly [string, KubeObject, string | undefined])[] = [
  [
    'what a controller makes',
    object('v1', 'Pod', { ownerReferences: [{ controller: true }] }),
    'a controller makes it',
  ],
  ['what only belongs to another', object('v1', 'ConfigMap', { ownerReferences: [{ uid: '1' }] }), undefined],
  ['what goes', object('v1', 'ConfigMap', { deletionTimestamp: 'x' }), 'it is being deleted'],
  [
    'what Landfall has',
    object('v1', 'ConfigMap', { labels: { 'landfall.dev/installation': 'x' } }),
    'Landfall has it already',
  ],
  ['the default account', object('v1', 'ServiceAccount', { name: 'default' }), 'Kubernetes makes it'],
  ['the root certificates', object('v1', 'ConfigMap', { name: 'kube-root-ca.crt' }), 'Kubernetes makes it'],
  ['a token', object('v1', 'Secret', {}, { type: 'kubernetes.io/service-account-token' }), 'Kubernetes makes it'],
  ["Helm's record", object('v1', 'Secret', {}, { type: 'helm.sh/release.v1' }), "Helm's own record of a release"],
  ['a Secret', object('v1', 'Secret', {}), 'a Secret; with --secrets it would be written, values and all'],
  ['another kind of Secret', object('example.com/v1', 'Secret', {}), undefined],
];
for (const [name, live, reason] of leftOut) test(`whyLeftOut: ${name}`, () => equal(whyLeftOut(live, false), reason));

test('whyLeftOut: a Secret that was asked for is not', () =>
  equal(whyLeftOut(object('v1', 'Secret', {}), true), undefined));

const specs: readonly (readonly [string, KubeObject, JsonObject])[] = [
  [
    'a Service gives its addresses back',
    object(
      'v1',
      'Service',
      {},
      {
        spec: {
          type: 'NodePort',
          clusterIP: '10.0.0.1',
          clusterIPs: ['10.0.0.1'],
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          sessionAffinity: 'None',
          ports: [{ port: 80, nodePort: 30001 }],
        },
      },
    ),
    { type: 'NodePort', ports: [{ port: 80 }] },
  ],
  [
    'a Service without an address keeps its None',
    object('v1', 'Service', {}, { spec: { clusterIP: 'None', clusterIPs: ['None'] } }),
    { clusterIP: 'None' },
  ],
  [
    'a claim lets its volume go',
    object(
      'v1',
      'PersistentVolumeClaim',
      {},
      { spec: { volumeName: 'pvc-1', volumeMode: 'Filesystem', storageClassName: 'fast' } },
    ),
    { storageClassName: 'fast' },
  ],
  [
    'a Job loses the marks of its controller',
    object(
      'batch/v1',
      'Job',
      {},
      {
        spec: {
          selector: {},
          backoffLimit: 6,
          template: { metadata: { labels: { 'controller-uid': '1', 'job-name': 'a', app: 'a' } } },
        },
      },
    ),
    { template: { metadata: { labels: { app: 'a' } } } },
  ],
  [
    'defaults go, and what is not one stays',
    object(
      'apps/v1',
      'Deployment',
      {},
      {
        spec: {
          revisionHistoryLimit: 10,
          progressDeadlineSeconds: 30,
          template: {
            metadata: { creationTimestamp: null },
            spec: {
              dnsPolicy: 'ClusterFirst',
              restartPolicy: 'Always',
              volumes: [
                { name: 'a', emptyDir: {} },
                { name: 'b', secret: { secretName: 'b', defaultMode: 420 } },
              ],
              containers: [
                {
                  name: 'a',
                  resources: {},
                  readinessProbe: { httpGet: { path: '/', scheme: 'HTTP' }, periodSeconds: 5, timeoutSeconds: 1 },
                },
              ],
            },
          },
        },
      },
    ),
    {
      progressDeadlineSeconds: 30,
      template: {
        spec: {
          volumes: [
            { name: 'a', emptyDir: {} },
            { name: 'b', secret: { secretName: 'b' } },
          ],
          containers: [{ name: 'a', readinessProbe: { httpGet: { path: '/' }, periodSeconds: 5 } }],
        },
      },
    },
  ],
  [
    'of other kinds nothing is known',
    object('example.com/v1', 'Deployment', {}, { spec: { revisionHistoryLimit: 10 } }),
    { revisionHistoryLimit: 10 },
  ],
];
for (const [name, live, spec] of specs) test(`cleaned: ${name}`, () => deepEqual(cleaned(live, false).spec, spec));

test('cleaned: what the server and clients wrote about it goes', () => {
  const metadata = {
    uid: '1',
    resourceVersion: '2',
    generation: 3,
    managedFields: [],
    finalizers: ['x'],
    labels: { a: 'b' },
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
  };
  deepEqual(cleaned(object('v1', 'ConfigMap', metadata, { data: { a: '1' }, status: {} }), false), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'shop', labels: { a: 'b' } },
    data: { a: '1' },
  });
});

test('cleaned: replicas that an autoscaler keeps are not written down', () => {
  const live = object('apps/v1', 'Deployment', {}, { spec: { replicas: 7, paused: true } });
  deepEqual(cleaned(live, true).spec, { paused: true });
  deepEqual(cleaned(live, false).spec, { replicas: 7, paused: true });
});
