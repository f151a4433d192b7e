/** What Flux and Argo CD have made on a cluster, as they make it, and the repository that they made it from. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { command, type Ended, testFolder } from './command.ts';
import { buildRepository } from './git-repository.ts';

export type Scene = {
  /** Writes an object under a manager: by server-side apply, or as clients write that know nothing of it. */
  readonly write: (object: KubeText, manager: string, how: 'apply' | 'create') => Promise<void>;
  readonly read: (kind: string, namespace: string, name: string) => Promise<KubeText>;
  /** Arguments that name the cluster. */
  readonly context: readonly string[];
  readonly kubeconfig: string;
  readonly stateDir: string;
  readonly tools: { readonly helm: string; readonly kustomize: string };
};

export type KubeText = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
};

const ours = 'https://git.example.com/shop/deploy';

const definition = (group: string, version: string, kind: string): KubeText => {
  const plural = `${kind.toLowerCase().replace(/y$/, 'ie')}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
};

const files = {
  'flux/web/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.29"}]}
`,
  'flux/api/kustomization.yaml': 'resources: [config.yaml]\nconfigMapGenerator: [{name: generated, literals: [a=b]}]\n',
  'flux/api/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: api}\ndata: {colour: green}\n',
  'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'charts/shop/values.yaml': 'replicas: 1\n',
  'charts/shop/templates/config.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  labels: {app.kubernetes.io/managed-by: {{ .Release.Service }}}\ndata: {replicas: {{ .Values.replicas | quote }}}\n',
  'argo/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argo}\ndata: {colour: blue}\n',
};

const fluxLabels = (kind: 'kustomize' | 'helm', name: string) => ({
  [`${kind}.toolkit.fluxcd.io/name`]: name,
  [`${kind}.toolkit.fluxcd.io/namespace`]: 'flux-system',
});

const configMap = (name: string, namespace: string, data: object, more: object = {}): KubeText => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, ...more },
  data,
});

/** All that Flux would have on a cluster, and what it would have made of it. */
async function installFlux({ write }: Scene): Promise<void> {
  for (const namespace of ['flux-system', 'story'])
    await write({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, 'kubectl-create', 'create');
  for (const [group, version, kind] of [
    ['kustomize.toolkit.fluxcd.io', 'v1', 'Kustomization'],
    ['helm.toolkit.fluxcd.io', 'v2', 'HelmRelease'],
    ['source.toolkit.fluxcd.io', 'v1', 'GitRepository'],
  ] as const)
    await write(definition(group, version, kind), 'kubectl-create', 'create');
  const inFlux = (apiVersion: string, kind: string, name: string, spec: object): KubeText => ({
    apiVersion,
    kind,
    metadata: { name, namespace: 'flux-system' },
    spec,
  });
  const sourceRef = { kind: 'GitRepository', name: 'fleet' };
  const kustomization = (name: string, more: object = {}): KubeText =>
    inFlux('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', name, {
      sourceRef,
      path: `./flux/${name}`,
      targetNamespace: 'story',
      prune: true,
      interval: '5m',
      ...more,
    });
  const objects = [
    inFlux('source.toolkit.fluxcd.io/v1', 'GitRepository', 'fleet', { url: `${ours}.git`, ref: { branch: 'main' } }),
    kustomization('web', { dependsOn: [{ name: 'api' }] }),
    kustomization('api', { commonMetadata: { labels: { team: 'shop' } } }),
    inFlux('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'shop', {
      chart: { spec: { chart: './charts/shop', sourceRef } },
      releaseName: 'shop',
      targetNamespace: 'story',
      interval: '5m',
      values: { replicas: 2 },
      valuesFrom: [{ kind: 'ConfigMap', name: 'shop-values' }],
    }),
    configMap('shop-values', 'flux-system', { 'values.yaml': 'replicas: 1' }),
  ];
  for (const object of objects) await write(object, 'flux', 'apply');
  const web: KubeText = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'story', labels: fluxLabels('kustomize', 'web') },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] } },
    },
  };
  const labels = { ...fluxLabels('kustomize', 'api'), team: 'shop' };
  await write(web, 'kustomize-controller', 'apply');
  await write(configMap('api', 'story', { colour: 'green' }, { labels }), 'kustomize-controller', 'apply');
  await write(configMap('generated-4h2mbtbbt6', 'story', { a: 'b' }, { labels }), 'kustomize-controller', 'apply');
  await write(
    configMap(
      'shop',
      'story',
      { replicas: '2' },
      {
        labels: { 'app.kubernetes.io/managed-by': 'Helm', ...fluxLabels('helm', 'shop') },
        annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'story' },
      },
    ),
    'helm-controller',
    'create',
  );
}

