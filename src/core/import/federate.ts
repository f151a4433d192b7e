/** Objects of one cluster for all clusters: as an App with a Placement, or as KubeFed's federated objects. */
import { isArray, isObject, type JsonObject, withFields } from '../json/value.ts';
import { groupOf, type KubeObject, textMapOf } from '../model/object.ts';
import { cleaned, scaledBy } from './live-object.ts';
import { appManifest, nativeName, placementManifest, type Remark } from './manifest.ts';
import { subjectOf } from './surroundings.ts';

/** Shape: an App and its Placement, on every cluster until somebody says which. */
export function asApp(name: string, namespace: string, objects: readonly KubeObject[]): readonly JsonObject[] {
  const scaled = scaledBy(objects);
  const written = objects.map((object) =>
    cleaned(object, scaled.has(`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`)),
  );
  const app = { namespace, name: nativeName(name) };
  return [
    appManifest({ ...app, components: [{ name: 'objects', objects: written }], adopt: ['any'] }),
    placementManifest({
      ...app,
      apps: [app.name],
      clusters: { clusterSelector: {} },
      createNamespaces: objects.every(({ kind }) => kind !== 'Namespace'),
    }),
  ];
}

const typesVersion = 'types.kubefed.io/v1beta1';

/**
 * As `kubefedctl federate`: of metadata labels alone stay.
 *
 * Source: kubefed, pkg/kubefedctl/federate: FederatedResourceFromTargetResource.
 */
export function asFederated(object: KubeObject): JsonObject {
  const { name } = object.metadata;
  // The federated object of a Namespace lies in that very Namespace.
  const namespace = isNamespace(object) ? name : object.metadata.namespace;
  const labels = textMapOf(object, 'labels');
  const { apiVersion: _, kind: __, metadata: ___, status: ____, ...rest } = templateOf(object);
  const metadata = Object.keys(labels).length === 0 ? {} : { metadata: { labels } };
  return {
    apiVersion: typesVersion,
    kind: `Federated${object.kind}`,
    metadata: namespace === undefined ? { name } : { name, namespace },
    spec: { template: { ...metadata, ...rest }, placement: { clusterSelector: { matchLabels: {} } } },
  };
}

const isNamespace = ({ apiVersion, kind }: KubeObject): boolean => apiVersion === 'v1' && kind === 'Namespace';

function templateOf(object: KubeObject): JsonObject {
  const { spec } = object;
  switch (`${groupOf(object.apiVersion)}/${object.kind}`) {
    case '/Namespace':
      return withFields(object, {
        spec: isObject(spec) ? withoutEmpty(withFields(spec, { finalizers: undefined })) : spec,
      });
    case '/ServiceAccount':
      return withFields(object, { secrets: undefined });
    case '/Service':
      return isObject(spec) ? withFields(object, { spec: serviceSpec(spec) }) : object;
    default:
      return object;
  }
}

const withoutEmpty = (object: JsonObject): JsonObject | undefined =>
  Object.keys(object).length === 0 ? undefined : object;

function serviceSpec(spec: JsonObject): JsonObject {
  const ports = isArray(spec.ports)
    ? spec.ports.map((port) => (isObject(port) ? withFields(port, { nodePort: undefined }) : port))
    : undefined;
  return withFields(spec, { clusterIP: undefined, clusterIPs: undefined, ports });
}

/** What KubeFed's form has no room for. */
export function lostIn(object: KubeObject): readonly Remark[] {
  const annotations = Object.keys(textMapOf(object, 'annotations')).filter(
    (name) => name !== 'kubectl.kubernetes.io/last-applied-configuration',
  );
  if (annotations.length === 0) return [];
  return [{ subject: subjectOf(object), reason: `its annotations are left out: ${annotations.join(', ')}` }];
}

/** A name that KubeFed can give to what it federates: a DNS-1123 subdomain. */
export const hasPlainName = ({ metadata }: KubeObject): boolean =>
  /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/.test(metadata.name);
