/** KubeFed itself, running: its kinds on the host, the clusters that have joined, and its controllers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../../src/core/json/value.ts';
import { type ApiServer, admin } from '../api-server.ts';
import { startServer } from '../process.ts';
import { freePorts, untilReady } from '../readiness.ts';
import { kubectlOf } from '../story/witness.ts';
import type { OldController } from './old-controllers.ts';

export type KubeFed = {
  /** Errors: rejects when it does not say that it is well. */
  readonly start: () => Promise<void>;
  /** As a Deployment scaled to nothing: SIGTERM. */
  readonly stop: () => Promise<void>;
  readonly log: () => string;
};

export const controlPlane = 'kube-federation-system';
const charts = ['charts/kubefed/charts/controllermanager/crds/crds.yaml', 'charts/kubefed/crds/crds.yaml'];
const typeConfigs = 'charts/kubefed/templates/federatedtypeconfig.yaml';

/** As the chart installs it, without the webhook. */
export const settings = `apiVersion: core.kubefed.io/v1beta1
kind: KubeFedConfig
metadata: {name: kubefed, namespace: ${controlPlane}}
spec:
  scope: Cluster
  controllerDuration: {availableDelay: 1s, unavailableDelay: 60s, cacheSyncTimeout: 5m}
  leaderElect: {leaseDuration: 15s, renewDeadline: 10s, retryPeriod: 5s, resourceLock: configmaps}
  clusterHealthCheck: {period: 1s, failureThreshold: 3, successThreshold: 1, timeout: 3s}
  syncController: {maxConcurrentReconciles: 1, adoptResources: Enabled}
  statusController: {maxConcurrentReconciles: 1}
  featureGates:
  - {name: PushReconciler, configuration: Enabled}
  - {name: SchedulerPreferences, configuration: Enabled}
`;

/** What \`kubefedctl join\` leaves in Git's reach: no credential. */
export const joined = (name: string, server: ApiServer): string =>
  JSON.stringify({
    apiVersion: 'core.kubefed.io/v1beta1',
    kind: 'KubeFedCluster',
    metadata: { name, namespace: controlPlane, labels: { region: name } },
    spec: {
      apiEndpoint: server.origin,
      caBundle: Buffer.from(server.ca()).toString('base64'),
      secretRef: { name: `${name}-token` },
    },
  });

export const typeConfigsOf = ({ folder }: OldController): string => readFileSync(join(folder, typeConfigs), 'utf8');

/** Installs what the chart does and joins clusters. The controllers are not started. */
export async function installKubeFed(
  old: OldController,
  host: ApiServer,
  members: ReadonlyMap<string, ApiServer>,
): Promise<KubeFed> {
  const kubectl = kubectlOf(host);
  const apply = async (text: string): Promise<void> => {
    const { code, stderr } = await host.kubectl(['apply', '--server-side', '-n', controlPlane, '-f', '-'], {
      input: text,
    });
    if (code !== 0) throw new Error(`kubectl apply on ${host.name}: ${stderr.trim()}`);
  };
  const definitions = charts.map((path) => join(old.folder, path));
  await kubectl('apply', '--server-side', ...definitions.flatMap((path) => ['-f', path]));
  await kubectl('wait', '--for=condition=Established', '--timeout=30s', ...definitions.flatMap((path) => ['-f', path]));
  await apply(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: controlPlane } }));
  await apply(settings);
  await apply(typeConfigsOf(old));
  for (const [name, server] of members) {
    await apply(JSON.stringify(tokenOf(name, server)));
    await apply(joined(name, server));
  }
  const logPath = join(host.folder, 'kubefed.log');
  let running: ReturnType<typeof startServer> | undefined;
  return {
    start: async () => {
      const [health = 0, metrics = 0] = await freePorts(2);
      const flags = [
        `--kubeconfig=${host.kubeconfig()}`,
        `--kubefed-namespace=${controlPlane}`,
        `--healthz-addr=127.0.0.1:${health}`,
        `--metrics-addr=127.0.0.1:${metrics}`,
      ];
      const started = startServer(old.program, flags, logPath);
      running = started;
      await untilReady('kubefed', started, async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).ok);
    },
    stop: async () => {
      await running?.end();
      running = undefined;
    },
    log: () => readFileSync(logPath, 'utf8'),
  };
}

const tokenOf = (name: string, server: ApiServer): Json => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: `${name}-token`, namespace: controlPlane },
  stringData: { token: server.tokenFor(admin) },
});