/** Argo CD marks by an annotation, or by a label as it once did. */
async function installArgo({ write }: Scene): Promise<void> {
  for (const namespace of ['argocd', 'argo-a', 'argo-b'])
    await write({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, 'kubectl-create', 'create');
  await write(definition('argoproj.io', 'v1alpha1', 'Application'), 'kubectl-create', 'create');
  for (const [name, marks] of [
    ['argo-a', { annotations: { 'argocd.argoproj.io/tracking-id': 'argo-a:/ConfigMap:argo-a/argo' } }],
    ['argo-b', { labels: { 'app.kubernetes.io/instance': 'argo-b' } }],
  ] as const) {
    const spec = {
      source: { repoURL: ours, path: 'argo' },
      destination: { name: 'in-cluster', namespace: name },
      syncPolicy: { automated: { prune: true } },
    };
    await write(
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name, namespace: 'argocd' }, spec },
      'kubectl-create',
      'create',
    );
    await write(
      configMap('argo', name, { colour: 'blue' }, marks),
      'argocd-controller',
      name === 'argo-a' ? 'apply' : 'create',
    );
  }
}

/** Imports what a tool has made, plans, applies: nothing changes but whose it is. */
async function takeOver(
  scene: Scene,
  tool: 'argocd' | 'flux',
  places: readonly (readonly [string, string, string])[],
): Promise<void> {
  using folder = testFolder({
    ...files,
    'landfall.yaml': `installation: ${tool}\nstateDir: ${scene.stateDir}\nrepositories: [{name: fleet, url: ., statuses: none}]\ntools: {helm: ${scene.tools.helm}, kustomize: ${scene.tools.kustomize}}\n`,
    'clusters/europe.yaml': `apiVersion: landfall.dev/v1alpha1\nkind: Cluster\nmetadata: {name: europe}\nspec: {access: {file: ${scene.kubeconfig}}}\n`,
  });
  const repository = buildRepository(folder.path, { isBare: false });
  repository.git('remote', 'add', 'origin', 'git@git.example.com:shop/deploy.git');
  const run = (...argv: readonly string[]): Promise<Ended> => command(argv, { folder: folder.path });
  const contents = () =>
    Promise.all(
      places.map(async ([kind, namespace, name]) => {
        const { spec, data, metadata } = await scene.read(kind, namespace, name);
        return { spec, data, uid: metadata.uid };
      }),
    );
  const before = await contents();
  const imported = await run('import', `--${tool}`, ...scene.context, '--cluster', 'europe');
  equal(imported.code, 0, imported.out + imported.err);
  match(imported.out, /Nothing would change/);
  match(imported.out, new RegExp(`${places.length} objects would become Landfall's`));
  repository.git('add', '.');
  repository.git('commit', '--quiet', '-m', 'imported');
  const applied = await run('apply', '--timeout', '120s');
  equal(applied.code, 0, applied.out + applied.err);
  deepEqual(await contents(), before, 'not one of them is another, or made anew');
  for (const [kind, namespace, name] of places) {
    const { labels = {}, managedFields = [] } = (await scene.read(kind, namespace, name)).metadata as {
      labels?: Record<string, string>;
      managedFields?: readonly { manager: string }[];
    };
    ok(
      Object.keys(labels).some((label) => label.startsWith('landfall.dev/') || label.startsWith('applyset.')),
      JSON.stringify(labels),
    );
    const managers = managedFields
      .map(({ manager }) => manager)
      .filter((manager) => /kustomize-controller|helm-controller|argocd-controller/.test(manager));
    deepEqual(managers, [], `${kind} ${name} is nobody else's`);
  }
  const plan = await run('plan', '--exit-code');
  equal(plan.code, 0, plan.out + plan.err);
}

export async function fluxStory(scene: Scene): Promise<void> {
  await installFlux(scene);
  await takeOver(scene, 'flux', [
    ['Deployment', 'story', 'web'],
    ['ConfigMap', 'story', 'api'],
    ['ConfigMap', 'story', 'generated-4h2mbtbbt6'],
    ['ConfigMap', 'story', 'shop'],
  ]);
}

export async function argoStory(scene: Scene): Promise<void> {
  await installArgo(scene);
  await takeOver(scene, 'argocd', [
    ['ConfigMap', 'argo-a', 'argo'],
    ['ConfigMap', 'argo-b', 'argo'],
  ]);
}
