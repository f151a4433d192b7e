/** What a team has that lives with Flux: a repository, and Flux's objects on the hub, which lead to two clusters. */
import { readFileSync } from 'node:fs';
import type { ApiServer } from '../api-server.ts';
import { fluxSystem } from './flux.ts';

/** By path. */
export const fluxFiles: Readonly<Record<string, string>> = {
  'apps/web/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.29
        ports: [{containerPort: 80}]
`,
  'apps/web/service.yaml': `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
`,
  'apps/api/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [config.yaml]
configMapGenerator:
- name: generated
  literals: [colour=green]
`,
  'apps/api/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: api}
data: {level: info}
`,
  'apps/vars/settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  host: "web.\${domain}"
  level: \${level:=info}
  kept: $\${kept}
---
apiVersion: v1
kind: Service
metadata: {name: vars}
spec:
  selector: {app: vars}
  ports:
  - port: \${port}
`,
  'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'charts/shop/values.yaml': 'colour: blue\nreplicas: 1\n',
  'charts/shop/templates/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  labels: {app.kubernetes.io/managed-by: {{ .Release.Service }}}
data:
  colour: {{ .Values.colour }}
  replicas: {{ .Values.replicas | quote }}
`,
};

/** Where all of it is. */
export const store = 'store';
/** Kinds of what is made of them. */
export const fluxKinds = 'deployments,services,configmaps';
export const fluxPaths = ['/apis/apps/v1/deployments', '/api/v1/services', '/api/v1/configmaps', '/api/v1/pods'];

const inFlux = (apiVersion: string, kind: string, name: string, spec: object): object => ({
  apiVersion,
  kind,
  metadata: { name, namespace: fluxSystem },
  spec,
});

/** As `flux create` and a person write them. */
export function fluxObjects(url: string, members: ReadonlyMap<string, ApiServer>): readonly object[] {
  const sourceRef = { kind: 'GitRepository', name: 'fleet' };
  const on = (cluster: string): object => ({ kubeConfig: { secretRef: { name: `${cluster}-kubeconfig` } } });
  const kustomization = (name: string, cluster: string, path: string, more: object = {}): object =>
    inFlux('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', name, {
      sourceRef,
      path,
      targetNamespace: store,
      prune: true,
      interval: '1h',
      ...on(cluster),
      ...more,
    });
  return [
    ...[...members].map(([name, server]) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `${name}-kubeconfig`, namespace: fluxSystem },
      stringData: { value: readFileSync(server.kubeconfig(), 'utf8') },
    })),
    inFlux('source.toolkit.fluxcd.io/v1', 'GitRepository', 'fleet', { url, ref: { branch: 'main' }, interval: '1h' }),
    kustomization('api', 'one', './apps/api', { commonMetadata: { labels: { team: 'store' } } }),
    kustomization('web-one', 'one', './apps/web', { dependsOn: [{ name: 'api' }] }),
    kustomization('web-two', 'two', './apps/web', {
      patches: [
        {
          target: { kind: 'Deployment', name: 'web' },
          patch: '[{"op": "replace", "path": "/spec/replicas", "value": 1}]',
        },
      ],
    }),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cluster-vars', namespace: fluxSystem },
      data: { domain: 'example.com', port: '8080' },
    },
    kustomization('vars', 'two', './apps/vars', {
      postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'cluster-vars' }], substitute: { port: '9090' } },
    }),
    inFlux('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'shop', {
      chart: { spec: { chart: './charts/shop', sourceRef } },
      releaseName: 'shop',
      targetNamespace: store,
      storageNamespace: store,
      interval: '1h',
      values: { colour: 'red' },
      ...on('one'),
    }),
  ];
}
