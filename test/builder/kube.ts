/** Kinds, objects and clients for tests of one cluster. */

import type { Kind } from '../../src/core/model/kinds.ts';
import type { KubeObject } from '../../src/core/model/object.ts';
import { type ClientDeps, type KubeClient, kubeClient } from '../../src/edge/kube/client.ts';
import { fixedCredentials } from '../../src/edge/kube/login.ts';
import type { ClientOptions } from '../../src/edge/kube/options.ts';
import { handClock } from './clock.ts';
import { type Answering, fakeNet } from './net.ts';
import { seededRng } from './rng.ts';

const kind = (group: string, name: string, resource: string, isNamespaced = true): Kind => ({
  group,
  version: 'v1',
  kind: name,
  resource,
  singular: name.toLowerCase(),
  shortNames: [],
  isNamespaced,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [],
});

export const configMaps = kind('', 'ConfigMap', 'configmaps');
export const secrets = kind('', 'Secret', 'secrets');
export const deployments = kind('apps', 'Deployment', 'deployments');
export const namespaces = kind('', 'Namespace', 'namespaces', false);
export const leases = kind('coordination.k8s.io', 'Lease', 'leases');

export const configMap = (
  name: string,
  resourceVersion?: string,
  data?: Readonly<Record<string, string>>,
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', ...(resourceVersion === undefined ? {} : { resourceVersion }) },
  ...(data === undefined ? {} : { data }),
});

export const never: AbortSignal = new AbortController().signal;

/** A client of a cluster that is a function. Time stands still unless the test moves `clock`. */
export function clientOf(
  answer: Answering,
  deps: Partial<ClientDeps> = {},
  options: Partial<ClientOptions> = {},
): KubeClient {
  const credentials = fixedCredentials('https://cluster.test', { headers: { authorization: 'Bearer token' } });
  return kubeClient(credentials, { net: fakeNet(answer), clock: handClock(), rng: seededRng(1), ...deps }, options);
}
