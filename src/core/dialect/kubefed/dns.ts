/** Names in DNS for federated Services and Ingresses, written on the host cluster for external-dns to publish. */
import { digestOf } from '../../json/digest.ts';
import { at, isObject, textOf } from '../../json/value.ts';
import type { AddressNames, AddressRecord } from '../../model/address-record.ts';
import type { Declarations } from '../../model/declarations.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { appId, digest } from '../../model/id.ts';
import type { Intent } from '../../model/intent.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { everywhere, placementOf, stageOf } from './placement.ts';
import { type Problems, problemsIn, readManifest } from './read.ts';
import * as schema from './schema.ts';

type Names = Pick<Declarations, 'intents' | 'placements'>;

/** By the name that records call it; undefined: it is there, and cannot be understood. */
type Domains = ReadonlyMap<string, string | undefined>;

/** A control plane does not say on which cluster it runs. */
const host: ClusterMatch = {
  kind: 'selector',
  selector: [{ key: 'landfall.dev/host', operator: 'In', values: ['true'] }],
};

/** Says which API the names are written in: external-dns has one of its own by now. */
const versionAnnotation = 'landfall.dev/dns-endpoint';
const endpointVersions = ['multiclusterdns.kubefed.io/v1alpha1', 'externaldns.k8s.io/v1alpha1'];

const ttlSeconds = 180;

/** Shape: `records` are those that have a name. */
export function namesOf(
  domains: readonly Placed[],
  records: readonly Placed[],
  adopt: readonly string[],
): Findings<Names> {
  const diagnostics: Diagnostic[] = [];
  const known: Domains = new Map(
    domains.map((placed) => {
      const { value, diagnostics: problems } = readManifest(schema.Domain, placed);
      diagnostics.push(...problems);
      return [kindOfDocument(placed.document).name, value?.domain.replace(/\.$/, '')];
    }),
  );
  const found = records.map((placed) => {
    const problems = problemsIn(placed);
    const record =
      kindOfDocument(placed.document).kind === 'ServiceDNSRecord'
        ? ofService(placed, known, problems)
        : ofIngress(placed, problems);
    diagnostics.push(...problems.list);
    return declared(placed, problems.list.some(isError) ? undefined : record, adopt);
  });
  return {
    value: {
      intents: found.flatMap(({ intents }) => intents),
      placements: found.flatMap(({ placements }) => placements),
    },
    diagnostics,
  };
}

function ofService(placed: Placed, domains: Domains, problems: Problems): AddressRecord | undefined {
  const { value, diagnostics } = readManifest(schema.ServiceDNSRecord, placed);
  problems.list.push(...diagnostics);
  if (value === undefined) return undefined;
  const { spec } = value;
  const domain = domains.get(spec.domainRef);
  if (domain === undefined) {
    const message = domains.has(spec.domainRef)
      ? `Domain ${spec.domainRef} cannot be understood`
      : `there is no Domain ${spec.domainRef}`;
    problems.error('A1564', ['spec', 'domainRef'], message, 'names that are there already stay as they are');
    return undefined;
  }
  const { name, namespace } = identityOf(placed);
  const names: AddressNames = {
    kind: 'wider',
    prefix: `${spec.externalName || name}.${namespace}.${spec.domainRef}.svc`,
    domain,
    alias: spec.dnsPrefix || undefined,
    labels: spec.externalName ? { serviceName: name } : undefined,
  };
  const reached = {
    resource: 'services',
    group: '',
    mustBeReady: spec.allowServiceWithoutEndpoints !== true,
  } as const;
  return recordOf(placed, 'service', { names, reached, ttl: spec.recordTTL }, problems);
}

function ofIngress(placed: Placed, problems: Problems): AddressRecord | undefined {
  const { value, diagnostics } = readManifest(schema.IngressDNSRecord, placed);
  problems.list.push(...diagnostics);
  if (value === undefined) return undefined;
  const names: AddressNames = { kind: 'same', hosts: [...new Set(value.spec.hosts ?? [])] };
  const reached = { resource: 'ingresses', group: 'networking.k8s.io', mustBeReady: false } as const;
  return recordOf(placed, 'ingress', { names, reached, ttl: value.spec.recordTTL }, problems);
}

type Fields = {
  readonly names: AddressNames;
  readonly reached: Omit<AddressRecord['reached'], 'name' | 'namespace'>;
  readonly ttl: number | null | undefined;
};

function recordOf(placed: Placed, stem: string, { names, reached, ttl }: Fields, problems: Problems): AddressRecord {
  const { name, namespace } = identityOf(placed);
  return {
    origin: placed.origin,
    clusters: everywhere,
    reached: { ...reached, name, namespace },
    names,
    ttlSeconds: ttl || ttlSeconds,
    object: {
      apiVersion: versionOf(placed, problems),
      kind: 'DNSEndpoint',
      metadata: { name: `${stem}-${name}`, namespace },
    },
  };
}

/** Without a word of it, the one that the record itself is of. */
function versionOf({ document }: Placed, problems: Problems): string {
  const written = textOf(at(document.value, 'metadata', 'annotations', versionAnnotation));
  if (written === undefined) return textOf(document.value.apiVersion) ?? '';
  if (!endpointVersions.includes(written)) {
    const hint = `it is ${endpointVersions.join(' or ')}`;
    const message = `a DNSEndpoint is not of ${JSON.stringify(written)}`;
    problems.error('A1569', ['metadata', 'annotations', versionAnnotation], message, hint);
  }
  return written;
}

function identityOf({ document }: Placed): { readonly name: string; readonly namespace: string } {
  const { name, namespace } = kindOfDocument(document);
  return { name, namespace: namespace || 'default' };
}

/** Shape: broken without a record, so that names that people use stay. */
function declared(placed: Placed, record: AddressRecord | undefined, adopt: readonly string[]): Names {
  const { name, namespace } = identityOf(placed);
  const { origin, document } = placed;
  const id = appId(namespace, `${kindOfDocument(document).kind.toLowerCase()}-${name}`);
  const isBroken = record === undefined;
  const base = { id, origin, repository: origin.repository, isBroken };
  const { spec } = document.value;
  const intent: Intent = {
    ...base,
    parts: isBroken
      ? []
      : [
          {
            name: 'dnsendpoint',
            origin,
            namespace: undefined,
            dependsOn: [],
            clusters: { kind: 'needed', of: host },
            source: { kind: 'addresses', record },
          },
        ],
    variants: [],
    variables: {},
    dependsOn: [],
    ignore: [],
    movedFrom: [],
    adopt,
    isSuspended: false,
    digest: digest(
      digestOf([
        isObject(spec) ? spec : {},
        record?.names.kind === 'wider' ? record.names.domain : '',
        versionIn(record),
      ]),
    ),
  };
  const stages = isBroken ? [] : [stageOf(host, origin)];
  const placement = placementOf({ ...base, apps: [id], stages, onDelete: isBroken ? 'Orphan' : 'Delete' });
  return { intents: [intent], placements: [placement] };
}

const versionIn = (record: AddressRecord | undefined): string => record?.object.apiVersion ?? '';
