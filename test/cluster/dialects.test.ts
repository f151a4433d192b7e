/** Protects: every dialect's example, as it stands, comes to rest on real API servers, and they hold what `build` prints. */
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Json } from '../../src/core/json/value.ts';
import { pin } from '../builder/manifest.ts';
import { type ApiServer, admin } from './api-server.ts';
import { type Example, manifestsOf, stageFor } from './story/example.ts';
import { installedMembers } from './story/installed.ts';
import { becomes, kubectlOf } from './story/witness.ts';

const namespace = (name: string): Json => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const secret = (where: string, name: string, values: Readonly<Record<string, string>>, labels: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: where, labels },
  data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});
const workload = (name: string, replicas: number, labels: Json = {}): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'examples', labels },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: 'nginx:1' }] } },
  },
});
/** What a cluster needs that has Istio: the kinds alone. */
const istio = (kind: string, plural: string, version: string): Json => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.networking.istio.io` },
  spec: {
    group: 'networking.istio.io',
    scope: 'Namespaced',
    names: { kind, plural, singular: kind.toLowerCase() },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

/** A token where KubeFed keeps it; the address is in Git. */
function addressesOfKubeFed(text: string, servers: ReadonlyMap<string, ApiServer>): string {
  return [...servers].reduce((done, [name, server]) => {
    const caBundle = Buffer.from(server.ca()).toString('base64');
    return done.replace(`https://${name}.example.com:6443`, `${server.origin}\n  caBundle: ${caBundle}`);
  }, text);
}

const dialects: readonly Example[] = [
  {
    name: 'quickstart',
    clusters: ['eu-1', 'us-1', 'ap-1'],
    kubeconfigs: (name) => `kubeconfigs/${name}.kubeconfig`,
    promotion: (commit) => ({ 'promotions/shop/web/production.yaml': pin('web', 'production', commit) }),
    scaled: { cluster: 'us-1', namespace: 'shop', object: 'deployment/web' },
    namespaces: ['platform', 'shop'],
  },
  {
    name: 'kubeservice',
    clusters: ['desktop', 'minikube'],
    scaled: { cluster: 'desktop', namespace: 'default', object: 'deployment/voting-sample-voting-web-v1' },
    namespaces: [],
  },
  {
    name: 'appdeployment',
    clusters: ['local'],
    steps: ['step-1', 'step-2', 'step-4', 'step-5', 'step-5-traffic'],
    settings: { plain: true },
    given: {
      local: [istio('VirtualService', 'virtualservices', 'v1beta1'), istio('Gateway', 'gateways', 'v1alpha3')],
    },
    moreKinds: ['virtualservices.networking.istio.io', 'gateways.networking.istio.io'],
    scaled: { cluster: 'local', namespace: 'default', object: 'deployment/testsvc-v2' },
    namespaces: [],
  },
  {
    name: 'kubevela',
    clusters: ['local', 'hangzhou-1', 'hangzhou-2'],
    // No test runs in a pod.
    readdress: (text) => text.replace('access: {inCluster: true}', 'access: {file: local.kubeconfig}'),
    secret: (name, server) =>
      secret(
        'vela-system',
        name,
        { endpoint: server.origin, 'ca.crt': server.ca(), token: server.tokenFor(admin) },
        { 'cluster.core.oam.dev/cluster-credential-type': 'ServiceAccountToken' },
      ),
    given: {
      local: [
        namespace('vela-system'),
        namespace('examples'),
        secret('examples', 'image-credential-to-copy', { token: 'one' }),
        workload('nginx-ref-multiple-resources', 1),
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'nginx-ref-multiple-resources', namespace: 'examples' },
          spec: { selector: { app: 'nginx-ref-multiple-resources' }, ports: [{ port: 80 }] },
        },
      ],
      'hangzhou-1': [namespace('examples'), workload('api', 2, { 'need-duplicate': 'true' }), workload('other', 1)],
      'hangzhou-2': [namespace('examples')],
    },
    isCopying: true,
    promotion: (commit) => ({ 'pin.yaml': pin('web', 'production', commit).replace('shop', 'examples') }),
    scaled: { cluster: 'hangzhou-2', namespace: 'examples', object: 'deployment/web' },
    namespaces: ['vela-system', 'examples'],
  },
  {
    name: 'kubefed',
    clusters: ['cluster1', 'cluster2'],
    readdress: addressesOfKubeFed,
    given: { cluster1: [namespace('kube-federation-system')] },
    secret: (name, server) => secret('kube-federation-system', `${name}-token`, { token: server.tokenFor(admin) }),
    scaled: { cluster: 'cluster2', namespace: 'test-ns', object: 'deployment/test-deployment' },
    namespaces: ['kube-federation-system', 'test-ns'],
  },
  {
    name: 'federation-v1',
    clusters: ['us-east1-b', 'us-central1-b'],
    given: { 'us-east1-b': [namespace('federation-system')] },
    secret: (name, server) =>
      secret('federation-system', name, { kubeconfig: readFileSync(server.kubeconfig(), 'utf8') }),
    scaled: { cluster: 'us-central1-b', namespace: 'default', object: 'replicaset/nginx-us' },
    namespaces: ['federation-system'],
  },
];

const members = await installedMembers();
if (members.length === 0) test('dialects', { skip: 'no Kubernetes to run' });
for (const example of members.length === 0 ? [] : dialects) {
  test(`dialects: the example of ${example.name} comes to rest, and what kubectl scales is healed`, async (t) => {
    const stage = await stageFor(
      example,
      members.map(({ server }) => server),
    );
    t.after(() => stage.close());
    let commit = '';
    const folders = example.steps?.map((step) => `${example.name}/${step}`) ?? [example.name];
    for (const folder of folders) commit = await stage.push(manifestsOf(folder));
    await stage.controller.start();
    if (example.promotion !== undefined) commit = await stage.push(example.promotion(commit));
    const built = await stage.built();
    const matches = (cluster: string): Promise<unknown> =>
      becomes(`what differs on ${cluster}`, () => stage.differs(cluster, built), [], 30_000);
    await Promise.all(example.clusters.map(matches));
    await becomes('only good news', () => stage.note(commit), isGoodNews, 30_000);

    const { cluster, namespace: space, object } = example.scaled;
    await kubectlOf(stage.serverOf(cluster))('-n', space, 'scale', object, '--replicas=8');
    await matches(cluster);
  });
}

const isGoodNews = (note: string): boolean => {
  const lines = note.split('\n').filter((line) => line.includes(' landfall/'));
  return lines.length > 0 && lines.every((line) => line.startsWith('success '));
};
