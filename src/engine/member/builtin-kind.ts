/** The few kinds that Landfall itself works with, known before any discovery. */
import type { Kind } from '../../core/model/kinds.ts';

const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

const kind = (group: string, name: string, resource: string, isNamespaced = true): Kind => ({
  group,
  version: 'v1',
  kind: name,
  resource,
  singular: name.toLowerCase(),
  shortNames: [],
  isNamespaced,
  verbs,
  subresources: [],
});

export const builtinKinds = {
  configMap: kind('', 'ConfigMap', 'configmaps'),
  secret: kind('', 'Secret', 'secrets'),
  namespace: kind('', 'Namespace', 'namespaces', false),
  node: kind('', 'Node', 'nodes', false),
  lease: kind('coordination.k8s.io', 'Lease', 'leases'),
} as const;
