/** Every trait by its type. */
import type { Trait } from '../effect.ts';
import * as container from './container.ts';
import * as flux from './flux.ts';
import * as network from './network.ts';
import { nocalhost } from './nocalhost.ts';
import * as older from './older.ts';
import * as pod from './pod.ts';
import { rollout } from './rollout.ts';
import { storage } from './storage.ts';

export const traits: ReadonlyMap<string, Trait> = new Map([
  ['scaler', pod.scaler],
  ['labels', pod.labels],
  ['annotations', pod.annotations],
  ['json-merge-patch', pod.mergePatch],
  ['json-patch', pod.jsonPatch],
  ['k8s-update-strategy', pod.updateStrategy],
  ['service-account', pod.serviceAccount],
  ['affinity', pod.affinity],
  ['topologyspreadconstraints', pod.topologySpread],
  ['podsecuritycontext', pod.podSecurityContext],
  ['hostalias', pod.hostAlias],
  ['container-image', container.image],
  ['env', container.env],
  ['command', container.command],
  ['resource', container.resource],
  ['sidecar', container.sidecar],
  ['init-container', container.initContainer],
  ['container-ports', container.ports],
  ['lifecycle', container.lifecycle],
  ['startup-probe', container.startupProbe],
  ['securitycontext', container.securityContext],
  ['service-binding', container.serviceBinding],
  ['storage', storage],
  ['expose', network.expose],
  ['gateway', network.gateway],
  ['pure-ingress', network.pureIngress],
  ['ingress', network.ingress],
  ['ingress-1-20', network.classedIngress],
  ['rollout', rollout],
  ['configmap', older.configMap],
  ['pvc', older.claim],
  ['volumes', older.volumes],
  ['node-affinity', older.nodeAffinity],
  ['hpa', network.hpa],
  ['cpuscaler', network.cpuScaler],
  ['kustomize-patch', flux.kustomizePatch],
  ['kustomize-json-patch', flux.kustomizeJsonPatch],
  ['kustomize-strategy-merge', flux.kustomizeMerge],
  ['helm-labels', flux.helmLabels],
  ['nocalhost', nocalhost],
]);

/** Traits that are for one type of component alone. */
export const onlyFor: ReadonlyMap<string, string> = new Map([
  ['kustomize-patch', 'kustomize'],
  ['kustomize-json-patch', 'kustomize'],
  ['kustomize-strategy-merge', 'kustomize'],
  ['helm-labels', 'helm'],
]);
