/** A live object as somebody would have written it; or why it is none that anybody wrote. */
import { at, isArray, isObject, type Json, type JsonObject, textOf, withFields } from '../json/value.ts';
import { asKubeObject, groupOf, type KubeObject, textMapOf } from '../model/object.ts';
import { withoutDefaults } from './defaults.ts';

/** Undefined: it belongs into Git. */
export function whyLeftOut(object: KubeObject, withSecrets: boolean): string | undefined {
  const { kind, metadata } = object;
  const owners = metadata.ownerReferences;
  if (isArray(owners) && owners.some((owner) => at(owner, 'controller') === true)) return 'a controller makes it';
  if (metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  const labels = textMapOf(object, 'labels');
  if (labels['landfall.dev/installation'] !== undefined || labels['applyset.kubernetes.io/part-of'] !== undefined)
    return 'Landfall has it already';
  if (kind === 'ServiceAccount' && metadata.name === 'default') return 'Kubernetes makes it';
  if (kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt') return 'Kubernetes makes it';
  if (kind === 'Service' && metadata.namespace === 'default' && metadata.name === 'kubernetes')
    return 'Kubernetes makes it';
  return kind === 'Secret' && groupOf(object.apiVersion) === '' ? whySecret(object, withSecrets) : undefined;
}

function whySecret({ type }: KubeObject, withSecrets: boolean): string | undefined {
  if (type === 'kubernetes.io/service-account-token') return 'Kubernetes makes it';
  if (type === 'helm.sh/release.v1') return "Helm's own record of a release";
  return withSecrets ? undefined : 'a Secret; with --secrets it would be written, values and all';
}

const serverMetadata = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
  'ownerReferences',
  'finalizers',
];
/** Written by clients and controllers about the object, never by its author. */
const bookkeeping = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/selected-node',
];

/**
 * Without what the server adds, and what is as it would be anyway.
 *
 * `scaled`: an autoscaler keeps its replicas, which then are not Git's.
 */
export function cleaned(object: KubeObject, scaled: boolean): KubeObject {
  const annotations = Object.entries(textMapOf(object, 'annotations')).filter(([name]) => !bookkeeping.includes(name));
  const { name, namespace, labels, ...others } = object.metadata;
  const metadata = withFields(
    { name, ...withFields({}, { namespace, labels }), ...others },
    {
      ...Object.fromEntries(serverMetadata.map((field) => [field, undefined])),
      annotations: annotations.length === 0 ? undefined : Object.fromEntries(annotations),
    },
  );
  const spec = isObject(object.spec) ? specOf(object, object.spec, scaled) : object.spec;
  const head = { apiVersion: object.apiVersion, kind: object.kind, metadata };
  const { apiVersion: _, kind: __, metadata: ___, status: ____, ...rest } = object;
  return asKubeObject(withFields({ ...head, ...rest }, { spec, ...tokensOf(object) }));
}

function specOf({ apiVersion, kind }: KubeObject, spec: JsonObject, scaled: boolean): JsonObject {
  const groupKind = `${groupOf(apiVersion)}/${kind}`;
  const left = withoutDefaults(groupKind, spec);
  switch (groupKind) {
    case '/Service':
      return serviceSpec(left);
    case '/PersistentVolumeClaim':
      return withFields(left, { volumeName: undefined });
    case '/Namespace':
      return withFields(left, { finalizers: undefined });
    case 'batch/Job':
      return left.manualSelector === true ? left : withoutJobMarks(left);
    default:
      return scaled ? withFields(left, { replicas: undefined }) : left;
  }
}

/** Addresses are the cluster's to give; `None` is the author's word for no address. */
function serviceSpec(spec: JsonObject): JsonObject {
  const isHeadless = spec.clusterIP === 'None';
  const ports = isArray(spec.ports)
    ? spec.ports.map((port) => (isObject(port) ? withFields(port, { nodePort: undefined }) : port))
    : spec.ports;
  return withFields(spec, {
    ...(isHeadless ? {} : { clusterIP: undefined }),
    clusterIPs: undefined,
    ipFamilies: undefined,
    ipFamilyPolicy: spec.ipFamilyPolicy === 'SingleStack' ? undefined : spec.ipFamilyPolicy,
    healthCheckNodePort: undefined,
    ports,
  });
}

const jobMarks = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'];

function withoutJobMarks(spec: JsonObject): JsonObject {
  const template = isObject(spec.template) ? spec.template : {};
  const metadata = isObject(template.metadata) ? template.metadata : {};
  const labels = Object.entries(isObject(metadata.labels) ? metadata.labels : {}).filter(
    ([name]) => !jobMarks.includes(name),
  );
  const kept = withFields(metadata, { labels: labels.length === 0 ? undefined : Object.fromEntries(labels) });
  return withFields(spec, { selector: undefined, template: withFields(template, { metadata: kept }) });
}

/** The names of tokens that old clusters made for a ServiceAccount. */
const tokensOf = ({ kind, secrets }: KubeObject): { readonly secrets?: Json | undefined } =>
  kind === 'ServiceAccount' && secrets !== undefined ? { secrets: undefined } : {};

/** The workloads that autoscalers scale: `Kind namespace/name`. */
export function scaledBy(objects: readonly KubeObject[]): ReadonlySet<string> {
  return new Set(
    objects.flatMap(({ kind, metadata, spec }) => {
      if (kind !== 'HorizontalPodAutoscaler') return [];
      const target = at(spec, 'scaleTargetRef');
      return [`${textOf(at(target, 'kind'))} ${metadata.namespace ?? ''}/${textOf(at(target, 'name'))}`];
    }),
  );
}
