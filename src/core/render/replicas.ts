/** The replica counts that division gave a cluster, written into its objects. */
import { at, isObject, numberOf, textOf, withFields } from '../json/value.ts';
import { asKubeObject, type KubeObject } from '../model/object.ts';

/** Bounds that an autoscaler keeps a workload between. */
export type Bounds = { readonly min: number; readonly max: number };

export function withCount(object: KubeObject, field: string, count: number): KubeObject {
  return withSpec(object, { [field]: count });
}

export function withBounds(autoscaler: KubeObject, bounds: Bounds): KubeObject {
  return withSpec(autoscaler, { minReplicas: bounds.min, maxReplicas: bounds.max });
}

/** What an autoscaler in the same rendering says of itself; undefined for any other object. */
export function boundsOf(object: KubeObject): Bounds | undefined {
  if (object.kind !== 'HorizontalPodAutoscaler' || !object.apiVersion.startsWith('autoscaling/')) return undefined;
  const max = numberOf(at(object, 'spec', 'maxReplicas'));
  const min = numberOf(at(object, 'spec', 'minReplicas')) ?? 1;
  // What is no count is the author's to mend, and the server's to refuse.
  return max !== undefined && isCount(max) && isCount(min) ? { min, max } : undefined;
}

const isCount = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;

/** Does this autoscaler scale that workload? By kind and name, in the same namespace. */
export function isScalerOf(autoscaler: KubeObject, workload: KubeObject): boolean {
  return (
    boundsOf(autoscaler) !== undefined &&
    textOf(at(autoscaler, 'spec', 'scaleTargetRef', 'kind')) === workload.kind &&
    textOf(at(autoscaler, 'spec', 'scaleTargetRef', 'name')) === workload.metadata.name &&
    autoscaler.metadata.namespace === workload.metadata.namespace
  );
}

function withSpec(object: KubeObject, fields: { readonly [field: string]: number }): KubeObject {
  const spec = isObject(object.spec) ? object.spec : {};
  return asKubeObject(withFields(object, { spec: withFields(spec, fields) }));
}
