/** Defaults of pods, their containers and volumes. */
import { at, isObject, type JsonObject, textOf, withFields } from '../../../core/json/value.ts';
import { defaulting, type Fill, type Fills, withDefaults, within, withinEach } from './fill.ts';

/** `Always` for an image that may change under its name, `IfNotPresent` for any other. */
function pullPolicyOf(image: string): string {
  const [name = '', digest] = image.split('@', 2);
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent';
}

const container: Fill = (value) =>
  withDefaults(value, {
    imagePullPolicy: pullPolicyOf(textOf(value.image) ?? ''),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });

// The old name of the account's field is kept in step with the new one, which decides.
function withAccount(value: JsonObject): JsonObject {
  const account = value.serviceAccountName ?? value.serviceAccount;
  if (account === undefined || (value.serviceAccountName === account && value.serviceAccount === account)) return value;
  return { ...value, serviceAccountName: account, serviceAccount: account };
}

const podSpec: Fill = (value) =>
  withDefaults(withAccount(value), {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
  });

const requestsFromLimits: Fill = (value) =>
  within(value, 'resources', (resources) => {
    if (!isObject(resources.limits)) return resources;
    const requests = isObject(resources.requests) ? resources.requests : {};
    const filled = withDefaults(requests, resources.limits);
    return filled === requests ? resources : { ...resources, requests: filled };
  });

const hostPorts: Fill = (value) =>
  withinEach(value, 'ports', (port) => withDefaults(port, { hostPort: port.containerPort ?? 0 }));

// What only a pod of its own gets, and no template.
const pod: Fill = (value) =>
  within(value, 'spec', (spec) => {
    const isOnHost = spec.hostNetwork === true;
    const each: Fill = (one) => (isOnHost ? hostPorts(requestsFromLimits(one)) : requestsFromLimits(one));
    const contained = withinEach(withinEach(spec, 'containers', each), 'initContainers', each);
    return withDefaults(podRequests(contained), { enableServiceLinks: true });
  });

// Limits of a pod as a whole stand for its requests, where its containers ask for nothing.
function podRequests(spec: JsonObject): JsonObject {
  return within(spec, 'resources', (resources) => {
    if (!isObject(resources.limits) || Object.keys(resources.limits).length === 0) return resources;
    const supported = Object.entries(resources.limits).filter(([name]) => /^(cpu|memory|hugepages-.*)$/.test(name));
    const requests = withDefaults(
      isObject(resources.requests) ? resources.requests : {},
      Object.fromEntries(supported),
    );
    return Object.keys(requests).length === 0 ? resources : { ...resources, requests };
  });
}

const volume: Fill = (value) => {
  const hasSource = Object.keys(value).some((name) => name !== 'name');
  const sourced = hasSource ? value : { ...value, emptyDir: {} };
  return within(sourced, 'image', (image) =>
    withDefaults(image, { pullPolicy: pullPolicyOf(textOf(image.reference) ?? '') }),
  );
};

const nodeStatus: Fill = (value) =>
  isObject(value.capacity) ? withDefaults(value, { allocatable: value.capacity }) : value;

const secret: Fill = (value) => {
  const typed = withDefaults(value, { type: 'Opaque' });
  if (!isObject(typed.stringData)) return typed;
  const written = Object.entries(typed.stringData).map(([key, text]): [string, string] => [
    key,
    Buffer.from(textOf(text) ?? '').toString('base64'),
  ]);
  const data = { ...(isObject(typed.data) ? typed.data : {}), ...Object.fromEntries(written) };
  return withFields(typed, { data, stringData: undefined });
};

const namespace: Fill = (value) => {
  const name = textOf(at(value, 'metadata', 'name')) ?? '';
  if (name === '' || at(value, 'metadata', 'labels', 'kubernetes.io/metadata.name') === name) return value;
  return within(value, 'metadata', (metadata) => {
    const labels = isObject(metadata.labels) ? metadata.labels : {};
    return { ...metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } };
  });
};

const limitRangeItem: Fill = (value) => {
  if (value.type !== 'Container') return value;
  const of = (field: string): JsonObject => (isObject(value[field]) ? value[field] : {});
  const limits = withDefaults(of('default'), of('max'));
  const requests = withDefaults(withDefaults(of('defaultRequest'), limits), of('min'));
  const filled = {
    ...(Object.keys(limits).length === 0 ? {} : { default: limits }),
    ...(Object.keys(requests).length === 0 ? {} : { defaultRequest: requests }),
  };
  return { ...value, ...filled };
};

const labelled: Fill = (value) => {
  const labels = at(value, 'spec', 'template', 'metadata', 'labels');
  if (!isObject(labels)) return value;
  const selected = within(value, 'spec', (spec) => withDefaults(spec, { selector: labels }));
  return within(selected, 'metadata', (metadata) => withDefaults(metadata, { labels }));
};

const name = (type: string): string => `io.k8s.api.core.v1.${type}`;

export const podFills: Fills = {
  [name('Container')]: container,
  [name('EphemeralContainer')]: container,
  [name('PodSpec')]: podSpec,
  [name('Pod')]: pod,
  [name('Volume')]: volume,
  [name('Probe')]: defaulting({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  [name('HTTPGetAction')]: defaulting({ path: '/', scheme: 'HTTP' }),
  [name('GRPCAction')]: defaulting({ service: '' }),
  [name('SecretVolumeSource')]: defaulting({ defaultMode: 420 }),
  [name('ConfigMapVolumeSource')]: defaulting({ defaultMode: 420 }),
  [name('DownwardAPIVolumeSource')]: defaulting({ defaultMode: 420 }),
  [name('ProjectedVolumeSource')]: defaulting({ defaultMode: 420 }),
  [name('ServiceAccountTokenProjection')]: defaulting({ expirationSeconds: 3600 }),
  [name('HostPathVolumeSource')]: defaulting({ type: '' }),
  [name('ObjectFieldSelector')]: defaulting({ apiVersion: 'v1' }),
  [name('PersistentVolume')]: (value) =>
    within(value, 'status', (status) => withDefaults(status, { phase: 'Pending' })),
  [name('PersistentVolumeSpec')]: defaulting({ persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }),
  [name('PersistentVolumeClaim')]: (value) =>
    within(value, 'status', (status) => withDefaults(status, { phase: 'Pending' })),
  [name('PersistentVolumeClaimSpec')]: defaulting({ volumeMode: 'Filesystem' }),
  [name('EndpointPort')]: defaulting({ protocol: 'TCP' }),
  [name('NodeStatus')]: nodeStatus,
  [name('Secret')]: secret,
  [name('Namespace')]: namespace,
  [name('NamespaceStatus')]: defaulting({ phase: 'Active' }),
  [name('LimitRangeItem')]: limitRangeItem,
  [name('ReplicationController')]: labelled,
};
