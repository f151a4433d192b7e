/** Parts that are made of addresses: what is read for them, and the intent once it is known. */
import { digestOf, digestOfText } from '../json/digest.ts';
import { at, isArray, textOf } from '../json/value.ts';
import type { AddressRecord } from '../model/address-record.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type Cluster, type Fleet, labelOf, matches } from '../model/fleet.ts';
import { digest } from '../model/id.ts';
import type { CopyRef, Intent, Part, PartSource } from '../model/intent.ts';
import type { KubeObject } from '../model/object.ts';
import { type LiveRead, type Observed, type ReadResult, readKey } from '../model/observed.ts';
import { type Site, withEndpoints } from '../render/endpoints.ts';

export type Addressed =
  /** `missing`: why some object is not known; what there is of it stays. */
  | { readonly kind: 'made'; readonly intent: Intent; readonly missing: readonly string[] }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] };

type AddressPart = Part & { readonly source: Extract<PartSource, { readonly kind: 'addresses' }> };

const isAddressPart = (part: Part): part is AddressPart => part.source.kind === 'addresses';

/** What has the address on one cluster, then, where it must be ready, its endpoints. */
export function addressReads(
  { reached, origin }: AddressRecord,
  { id: cluster }: Cluster,
): readonly Omit<LiveRead, 'app'>[] {
  const { resource, group, namespace, name, mustBeReady } = reached;
  const read = (fields: Pick<CopyRef, 'resource' | 'group'>): Omit<LiveRead, 'app'> => {
    const copy: CopyRef = { origin, cluster, namespace, which: { kind: 'name', name }, ...fields };
    return { key: readKey(copy, 'address'), view: 'address', copy };
  };
  return [read({ resource, group }), ...(mustBeReady ? [read({ resource: 'endpoints', group: '' })] : [])];
}

/** A retired cluster is forgotten, with its addresses. */
export const isAsked = ({ clusters }: AddressRecord, cluster: Cluster): boolean =>
  cluster.lifecycle !== 'Retired' && matches(clusters, cluster);

/** Shape: an intent without such parts is itself; one and the same for all of its clusters. */
export function addressParts(fleet: Fleet, { reads }: Pick<Observed, 'reads'>): (intent: Intent) => Addressed {
  const known = new Map<Intent, Addressed>();
  return (intent) => {
    if (!intent.parts.some(isAddressPart)) return { kind: 'made', intent, missing: [] };
    const addressed = known.get(intent) ?? made(intent, [...fleet.values()], reads);
    known.set(intent, addressed);
    return addressed;
  };
}

function made(intent: Intent, clusters: readonly Cluster[], reads: Observed['reads']): Addressed {
  const missing: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const parts = intent.parts.map((part): Part => {
    if (!isAddressPart(part)) return part;
    const { record } = part.source;
    const asked = clusters.filter((cluster) => isAsked(record, cluster));
    const unplaced = record.names.kind === 'wider' ? asked.flatMap((cluster) => whereProblems(cluster, intent)) : [];
    diagnostics.push(...unplaced);
    const sites = asked.map((cluster) => siteOf(record, cluster, reads));
    const reasons = sites.flatMap((site) => (typeof site === 'string' ? [site] : []));
    missing.push(...reasons);
    const object = withEndpoints(
      record,
      sites.filter((site) => typeof site !== 'string'),
    );
    // Without what one cluster says, the others' addresses would look like all that there are.
    const objects = reasons.length > 0 ? [] : [{ object, origin: record.origin }];
    return { ...part, source: { kind: 'objects', objects } };
  });
  if (diagnostics.length > 0) return { kind: 'failed', diagnostics };
  const made = parts.map(({ source }) =>
    source.kind === 'objects' ? digestOf(source.objects.map((each) => each.object)) : '',
  );
  return {
    kind: 'made',
    intent: { ...intent, parts, digest: digest(digestOfText([intent.digest, ...made].join('\n'))) },
    missing,
  };
}

const regionLabels = ['topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/region'];
const zoneLabels = ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'];

function labelled(cluster: Cluster, labels: readonly string[]): string {
  return labels.map((label) => labelOf(cluster, label)).find((value) => value !== undefined) ?? '';
}

/** Source: several zones in one label are written as Kubernetes writes them on volumes. */
const zonesOf = (cluster: Cluster): readonly string[] =>
  labelled(cluster, zoneLabels)
    .split('__')
    .filter((zone) => zone !== '');

/** Names of regions and zones are made for all clusters or for none. */
function whereProblems(cluster: Cluster, { id }: Intent): readonly Diagnostic[] {
  const absent = [
    ...(labelled(cluster, regionLabels) === '' ? regionLabels.slice(0, 1) : []),
    ...(zonesOf(cluster).length === 0 ? zoneLabels.slice(0, 1) : []),
  ];
  return absent.map((label) => ({
    code: 'A1568',
    severity: 'error',
    origin: cluster.origin,
    message: `cluster ${cluster.id} has no label ${label}, which names of ${id} are made of`,
    hint: 'label the cluster; what there is of the names stays as it is',
  }));
}

/** Shape: a reason instead, where the cluster does not say. Nothing there, or nothing ready behind it: no targets. */
function siteOf(record: AddressRecord, cluster: Cluster, reads: Observed['reads']): Site | string {
  const place = { region: labelled(cluster, regionLabels), zones: zonesOf(cluster) };
  const results: KubeObject[] = [];
  for (const { key, copy } of addressReads(record, cluster)) {
    const result: ReadResult = reads.get(key) ?? { kind: 'unreadable', reason: 'not read yet' };
    const { namespace, name } = record.reached;
    if (result.kind === 'unreadable') return `${copy.resource} ${namespace}/${name} on ${cluster.id}: ${result.reason}`;
    const [object] = result.kind === 'found' ? result.objects : [];
    if (object === undefined) return { ...place, targets: [] };
    results.push(object);
  }
  const [reached, endpoints] = results;
  const isReady = !record.reached.mustBeReady || (endpoints !== undefined && hasReadyAddress(endpoints));
  return { ...place, targets: reached !== undefined && isReady ? targetsOf(reached) : [] };
}

function targetsOf(object: KubeObject): readonly string[] {
  const ingress = at(object, 'status', 'loadBalancer', 'ingress');
  return (isArray(ingress) ? ingress : []).flatMap((each) =>
    [textOf(at(each, 'ip')), textOf(at(each, 'hostname'))].flatMap((target) => target || []),
  );
}

/** Source: addresses that are not ready stand in a list of their own. */
export function hasReadyAddress({ subsets }: KubeObject): boolean {
  return (isArray(subsets) ? subsets : []).some((each) => {
    const addresses = at(each, 'addresses');
    return isArray(addresses) && addresses.length > 0;
  });
}
