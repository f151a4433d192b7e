/** What the fleet of a benchmark is to hold: a repository of Apps, each with a hundred small objects of four kinds. */
import type { KubeObject } from '../../src/core/model/object.ts';

export const objectsPerApp = 100;
const api = 'landfall.dev/v1alpha1';

export type BenchCluster = {
  readonly name: string;
  /** Absolute. */
  readonly kubeconfig: string;
};

/** How many cells that makes on each cluster. */
export const appsOf = (count: number): number => Math.ceil(count / objectsPerApp);

/** Files by path. */
export type Files = Readonly<Record<string, string>>;

/** JSON, which is YAML. */
export const documents = (...all: readonly object[]): string =>
  all.map((document) => `${JSON.stringify(document)}\n`).join('---\n');

export function clusterFiles(clusters: readonly BenchCluster[]): Files {
  const manifests = clusters.map(({ name, kubeconfig }) => ({
    apiVersion: api,
    kind: 'Cluster',
    metadata: { name },
    spec: { access: { file: kubeconfig } },
  }));
  return { 'clusters.yaml': documents(...manifests) };
}

/** Apps that put `count` objects on every cluster, all clusters at once: the benchmark is about speed, not about care. */
export function appFiles(count: number, namespace: string): Files {
  const all = objectsOf(count);
  const files = Array.from({ length: appsOf(count) }, (_, index) => {
    const name = `app-${index}`;
    const objects = all.slice(index * objectsPerApp, (index + 1) * objectsPerApp);
    return [
      [`apps/${name}.yaml`, documents(app(name, namespace), placement(name, namespace))],
      [`apps/${name}/objects.yaml`, documents(...objects)],
    ] as const;
  });
  return Object.fromEntries(files.flat());
}

const app = (name: string, namespace: string): object => ({
  apiVersion: api,
  kind: 'App',
  metadata: { name, namespace },
  spec: { components: [{ path: `apps/${name}` }] },
});

const placement = (name: string, namespace: string): object => ({
  apiVersion: api,
  kind: 'Placement',
  metadata: { name, namespace },
  spec: {
    apps: [name],
    createNamespaces: true,
    stages: [{ name: 'all', clusterSelector: {}, maxUnavailable: '100%' }],
  },
});

/** The first object of the first App, with a value that tells the revisions apart. */
export const changedFile = (count: number, value: string): Files => ({
  'apps/app-0/objects.yaml': documents(
    ...objectsOf(Math.min(count, objectsPerApp)).map((object, index) =>
      index === 0 ? { ...object, data: { value } } : object,
    ),
  ),
});

export const changedName = 'object-0';

/** Seven ConfigMaps of about a kilobyte, then a ServiceAccount, a Role and a Service, and so on. */
export function objectsOf(count: number): readonly KubeObject[] {
  return Array.from({ length: count }, (_, index) => objectAt(index));
}

function objectAt(index: number): KubeObject {
  const metadata = { name: `object-${index}` };
  switch (index % 10) {
    case 7:
      return { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
    case 8:
      return {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata,
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }],
      };
    case 9:
      return {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { selector: { app: metadata.name }, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
      };
    default:
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: wordsOf(index) } };
  }
}

/** About a kilobyte that compresses no better than real settings do. */
function wordsOf(seed: number): string {
  let state = seed + 1;
  const words = Array.from({ length: 120 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state.toString(36);
  });
  return words.join(' ');
}
