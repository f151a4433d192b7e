/** Defaults of Services and of the rest of networking. */
import { at, isArray, type Json, type JsonObject, withFields } from '../../../core/json/value.ts';
import { defaulting, type Fill, type Fills, withDefaults, within, withinEach } from './fill.ts';

const clientTimeout = { clientIP: { timeoutSeconds: 10_800 } };

function withAffinity(spec: JsonObject): JsonObject {
  const filled = withDefaults(spec, { sessionAffinity: 'None' });
  if (filled.sessionAffinity === 'None') {
    return Object.hasOwn(filled, 'sessionAffinityConfig')
      ? withFields(filled, { sessionAffinityConfig: undefined })
      : filled;
  }
  const isTimed = at(filled, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds') !== undefined;
  if (filled.sessionAffinity !== 'ClientIP' || isTimed) return filled;
  return { ...filled, sessionAffinityConfig: clientTimeout };
}

const servicePort: Fill = (port) => {
  const isUnset = port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '';
  return isUnset ? { ...port, targetPort: port.port ?? 0 } : port;
};

const serviceSpec: Fill = (spec) => {
  const typed = withDefaults(withinEach(withAffinity(spec), 'ports', servicePort), { type: 'ClusterIP' });
  const { type } = typed;
  const hasExternalIPs = isArray(typed.externalIPs) && typed.externalIPs.length > 0;
  const isExposed = type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && hasExternalIPs);
  return withDefaults(typed, {
    ...(isExposed ? { externalTrafficPolicy: 'Cluster' } : {}),
    ...(type === 'ExternalName' ? {} : { internalTrafficPolicy: 'Cluster' }),
    ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
  });
};

const service: Fill = (value) => {
  const filled = within(value, 'spec', serviceSpec);
  if (at(filled, 'spec', 'type') !== 'LoadBalancer') return filled;
  return within(filled, 'status', (status) =>
    within(status, 'loadBalancer', (balancer) =>
      withinEach(balancer, 'ingress', (ingress) =>
        Object.hasOwn(ingress, 'ip') ? withDefaults(ingress, { ipMode: 'VIP' }) : ingress,
      ),
    ),
  );
};

const networkPolicySpec: Fill = (spec) => {
  const isSet = (list: Json | undefined): boolean => isArray(list) && list.length > 0;
  if (isSet(spec.policyTypes)) return spec;
  return { ...spec, policyTypes: isSet(spec.egress) ? ['Ingress', 'Egress'] : ['Ingress'] };
};

export const networkFills: Fills = {
  'io.k8s.api.core.v1.Service': service,
  'io.k8s.api.networking.v1.NetworkPolicy': (value) => within(value, 'spec', networkPolicySpec),
  'io.k8s.api.networking.v1.NetworkPolicyPort': defaulting({ protocol: 'TCP' }),
  'io.k8s.api.networking.v1.IngressClassParametersReference': defaulting({ scope: 'Cluster' }),
  'io.k8s.api.discovery.v1.EndpointPort': defaulting({ name: '', protocol: 'TCP' }),
};
