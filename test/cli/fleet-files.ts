/** A small fleet in Git: three clusters, one App in two stages, divided replicas, a variant and a copy. */
import type { Files } from '../builder/command.ts';

const cluster = (name: string, tier: string): string => `apiVersion: landfall.dev/v1alpha1
kind: Cluster
metadata: {name: ${name}, labels: {tier: ${tier}}}
spec: {access: {file: kube/${name}.kubeconfig}}
`;

export const fleetFiles: Files = {
  'clusters/fleet.yaml': [cluster('eu-1', 'canary'), cluster('us-1', 'production'), cluster('us-2', 'production')].join(
    '---\n',
  ),
  'apps/web.app.yaml': `apiVersion: landfall.dev/v1alpha1
kind: App
metadata: {name: web, namespace: shop}
spec:
  components:
  - {name: web, path: apps/web}
  - {name: pull, copy: [{resource: secret, namespace: shop, name: pull}]}
  variants:
  - clusterSelector: {matchLabels: {tier: canary}}
    images: [{name: nginx, newTag: "1.28"}]
---
apiVersion: landfall.dev/v1alpha1
kind: Placement
metadata: {name: web, namespace: shop}
spec:
  apps: [web]
  createNamespaces: true
  stages:
  - {name: canary, clusterSelector: {matchLabels: {tier: canary}}}
  - {name: production, clusterSelector: {matchLabels: {tier: production}}}
  replicas: [{target: {kind: Deployment, name: web}, total: 8, weights: [{clusterNames: [us-2], weight: 2}]}]
`,
  'apps/web/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "nginx:1.27"}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`,
};

/** What a copy of the fleet takes from the hub. */
export const liveFile = `clusters:
  hub:
  - {apiVersion: v1, kind: Secret, metadata: {name: pull, namespace: shop, uid: "1", resourceVersion: "2"}, data: {token: c2VjcmV0}}
`;
