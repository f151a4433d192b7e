/** One component of a revision as it is on a cluster: named after the revision, labelled, with its count of replicas. */
import { at, isArray, isObject, type JsonObject, textOf, withFields } from '../../json/value.ts';
import { modernAutoscaler } from '../legacy-api/autoscaler.ts';
import { ingressVersion, modernIngressSpec, withBackends, withService } from '../legacy-api/ingress.ts';
import { label, suffixOf } from './labels.ts';
import { labelled, type Rendered } from './rendered.ts';

export type Place = {
  readonly deployment: string;
  readonly namespace: string;
  readonly revision: string;
  /** Undefined: as rendered. */
  readonly replicas: number | undefined;
};

export const placedName = ({ name }: Rendered, revision: string): string => `${name}-${suffixOf(revision)}`;

/** Shape: the workload first, then what its traits made. */
export function placeComponent(component: Rendered, place: Place): readonly JsonObject[] {
  const name = placedName(component, place.revision);
  const workload = withReplicas(component.workload, place.replicas);
  const isTold = hasRevisionLabel(component.workload);
  const taken = new Set<string>();
  const beside = component.traits.map(({ object, resource }) => {
    const kind = String(object.kind);
    // The second of a kind would take the name of the first.
    const own = taken.has(kind) && resource !== undefined ? `${name}-${resource}` : name;
    taken.add(kind);
    return named(pointed(object, component.name, name, isTold ? place.revision : undefined), own, place);
  });
  return [named(workload, name, place), ...beside];
}

function named(object: JsonObject, name: string, { namespace, deployment, revision }: Place): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const { apiVersion = null, kind = null } = object;
  const others = withFields(metadata, { name: undefined, namespace: undefined });
  // In the order in which people write and read them.
  const renamed = withFields(
    { apiVersion, kind, metadata: { name, namespace, ...others } },
    withFields(object, { apiVersion: undefined, kind: undefined, metadata: undefined }),
  );
  return labelled(renamed, { [label.deployment]: deployment, [label.revision]: revision });
}

const counted: ReadonlySet<string> = new Set(['Deployment', 'ReplicaSet', 'StatefulSet']);

/** Does it have a count to set? Of custom kinds only the manifest can tell. */
export const isCounted = (workload: JsonObject): boolean =>
  counted.has(String(workload.kind)) || at(workload, 'spec', 'replicas') !== undefined;

function withReplicas(workload: JsonObject, replicas: number | undefined): JsonObject {
  if (!isCounted(workload)) return workload;
  const spec = isObject(workload.spec) ? workload.spec : {};
  return withFields(workload, { spec: withFields(spec, { replicas: replicas ?? spec.replicas ?? 1 }) });
}

/** Do its Pods say which revision they are? Without that no Service can tell revisions apart. */
export const hasRevisionLabel = (workload: JsonObject): boolean =>
  at(workload, 'spec', 'template', 'metadata', 'labels', label.revision) !== undefined;

/** What points to the component points to what it is called here. */
function pointed(object: JsonObject, from: string, to: string, revision: string | undefined): JsonObject {
  const spec = isObject(object.spec) ? object.spec : {};
  switch (object.kind) {
    case 'Ingress': {
      const modern = modernIngressSpec(spec);
      return withFields(object, {
        apiVersion: ingressVersion,
        spec: withBackends(modern, (backend) => withService(backend, from, to)),
      });
    }
    case 'HorizontalPodAutoscaler': {
      const target = isObject(spec.scaleTargetRef) ? spec.scaleTargetRef : {};
      const scaled = target.name === from ? withFields(target, { name: to }) : target;
      return modernAutoscaler(withFields(object, { spec: withFields(spec, { scaleTargetRef: scaled }) }));
    }
    case 'Service': {
      const selector = isObject(spec.selector) ? spec.selector : undefined;
      if (revision === undefined || selector === undefined || selector[label.component] !== from) return object;
      const told = withFields(selector, { [label.revision]: revision });
      return withFields(object, { spec: withFields(spec, { selector: told }) });
    }
    default:
      return object;
  }
}

/** The ports that its containers say they listen on. */
export function portsOf({ workload }: Rendered): readonly number[] {
  const containers = at(workload, 'spec', 'template', 'spec', 'containers');
  return (isArray(containers) ? containers : []).flatMap((container) => {
    const ports = at(container, 'ports');
    return (isArray(ports) ? ports : []).flatMap((port) => {
      const number = at(port, 'containerPort');
      return typeof number === 'number' ? [number] : [];
    });
  });
}

export const kindOf = (object: JsonObject): string => textOf(object.kind) ?? 'object';
