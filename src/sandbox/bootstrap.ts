/** What is in every cluster from its first moment: namespaces, nodes, the API's own Service, and roles where they count. */
import type { JsonObject } from '../core/json/value.ts';
import type { Actor } from './controllers/actor.ts';
import { bootstrapRoles } from './rbac/bootstrap-roles.ts';
import { timeOf } from './registry/world.ts';
import type { SandboxSettings } from './settings.ts';

/** `kube-system` is the cluster's identity: its uid never changes. */
const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

export function bootstrap(actor: Actor, settings: SandboxSettings): void {
  for (const name of namespaces) actor.create('namespaces', { metadata: { name } });
  actor.create('services', {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: { type: 'ClusterIP', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 443 }] },
  });
  if (settings.workloads === 'pods') for (const name of ['node-1', 'node-2', 'node-3']) makeNode(actor, name);
  if (settings.authorization === 'RBAC') for (const { place, object } of bootstrapRoles()) actor.create(place, object);
}

function makeNode(actor: Actor, name: string): void {
  const time = timeOf(actor.world.clock.nowMs());
  const labels = {
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
  };
  const live = actor.create('nodes', { metadata: { name, labels }, spec: {} });
  const capacity: JsonObject = { cpu: '64', memory: '256Gi', pods: '1000', 'ephemeral-storage': '1Ti' };
  actor.setStatus('nodes', live, {
    capacity,
    allocatable: capacity,
    addresses: [
      { type: 'InternalIP', address: '192.0.2.1' },
      { type: 'Hostname', address: name },
    ],
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'the sandbox says that it is ready',
        lastHeartbeatTime: time,
        lastTransitionTime: time,
      },
    ],
    nodeInfo: {
      architecture: 'amd64',
      bootID: '',
      containerRuntimeVersion: 'sandbox://1',
      kernelVersion: 'sandbox',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.3+sandbox',
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'sandbox',
      systemUUID: '',
    },
  });
}
