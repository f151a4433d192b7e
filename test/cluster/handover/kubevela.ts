/** KubeVela's controller itself, running: its kinds, the definitions of its chart, and the one cluster that it is on. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import { type ApiServer, admin } from '../api-server.ts';
import { type ServerProcess, startServer } from '../process.ts';
import { freePorts, untilReady } from '../readiness.ts';
import { kubectlOf } from '../story/witness.ts';
import type { OldController } from './old-controllers.ts';

export type KubeVela = {
  readonly start: () => Promise<void>;
  /** As a Deployment scaled to nothing: SIGTERM. */
  readonly stop: () => Promise<void>;
  readonly log: () => string;
};

export const system = 'vela-system';
const chart = 'charts/vela-core';

/**
 * Installs what the chart does, without webhooks and without the gateway to other clusters, which is an API server of its
 * own. The controller is not started. `kubeconfig`: of a gateway that leads to other clusters, where there is one.
 */
export async function installKubeVela(
  old: OldController,
  server: ApiServer,
  kubeconfig = server.kubeconfig(),
): Promise<KubeVela> {
  const kubectl = kubectlOf(server);
  const definitions = join(old.folder, chart, 'crds');
  await kubectl('apply', '--server-side', '-f', definitions);
  await kubectl('wait', '--for=condition=Established', '--timeout=30s', '-f', definitions);
  await kubectl('create', 'namespace', system);
  const { code, stderr } = await server.kubectl(['apply', '--server-side', '-f', '-'], { input: builtIn(old) });
  if (code !== 0) throw new Error(`kubectl apply on ${server.name}: ${stderr.trim()}`);
  const logPath = join(server.folder, 'kubevela.log');
  let running: ServerProcess | undefined;
  return {
    start: async () => {
      const [health = 0, metrics = 0] = await freePorts(2);
      const flags = [
        `--health-addr=127.0.0.1:${health}`,
        `--metrics-addr=127.0.0.1:${metrics}`,
        '--use-webhook=false',
        '--enable-leader-election=false',
        '--concurrent-reconciles=16',
        `--system-definition-namespace=${system}`,
        // As the chart sets them.
        '--kube-api-qps=400',
        '--kube-api-burst=600',
        '--max-workflow-wait-backoff-time=2',
        '--application-re-sync-period=5m',
        '--feature-gates=MultiStageComponentApply=true',
      ];
      const started = startServer(old.program, flags, logPath, { KUBECONFIG: kubeconfig });
      running = started;
      await untilReady('kubevela', started, async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).ok);
    },
    stop: async () => {
      await running?.end();
      running = undefined;
    },
    log: () => readFileSync(logPath, 'utf8'),
  };
}

/** The definitions of the chart, which asks Helm for nothing but their namespace. */
function builtIn({ folder }: OldController): string {
  const cwd = join(folder, chart, 'templates/defwithtemplate');
  return globSync('*.yaml', { cwd })
    .toSorted()
    .map((file) =>
      readFileSync(join(cwd, file), 'utf8').replaceAll(/\{\{ include "systemDefinitionNamespace" \. \}\}/g, system),
    )
    .join('\n---\n');
}

/** All that the definitions make, as kubectl takes them. */
export const velaKinds = [
  'configmaps',
  'secrets',
  'services',
  'serviceaccounts',
  'persistentvolumeclaims',
  'deployments',
  'daemonsets',
  'statefulsets',
  'jobs',
  'cronjobs',
  'ingresses',
  'horizontalpodautoscalers.v2.autoscaling',
  'roles',
  'rolebindings',
  'clusterroles',
  'clusterrolebindings',
].join(',');

/** The cluster that KubeVela calls so by itself. */
export const localCluster = (server: ApiServer): string => clusterOf('local', server);

export const clusterOf = (name: string, server: ApiServer, labels: Json = {}): string =>
  JSON.stringify({
    apiVersion: 'landfall.dev/v1alpha1',
    kind: 'Cluster',
    metadata: { name, labels },
    spec: { access: { file: server.kubeconfig() } },
  });

/** What `vela cluster join` leaves on the hub. */
export const joinedSecret = (name: string, server: ApiServer, labels: JsonObject = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'Opaque',
  metadata: {
    name,
    namespace: system,
    labels: { 'cluster.core.oam.dev/cluster-credential-type': 'ServiceAccountToken', ...labels },
  },
  stringData: { endpoint: server.origin, 'ca.crt': server.ca(), token: server.tokenFor(admin) },
});

/** What `vela uninstall` and the end of a namespace would do, and nothing stands in the way. */
export async function removeKubeVela(server: ApiServer, namespaces: readonly string[]): Promise<void> {
  const kubectl = kubectlOf(server);
  for (const kind of ['applications.core.oam.dev', 'resourcetrackers.core.oam.dev']) await releaseAll(server, kind);
  await kubectl('delete', 'clusterroles,clusterrolebindings', '-l', 'app.oam.dev/name', '--ignore-not-found');
  await kubectl('delete', 'namespace', system, ...namespaces, '--ignore-not-found', '--timeout=90s');
  const definitions = (await kubectl('get', 'crd', '-o', 'name'))
    .split('\n')
    .filter((name) => name.endsWith('oam.dev'));
  await kubectl('delete', ...definitions, '--timeout=60s');
}

/** Takes off the finalizers of all objects of a kind, and deletes them. */
export async function releaseAll(server: ApiServer, kind: string): Promise<void> {
  const kubectl = kubectlOf(server);
  const path = 'jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
  const lines = (await kubectl('get', kind, '-A', '-o', path)).split('\n').filter((line) => line !== '');
  for (const [namespace = '', name = ''] of lines.map((line) => line.split('/'))) {
    const where = namespace === '' ? [] : ['-n', namespace];
    await kubectl('patch', kind, name, ...where, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
  }
  if (lines.length > 0) await kubectl('delete', kind, '-A', '--all', '--cascade=orphan', '--timeout=60s');
}
