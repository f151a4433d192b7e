/** What may change of a Job's template: nothing, but for where the pods of a suspended Job run and what they may use. */
import { equal } from '../../../core/json/equal.ts';
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../../../core/json/value.ts';
import type { KubeObject } from '../../../core/model/object.ts';
import type { Findings } from './findings.ts';

export function checkTemplateChange(object: KubeObject, live: KubeObject, findings: Findings): void {
  const [next, before] = [at(object, 'spec', 'template'), at(live, 'spec', 'template')];
  if (!isAtRest(live)) return findings.immutable('spec.template', next, equal(next, before));
  const [pod, podBefore] = [at(next, 'spec'), at(before, 'spec')];
  const isSame = isObject(pod) && isObject(podBefore) && equal(fixedOf(pod, podBefore), fixedOf(podBefore, pod));
  findings.immutable('spec.template.spec', pod, isSame);
}

/** Suspended, and none of its pods is left. */
function isAtRest(job: KubeObject): boolean {
  const conditions = at(job, 'status', 'conditions');
  const isSuspended = (isArray(conditions) ? conditions : []).some(
    (condition) => at(condition, 'type') === 'Suspended' && at(condition, 'status') === 'True',
  );
  const isStarted = (at(job, 'status', 'startTime') ?? null) !== null;
  return at(job, 'spec', 'suspend') === true && (!isStarted || isSuspended) && (at(job, 'status', 'active') ?? 0) === 0;
}

/** A pod without what may change; resources only of containers that both have at the same place. */
function fixedOf(pod: JsonObject, other: JsonObject): JsonObject {
  const { nodeSelector: _selector, tolerations: _tolerations, schedulingGates: _gates, affinity, ...fixed } = pod;
  return {
    ...fixed,
    affinity: withoutNodes(affinity),
    containers: withoutResources(pod.containers, other.containers),
    initContainers: withoutResources(pod.initContainers, other.initContainers),
  };
}

function withoutNodes(affinity: Json | undefined): Json {
  if (!isObject(affinity)) return null;
  const { nodeAffinity: _, ...rest } = affinity;
  return Object.keys(rest).length === 0 ? null : rest;
}

function withoutResources(containers: Json | undefined, others: Json | undefined): Json {
  if (!isArray(containers)) return null;
  if (!isArray(others) || others.length !== containers.length) return containers;
  return containers.map((container, index) => {
    if (!isObject(container) || textOf(container.name) !== textOf(at(others[index], 'name'))) return container;
    const { resources: _, ...rest } = container;
    return rest;
  });
}
