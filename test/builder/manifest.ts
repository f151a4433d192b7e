/** Manifests for tests, as a user would write them. */

const api = 'apiVersion: landfall.dev/v1alpha1';

export type StageText = string;

/** An App with one folder `apps/<name>`, in namespace `shop`. */
export const app = (name: string, more = ''): string =>
  `${api}\nkind: App\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  components: [{path: apps/${name}}]\n${more}`;

/** A Placement of one App; `stages` are flow mappings. */
export const placement = (name: string, stages: readonly StageText[], more = ''): string =>
  `${api}\nkind: Placement\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  apps: [${name}]\n  createNamespaces: true\n  stages:\n${stages.map((stage) => `  - ${stage}\n`).join('')}${more}`;

/** `more`: further fields of its spec, each with a comma before it. */
export const pin = (placementName: string, stage: string, revision: string, more = ''): string =>
  `${api}\nkind: Pin\nmetadata: {name: ${placementName}.${stage}, namespace: shop}\nspec: {revision: "${revision}"${more}}\n`;

export const freeze = (name: string, spec: string): string =>
  `${api}\nkind: Freeze\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

export const acknowledgement = (commit: string, deletes: string): string =>
  `${api}\nkind: Acknowledgement\nmetadata: {name: agreed}\nspec: {commit: "${commit}", deletes: "${deletes}"}\n`;

export const configMap = (name: string, value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: "${value}"}\n`;

export const deployment = (name: string, image: string, replicas = 2): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - {name: main, image: "${image}"}
`;
