/** A live object as it is copied to another cluster. */
import { isObject, type Json, type JsonObject, withFields } from '../json/value.ts';
import { asKubeObject, type KubeObject } from '../model/object.ts';

const serverMetadata = [
  'resourceVersion',
  'generation',
  'ownerReferences',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'uid',
  'creationTimestamp',
  'selfLink',
  'finalizers',
];

/** Marks of tools that own the original; on the copy they would make it look like theirs. */
const foreignLabels = [
  'app.oam.dev/',
  'workload.oam.dev/',
  'trait.oam.dev/',
  'oam.dev/render-hash',
  'landfall.dev/',
  'applyset.kubernetes.io/',
];
const foreignAnnotations = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'app.oam.dev/last-applied-',
  'app.oam.dev/shared-by',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'pv.kubernetes.io/',
  'landfall.dev/',
];

/**
 * What is left of an object when all that belongs to its own cluster is taken off.
 *
 * Source: what KubeVela strips from a ref-object, and what it should have stripped: cluster addresses, node ports,
 *   generated selectors, bound volumes.
 */
export function stripForCopy(object: KubeObject): KubeObject {
  const metadata = withFields(object.metadata, {
    ...Object.fromEntries(serverMetadata.map((field) => [field, undefined])),
    labels: without(object.metadata.labels, foreignLabels),
    annotations: without(object.metadata.annotations, foreignAnnotations),
  });
  return asKubeObject(withFields(stripSpec(object), { metadata, status: undefined }));
}

/** `names` that end in a slash or a dash are the beginnings of names. */
function without(map: Json | undefined, names: readonly string[]): JsonObject | undefined {
  if (!isObject(map)) return undefined;
  const isOne = (name: string, given: string): boolean =>
    /[/-]$/.test(given) ? name.startsWith(given) : name === given;
  const kept = Object.entries(map).filter(([name]) => !names.some((given) => isOne(name, given)));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function stripSpec(object: KubeObject): JsonObject {
  const spec = object.spec;
  if (!isObject(spec)) return object;
  switch (`${object.apiVersion}/${object.kind}`) {
    case 'v1/Service':
      return withFields(object, { spec: serviceSpec(spec) });
    case 'v1/PersistentVolumeClaim':
      return withFields(object, { spec: withFields(spec, { volumeName: undefined }) });
    case 'batch/v1/Job':
      return withFields(object, { spec: jobSpec(spec) });
    default:
      return object;
  }
}

function serviceSpec(spec: JsonObject): JsonObject {
  const isHeadless = spec.clusterIP === 'None';
  const ports = Array.isArray(spec.ports)
    ? spec.ports.map((port: Json) => (isObject(port) ? withFields(port, { nodePort: undefined }) : port))
    : spec.ports;
  const addresses = isHeadless ? {} : { clusterIP: undefined, clusterIPs: undefined };
  return withFields(spec, { ...addresses, healthCheckNodePort: undefined, ports });
}

/** The server makes a Job's selector and labels from its uid; a copy has another uid. One that brings its own keeps it. */
function jobSpec(spec: JsonObject): JsonObject {
  const { template } = spec;
  if (spec.manualSelector === true) return spec;
  if (!isObject(template) || !isObject(template.metadata)) return withFields(spec, { selector: undefined });
  const labels = without(template.metadata.labels, ['controller-uid', 'batch.kubernetes.io/', 'job-name']);
  const metadata = withFields(template.metadata, { labels });
  return withFields(spec, { selector: undefined, template: withFields(template, { metadata }) });
}
