/** What is kept of a live object that was read, so that nothing is compiled anew for what nobody asked about. */
import { at, isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import { unreachable } from '../model/invariant.ts';
import type { KubeObject } from '../model/object.ts';
import type { View } from '../model/observed.ts';
import { stripForCopy } from '../render/copy.ts';
import { hasReadyAddress } from './address-parts.ts';

export function viewOf(view: View, object: KubeObject): KubeObject {
  switch (view) {
    case 'copy':
      return stripForCopy(object);
    case 'workload':
      return withParts(object, {
        spec: fields({ replicas: at(object, 'spec', 'replicas') }),
        status: fields({ readyReplicas: at(object, 'status', 'readyReplicas') }),
      });
    case 'pod':
      return withParts(object, {
        status: fields({ phase: at(object, 'status', 'phase'), conditions: conditionsOf(object) }),
      });
    case 'address':
      return withParts(object, {
        status: fields({ loadBalancer: at(object, 'status', 'loadBalancer') }),
        // Whether anything is ready is asked, not what.
        ...(hasReadyAddress(object) ? { subsets: [{ addresses: ['ready'] }] } : {}),
      });
    default:
      return unreachable(view);
  }
}

function withParts({ apiVersion, kind, metadata: { name, namespace } }: KubeObject, parts: JsonObject): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, ...parts };
}

const fields = (all: { readonly [field: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(all).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])));

const told: readonly Json[] = ['Ready', 'PodScheduled'];

/** Without the times of probes, which change and say nothing. */
function conditionsOf(pod: KubeObject): Json | undefined {
  const conditions = at(pod, 'status', 'conditions');
  if (!isArray(conditions)) return undefined;
  return conditions.flatMap((each) => {
    if (!isObject(each) || each.type === undefined || !told.includes(each.type)) return [];
    const { type, status, reason, lastTransitionTime } = each;
    return [fields({ type, status, reason, lastTransitionTime })];
  });
}
