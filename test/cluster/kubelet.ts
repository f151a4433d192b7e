/**
 * A pretend kubelet and scheduler in one: two nodes on which every pod is bound and runs at once.
 *
 * An image whose tag ends in `-broken` is never pulled, one whose tag ends in `-failing` fails; pods of Jobs succeed.
 */
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../../src/core/json/value.ts';
import { type Answer, type Api, connect, type Target } from '../conform/client.ts';

export type Kubelet = { readonly stop: () => Promise<void> };

const nodes = ['node-1', 'node-2'];
const relistDelayMs = 200;
const idleMsMax = 3_600_000;

export async function startKubelet(target: Target): Promise<Kubelet> {
  // Nothing may happen for as long as it likes.
  const api = connect(target, idleMsMax);
  await Promise.all(nodes.map((name, index) => register(api, name, index)));
  const stopped = new AbortController();
  const work = follow(api, stopped.signal);
  return {
    stop: async () => {
      stopped.abort();
      // Ends a request that a paused server would never answer.
      api[Symbol.dispose]();
      await work;
    },
  };
}

async function register(api: Api, name: string, index: number): Promise<void> {
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' };
  await api.create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
  const room = { cpu: '64', memory: '256Gi', pods: '10000', 'ephemeral-storage': '1Ti' };
  const status = {
    capacity: room,
    allocatable: room,
    conditions: [condition('Ready', 'True')],
    addresses: [
      { type: 'InternalIP', address: `192.0.2.${index + 1}` },
      { type: 'Hostname', address: name },
    ],
    nodeInfo: {
      machineID: name,
      systemUUID: name,
      bootID: name,
      kernelVersion: '6.0',
      osImage: 'pretend',
      containerRuntimeVersion: 'pretend://1.0',
      kubeletVersion: 'v1.36.3',
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
  };
  await api.mergePatch(`/api/v1/nodes/${name}/status`, { status });
  // A new node is tainted as not ready; the controller that would see it ready is not run.
  await api.mergePatch(`/api/v1/nodes/${name}`, { spec: { taints: null } });
}

/** Lists, watches, and starts over when the watch ends; a server that is away for a while is asked again. */
async function follow(api: Api, signal: AbortSignal): Promise<void> {
  let count = 0;
  const see = async (pod: JsonObject): Promise<void> => {
    count += 1;
    const answer = await move(api, pod, count);
    // A conflict or a missing pod is seen again by its next event; a server in trouble is asked for all pods again.
    if (answer !== undefined && (answer.status === 429 || answer.status >= 500)) throw new Error(answer.text);
  };
  while (!signal.aborted) {
    try {
      const list = await api.get('/api/v1/pods');
      for (const pod of itemsOf(list.json, 'items')) await see(pod);
      using watch = await api.watch('/api/v1/pods', {
        resourceVersion: textOf(at(list.json, 'metadata', 'resourceVersion')) ?? '',
        allowWatchBookmarks: 'true',
        timeoutSeconds: '600',
      });
      const close = (): void => watch[Symbol.dispose]();
      signal.addEventListener('abort', close, { once: true });
      for (let event = await watch.next(); event !== undefined; event = await watch.next()) {
        if (event.type === 'ERROR') break;
        if (event.type === 'ADDED' || event.type === 'MODIFIED') await see(event.object);
      }
      signal.removeEventListener('abort', close);
    } catch {
      // The server is stopped, or was for a moment: the list above shows what was missed.
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, relistDelayMs));
  }
}

/** The next step of a pod: bound, then run, and gone when it is told to go. */
async function move(api: Api, pod: JsonObject, count: number): Promise<Answer | undefined> {
  const path = `/api/v1/namespaces/${textAt(pod, 'metadata', 'namespace')}/pods/${textAt(pod, 'metadata', 'name')}`;
  const uid = textAt(pod, 'metadata', 'uid');
  if (at(pod, 'metadata', 'deletionTimestamp') !== undefined) {
    return await api.remove(path, {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
      preconditions: { uid },
    });
  }
  if (at(pod, 'spec', 'nodeName') === undefined) {
    const target = { apiVersion: 'v1', kind: 'Node', name: nodeFor(pod, count) };
    const metadata = { name: textAt(pod, 'metadata', 'name'), uid };
    return await api.create(`${path}/binding`, { apiVersion: 'v1', kind: 'Binding', metadata, target });
  }
  if (at(pod, 'status', 'startTime') === undefined) {
    return await api.mergePatch(`${path}/status`, { metadata: { uid }, status: statusOf(pod, count) });
  }
  return undefined;
}

/** Pods of a DaemonSet say by affinity which node they are for; all others take turns. */
function nodeFor(pod: JsonObject, count: number): string {
  const required = at(pod, 'spec', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  const field = itemsOf(itemsOf(required, 'nodeSelectorTerms')[0], 'matchFields')[0];
  const named = isArray(field?.values) ? textOf(field.values[0]) : undefined;
  return named ?? nodes[count % nodes.length]!;
}

function statusOf(pod: JsonObject, count: number): JsonObject {
  const containers = itemsOf(at(pod, 'spec'), 'containers');
  const tags = containers.map(({ image }) => textOf(image) ?? '');
  const isJob = itemsOf(at(pod, 'metadata'), 'ownerReferences').some(({ kind }) => kind === 'Job');
  const podIP = `10.244.${(count >> 8) % 256}.${count % 256}`;
  const shared = { startTime: now(), hostIP: '192.0.2.1', podIP, podIPs: [{ ip: podIP }] };
  const conditions = (ready: 'True' | 'False'): readonly JsonObject[] => [
    condition('Initialized', 'True'),
    condition('Ready', ready),
    condition('ContainersReady', ready),
    condition('PodScheduled', 'True'),
  ];
  const all = (state: JsonObject, ready: boolean): readonly JsonObject[] =>
    containers.map(({ name, image }) => ({
      name: name ?? '',
      image: image ?? '',
      imageID: '',
      restartCount: 0,
      ready,
      started: ready,
      state,
    }));
  if (tags.some((tag) => tag.endsWith('-broken'))) {
    const waiting = { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } };
    return { ...shared, phase: 'Pending', conditions: conditions('False'), containerStatuses: all(waiting, false) };
  }
  const isFailing = tags.some((tag) => tag.endsWith('-failing'));
  if (isJob || isFailing) {
    const exitCode = isFailing ? 1 : 0;
    const terminated = { exitCode, reason: isFailing ? 'Error' : 'Completed', startedAt: now(), finishedAt: now() };
    const phase = isFailing ? 'Failed' : 'Succeeded';
    return { ...shared, phase, conditions: conditions('False'), containerStatuses: all({ terminated }, false) };
  }
  const running = { running: { startedAt: now() } };
  return { ...shared, phase: 'Running', conditions: conditions('True'), containerStatuses: all(running, true) };
}

const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;
const condition = (type: string, status: string): JsonObject => ({ type, status, lastTransitionTime: now() });
const textAt = (value: Json, ...fields: readonly string[]): string => textOf(at(value, ...fields)) ?? '';
const itemsOf = (value: Json | undefined, field: string): readonly JsonObject[] => {
  const list = at(value, field);
  return isArray(list) ? list.filter(isObject) : [];
};
