/** The rows of what connects pods. */
import { at, type Json, type JsonObject, numberOf, textOf } from '../../../core/json/value.ts';
import {
  ageOf,
  type Cells,
  fewText,
  labelsText,
  listAt,
  mapAt,
  nameOf,
  none,
  numberAt,
  selectorOrNone,
  textAt,
  textsAt,
  unset,
} from './cell-text.ts';

const service: Cells = (object, nowMs) => [
  nameOf(object),
  textAt(object, 'spec', 'type'),
  textsAt(object, 'spec', 'clusterIPs')[0] ?? none,
  externalText(object),
  portsText(listAt(object, 'spec', 'ports')),
  ageOf(object, nowMs),
  labelsText(mapAt(object, 'spec', 'selector')),
];

function externalText(object: JsonObject): string {
  const addresses = textsAt(object, 'spec', 'externalIPs');
  switch (textAt(object, 'spec', 'type')) {
    case 'ClusterIP':
    case 'NodePort':
      return addresses.join(',') || none;
    case 'LoadBalancer':
      return [...balancerAddresses(object), ...addresses].join(',') || '<pending>';
    case 'ExternalName':
      return textAt(object, 'spec', 'externalName');
    default:
      return '<unknown>';
  }
}

const balancerAddresses = (object: JsonObject): readonly string[] => {
  const all = listAt(object, 'status', 'loadBalancer', 'ingress').flatMap((one) => {
    const address = textAt(one, 'ip') || textAt(one, 'hostname');
    return address === '' ? [] : [address];
  });
  return [...new Set(all)].toSorted();
};

function portsText(ports: readonly Json[]): string {
  const texts = ports.map((port) => {
    const nodePort = numberAt(port, 'nodePort');
    return `${numberAt(port, 'port')}${nodePort > 0 ? `:${nodePort}` : ''}/${textAt(port, 'protocol')}`;
  });
  return texts.join(',') || none;
}

const ingress: Cells = (object, nowMs) => [
  nameOf(object),
  textOf(at(object, 'spec', 'ingressClassName')) ?? none,
  hostsText(listAt(object, 'spec', 'rules')),
  balancerAddresses(object).join(','),
  listAt(object, 'spec', 'tls').length > 0 ? '80, 443' : '80',
  ageOf(object, nowMs),
];

function hostsText(rules: readonly Json[]): string {
  const hosts = rules.map((rule) => textAt(rule, 'host')).filter((host) => host !== '');
  if (hosts.length === 0) return '*';
  const shown = hosts.slice(0, 3);
  // Rules without a host count as much as those that have one, if they come late enough.
  const third = rules.findIndex((rule) => textAt(rule, 'host') === shown[2]);
  const hasMore = shown.length === 3 && rules.length > third + 1;
  return hasMore ? `${shown.join(',')} + ${rules.length - 3} more...` : shown.join(',');
}

const ingressClass: Cells = (object, nowMs) => {
  const parameters = at(object, 'spec', 'parameters');
  const group = textOf(at(parameters, 'apiGroup'));
  const kind = `${textAt(parameters, 'kind')}${group === undefined ? '' : `.${group}`}`;
  const isDefault = textAt(object, 'metadata', 'annotations', 'ingressclass.kubernetes.io/is-default-class') === 'true';
  return [
    `${nameOf(object)}${isDefault ? ' (default)' : ''}`,
    textAt(object, 'spec', 'controller'),
    parameters === undefined ? none : `${kind}/${textAt(parameters, 'name')}`,
    ageOf(object, nowMs),
  ];
};

const networkPolicy: Cells = (object, nowMs) => [
  nameOf(object),
  selectorOrNone(at(object, 'spec', 'podSelector')),
  ageOf(object, nowMs),
];

const endpoints: Cells = (object, nowMs) => {
  const subsets = listAt(object, 'subsets');
  const all = subsets.flatMap((subset) => {
    const addresses = listAt(subset, 'addresses').map((address) => textAt(address, 'ip'));
    const ports = listAt(subset, 'ports');
    if (ports.length === 0) return addresses;
    return ports.flatMap((port) => addresses.map((address) => hostPort(address, numberAt(port, 'port'))));
  });
  return [nameOf(object), subsets.length === 0 ? none : fewText(all, 3), ageOf(object, nowMs)];
};

const hostPort = (host: string, port: number): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

const endpointSlice: Cells = (object, nowMs) => {
  const ports = listAt(object, 'ports').map((port) => {
    const number = numberOf(at(port, 'port'));
    return number === undefined ? (textOf(at(port, 'name')) ?? '*') : String(number);
  });
  const addresses = listAt(object, 'endpoints').flatMap((endpoint) => textsAt(endpoint, 'addresses'));
  return [
    nameOf(object),
    textAt(object, 'addressType'),
    fewText(ports, 3) || unset,
    fewText(addresses, 3) || unset,
    ageOf(object, nowMs),
  ];
};

const serviceCidr: Cells = (object, nowMs) => [
  nameOf(object),
  textsAt(object, 'spec', 'cidrs').join(','),
  ageOf(object, nowMs),
];

const ipAddress: Cells = (object) => {
  const parent = at(object, 'spec', 'parentRef');
  const group = textAt(parent, 'group');
  const resource = `${textAt(parent, 'resource')}${group === '' ? '' : `.${group}`}`.toLowerCase();
  const namespace = textAt(parent, 'namespace');
  const place = `${resource}${namespace === '' ? '' : `/${namespace}`}/${textAt(parent, 'name')}`;
  return [nameOf(object), parent === undefined ? none : place];
};

export const networkCells: Readonly<Record<string, Cells>> = {
  '/Service': service,
  '/Endpoints': endpoints,
  'discovery.k8s.io/EndpointSlice': endpointSlice,
  'networking.k8s.io/Ingress': ingress,
  'networking.k8s.io/IngressClass': ingressClass,
  'networking.k8s.io/NetworkPolicy': networkPolicy,
  'networking.k8s.io/ServiceCIDR': serviceCidr,
  'networking.k8s.io/IPAddress': ipAddress,
};
