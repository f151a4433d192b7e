/** What the registry does with Services: addresses and ports, and what goes with a type that no longer needs them. */

import { equal } from '../../../core/json/equal.ts';
import { at, isArray, isObject, type Json, type JsonObject, textOf, withFields } from '../../../core/json/value.ts';
import type { KubeObject } from '../../../core/model/object.ts';
import { withinEach } from '../defaults/fill.ts';

/** Hands out what must be unique in a cluster. */
export type Allocator = {
  /** An IPv4 address of the cluster's services. */
  readonly clusterIP: () => string;
  /** 30000 to 32767. */
  readonly nodePort: () => number;
};

const specOf = (service: KubeObject): JsonObject => (isObject(service.spec) ? service.spec : {});
const hasAddress = (spec: JsonObject): boolean => spec.type !== 'ExternalName';
const hasNodePorts = (spec: JsonObject): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer';
const hasHealthPort = (spec: JsonObject): boolean =>
  spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
const isSet = (value: Json | undefined): boolean => isArray(value) && value.length > 0;
const isExposed = (spec: JsonObject): boolean =>
  hasNodePorts(spec) || (spec.type === 'ClusterIP' && isSet(spec.externalIPs));

export function createdService(service: KubeObject, allocate: Allocator): KubeObject {
  return { ...service, spec: allocated(specOf(service), allocate, true) };
}

export function updatedService(live: KubeObject, next: KubeObject, allocate: Allocator): KubeObject {
  const before = specOf(live);
  const spec = withoutUnneeded(before, withAllocatedBefore(before, specOf(next)));
  const updated = { ...next, spec: allocated(spec, allocate, false) };
  return spec.type === 'LoadBalancer' ? updated : { ...updated, status: { loadBalancer: {} } };
}

function allocated(spec: JsonObject, allocate: Allocator, isNew: boolean): JsonObject {
  return withHealthPort(withNodePorts(withAddress(spec, allocate), allocate, isNew), allocate);
}

function withAddress(spec: JsonObject, allocate: Allocator): JsonObject {
  if (!hasAddress(spec)) return spec;
  const address = textOf(spec.clusterIP) ?? allocate.clusterIP();
  const isHeadless = address === 'None';
  // Without an address and without a selector there is no reason to favour a family.
  const isOpen = isHeadless && !isObject(spec.selector);
  const policy = textOf(spec.ipFamilyPolicy) ?? (isOpen ? 'RequireDualStack' : 'SingleStack');
  const standard = isOpen && policy !== 'SingleStack' ? ['IPv4', 'IPv6'] : [address.includes(':') ? 'IPv6' : 'IPv4'];
  return {
    ...spec,
    clusterIP: address,
    clusterIPs: isSet(spec.clusterIPs) ? (spec.clusterIPs ?? []) : [address],
    ipFamilies: isSet(spec.ipFamilies) ? (spec.ipFamilies ?? []) : standard,
    ipFamilyPolicy: policy,
  };
}

function withNodePorts(spec: JsonObject, allocate: Allocator, isNew: boolean): JsonObject {
  if (!hasNodePorts(spec)) return spec;
  if (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === false) return spec;
  const taken = new Map<Json, number>();
  return withinEach(spec, 'ports', (port) => {
    if (Object.hasOwn(port, 'nodePort')) return port;
    // The same port under two protocols is one port of the node, in a Service that is new.
    const number = (isNew ? taken.get(port.port ?? 0) : undefined) ?? allocate.nodePort();
    taken.set(port.port ?? 0, number);
    return { ...port, nodePort: number };
  });
}

function withHealthPort(spec: JsonObject, allocate: Allocator): JsonObject {
  if (!hasHealthPort(spec) || Object.hasOwn(spec, 'healthCheckNodePort')) return spec;
  return { ...spec, healthCheckNodePort: allocate.nodePort() };
}

// Clients that do not know of an allocated value leave it out; it stays what it was.
function withAllocatedBefore(before: JsonObject, after: JsonObject): JsonObject {
  let spec = after;
  if (hasAddress(before) && hasAddress(after)) {
    const isUnset = (textOf(after.clusterIP) ?? '') === '' && textOf(before.clusterIP) !== 'None';
    if (isUnset) spec = withFields(spec, { clusterIP: before.clusterIP });
    if (!isSet(after.clusterIPs) && spec.clusterIP === before.clusterIP) {
      spec = withFields(spec, { clusterIPs: before.clusterIPs });
    }
    if (!Object.hasOwn(spec, 'ipFamilyPolicy')) spec = withFields(spec, { ipFamilyPolicy: before.ipFamilyPolicy });
    if (!isSet(spec.ipFamilies)) spec = withFields(spec, { ipFamilies: before.ipFamilies });
  }
  if (hasNodePorts(before) && hasNodePorts(after)) {
    const known = nodePortsOf(before);
    const used = new Set(nodePortsOf(after).values());
    spec = withinEach(spec, 'ports', (port) => {
      const nodePort = known.get(port.name ?? '');
      const isTaken = nodePort === undefined || used.has(nodePort);
      return Object.hasOwn(port, 'nodePort') || isTaken ? port : { ...port, nodePort };
    });
  }
  const keepsHealthPort = hasHealthPort(before) && hasHealthPort(after) && !Object.hasOwn(after, 'healthCheckNodePort');
  return keepsHealthPort ? withFields(spec, { healthCheckNodePort: before.healthCheckNodePort }) : spec;
}

/** By the port's name. */
function nodePortsOf(spec: JsonObject): ReadonlyMap<Json, Json> {
  const ports = isArray(spec.ports) ? spec.ports.filter(isObject) : [];
  return new Map(
    ports.flatMap((port): [Json, Json][] => (port.nodePort === undefined ? [] : [[port.name ?? '', port.nodePort]])),
  );
}

// Ports may come and go, as long as none asks for a number of its own.
function noNewNodePorts(before: JsonObject, after: JsonObject): boolean {
  const numbers = (spec: JsonObject): readonly Json[] =>
    (isArray(spec.ports) ? spec.ports : []).flatMap((port) => at(port, 'nodePort') ?? []);
  const known = new Set(numbers(before));
  return numbers(after).every((number) => known.has(number));
}

// Values that were allocated, or filled in, for a type that the Service no longer has; unless the client set others.
function withoutUnneeded(before: JsonObject, after: JsonObject): JsonObject {
  let spec = after;
  const drop = (...names: readonly string[]): void => {
    const isSame = names.every((name) => equal(before[name], spec[name]));
    if (isSame) spec = withFields(spec, Object.fromEntries(names.map((name) => [name, undefined])));
  };
  if (hasAddress(before) && !hasAddress(spec)) {
    drop('clusterIP', 'clusterIPs');
    drop('ipFamilies');
    drop('ipFamilyPolicy');
  }
  if (hasNodePorts(before) && !hasNodePorts(spec) && noNewNodePorts(before, spec)) {
    spec = withinEach(spec, 'ports', (port) => withFields(port, { nodePort: undefined }));
  }
  if (hasHealthPort(before) && !hasHealthPort(spec)) drop('healthCheckNodePort');
  if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    drop('allocateLoadBalancerNodePorts');
    drop('loadBalancerClass');
  }
  if (isExposed(before) && !isExposed(spec)) drop('externalTrafficPolicy');
  return spec;
}
