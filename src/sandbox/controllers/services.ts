/** Services: where their pods are, as EndpointSlices and Endpoints, with the Service's labels copied onto both. */
import { at, isObject, type JsonObject, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { selectorOf } from '../api/label-selector.ts';
import { withMetadata, withParts } from '../registry/objects.ts';
import type { Change } from '../store/event-log.ts';
import { type Actor, controllerReference, isGoing } from './actor.ts';
import type { Controller, Key } from './loop.ts';
import { isReady } from './replicasets.ts';
import { listAt, specOf, statusOf } from './templates.ts';

const place = 'services';
const slices = 'endpointslices.discovery.k8s.io';

export function serviceController(actor: Actor): Controller {
  const keysOf = ({ resource, last, current, previous }: Change): readonly Key[] => {
    const key = { namespace: last.namespace, name: last.name };
    if (resource === place) return [key];
    if (resource === slices) return current === undefined ? keysOfSlice(last.namespace, last.labels) : [];
    if (resource === 'endpoints') return current === undefined ? [key] : [];
    // A pod concerns the services that select it, before or after.
    const seen = [current, previous].flatMap((entry) => (entry === undefined ? [] : [entry.labels]));
    return actor.world.store.list(place, last.namespace).flatMap((service) => {
      const selector = at(actor.read(service), 'spec', 'selector');
      const selects = isObject(selector) ? selectorOf(selector) : () => false;
      return seen.some(selects) ? [{ namespace: service.namespace, name: service.name }] : [];
    });
  };
  return {
    name: 'services',
    places: [place, slices, 'endpoints', 'pods'],
    keysOf,
    reconcile: (key) => reconcile(actor, key),
  };
}

const keysOfSlice = (namespace: string, labels: Readonly<Record<string, string>> | undefined): readonly Key[] => {
  const name = labels?.[serviceLabel];
  return name === undefined ? [] : [{ namespace, name }];
};

const serviceLabel = 'kubernetes.io/service-name';

type Address = { readonly ip: string; readonly pod: KubeObject; readonly isReady: boolean };

function reconcile(actor: Actor, key: Key): undefined {
  const live = actor.get(place, key);
  if (live === undefined) {
    // Endpoints have no owner reference: they go because they are named as the Service was.
    const endpoints = actor.get('endpoints', key);
    if (endpoints !== undefined) actor.remove('endpoints', endpoints);
    return;
  }
  const service = actor.read(live);
  const selector = at(service, 'spec', 'selector');
  if (isGoing(service)) return;
  balance(actor, key, service);
  if (!isObject(selector) || Object.keys(selector).length === 0) return;
  const selects = selectorOf(selector);
  const addresses = actor.world.store.list('pods', key.namespace).flatMap((entry): readonly Address[] => {
    const pod = actor.read(entry);
    const ip = textOf(at(pod, 'status', 'podIP'));
    return !selects(entry.labels) || ip === undefined || isGoing(pod) ? [] : [{ ip, pod, isReady: isReady(pod) }];
  });
  putSlice(actor, service, addresses);
  putEndpoints(actor, service, addresses);
}

const referenceTo = (pod: KubeObject): JsonObject => ({
  kind: 'Pod',
  namespace: pod.metadata.namespace ?? '',
  name: pod.metadata.name,
  uid: pod.metadata.uid ?? '',
});

/** Ports as the pods know them: a name would need the containers' own. */
const portsOf = (service: KubeObject): readonly JsonObject[] =>
  listAt(service, 'spec', 'ports').map((port) => ({
    ...(textOf(port.name) === undefined ? {} : { name: port.name ?? '' }),
    port: typeof port.targetPort === 'number' ? port.targetPort : (port.port ?? 0),
    protocol: port.protocol ?? 'TCP',
  }));

function putSlice(actor: Actor, service: KubeObject, addresses: readonly Address[]): void {
  const { name, namespace = '', labels } = service.metadata;
  const body = {
    endpoints: addresses.map(({ ip, pod, isReady: ready }) => ({
      addresses: [ip],
      conditions: { ready, serving: ready, terminating: false },
      nodeName: textOf(specOf(pod).nodeName) ?? '',
      targetRef: referenceTo(pod),
    })),
    ports: portsOf(service).map((port) => ({ name: '', ...port })),
  };
  const wanted = {
    ...(isObject(labels) ? labels : {}),
    [serviceLabel]: name,
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    ...(specOf(service).clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
  };
  const there = actor
    .ownedBy(String(service.metadata.uid), slices)
    .find(
      (entry) =>
        entry.labels?.['endpointslice.kubernetes.io/managed-by'] === wanted['endpointslice.kubernetes.io/managed-by'],
    );
  if (there !== undefined) {
    actor.replace(slices, there, withParts(withMetadata(actor.read(there), { labels: wanted }), body));
    return;
  }
  const metadata = {
    generateName: `${name}-`,
    namespace,
    labels: wanted,
    ownerReferences: [controllerReference(service)],
  };
  actor.create(slices, { metadata, addressType: 'IPv4', ...body });
}

function putEndpoints(actor: Actor, service: KubeObject, addresses: readonly Address[]): void {
  const { name, namespace = '', labels } = service.metadata;
  const addressOf = ({ ip, pod }: Address): JsonObject => ({
    ip,
    nodeName: textOf(specOf(pod).nodeName) ?? '',
    targetRef: referenceTo(pod),
  });
  const [ready, waiting] = [true, false].map((wanted) =>
    addresses.filter((each) => each.isReady === wanted).map(addressOf),
  );
  const subset = {
    ...(ready === undefined || ready.length === 0 ? {} : { addresses: ready }),
    ...(waiting === undefined || waiting.length === 0 ? {} : { notReadyAddresses: waiting }),
    ports: portsOf(service),
  };
  const subsets = addresses.length === 0 ? undefined : [subset];
  const wanted = {
    ...(isObject(labels) ? labels : {}),
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    ...(specOf(service).clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
  };
  const there = actor.get('endpoints', { namespace, name });
  if (there === undefined)
    actor.create('endpoints', { metadata: { name, namespace, labels: wanted }, ...(subsets && { subsets }) });
  else actor.replace('endpoints', there, withParts(withMetadata(actor.read(there), { labels: wanted }), { subsets }));
}

/** A pretend load balancer gives an address of the range kept for documentation. */
function balance(actor: Actor, key: Key, service: KubeObject): void {
  const live = actor.get(place, key);
  if (live === undefined || specOf(service).type !== 'LoadBalancer') return;
  if (listAt(service, 'status', 'loadBalancer', 'ingress').length > 0) return;
  const ip = `203.0.113.${1 + Math.floor(actor.world.rng.next() * 254)}`;
  actor.setStatus(place, live, { ...statusOf(service), loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } });
}
