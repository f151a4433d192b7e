/** The health of Services and Ingresses. */
import { at, isArray } from '../json/value.ts';
import { type Health, healthy } from '../model/health.ts';
import type { KubeObject } from '../model/object.ts';
import { conditionsOf, conditionWith, describeCondition, health } from './condition.ts';

/** Only a load balancer has to be waited for; whether Pods answer is the workload's health. */
export function serviceHealth(object: KubeObject): Health {
  if (at(object, 'spec', 'type') !== 'LoadBalancer') return healthy;
  const clash = conditionWith(conditionsOf(object), 'LoadBalancerPortsError', 'True');
  if (clash !== undefined) return health('Degraded', describeCondition(clash));
  return hasAddress(object) ? healthy : health('Progressing', 'its load balancer has no address yet');
}

/** Some controllers never report an address, so a missing one is said, but not waited for. */
export function ingressHealth(object: KubeObject): Health {
  return hasAddress(object) ? healthy : health('Healthy', 'no address reported');
}

function hasAddress(object: KubeObject): boolean {
  const ingress = at(object, 'status', 'loadBalancer', 'ingress');
  return isArray(ingress) && ingress.length > 0;
}
