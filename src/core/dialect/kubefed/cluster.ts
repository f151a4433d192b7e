/** A cluster that has joined a KubeFed control plane. */
import type { z } from 'zod';
import { isObject } from '../../json/value.ts';
import type { Findings } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { Access, Cluster, Server } from '../../model/fleet.ts';
import { clusterId } from '../../model/id.ts';
import { textMapOf } from '../../model/object.ts';
import { meantBy } from '../misspelt.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { type Problems, problemsIn, readManifest } from './read.ts';
import * as schema from './schema.ts';

/** Where KubeFed's own objects are, unless they say otherwise. */
export const controlPlane = 'kube-federation-system';

/** Shape: a cluster without a name is none; one that is wrong otherwise is known, and nothing is written to it. */
export function readCluster(placed: Placed): Findings<Cluster | undefined> {
  const { kind, name, namespace } = kindOfDocument(placed.document);
  const problems = problemsIn(placed);
  const place = namespace === '' ? controlPlane : namespace;
  const access =
    kind === 'KubeFedCluster' ? tokenAccess(placed, place, problems) : kubeconfigAccess(placed, place, problems);
  if (name === '') return { value: undefined, diagnostics: problems.list };
  const cluster: Cluster = {
    id: clusterId(name),
    origin: placed.origin,
    labels: labelsOf(placed),
    clusterID: undefined,
    access: access.value ?? { kind: 'secret', namespace: place, name },
    proxyURL: access.proxyURL,
    lifecycle: 'Active',
    isSuspended: access.value === undefined,
    variables: {},
    movedFrom: [],
  };
  return { value: cluster, diagnostics: problems.list };
}

/** As far as they can be read, under whatever name that means them. */
export function labelsOf({ document }: Placed): Readonly<Record<string, string>> {
  const { metadata } = document.value;
  if (!isObject(metadata)) return {};
  const slip = Object.keys(metadata).find((key) => meantBy(key, metadata, ['labels']) !== undefined);
  const labels = metadata[slip ?? 'labels'];
  return textMapOf({ apiVersion: '', kind: '', metadata: { name: '', labels: labels ?? null } }, 'labels');
}

type Reached = { readonly value: Access | undefined; readonly proxyURL: string | undefined };
const unreachable: Reached = { value: undefined, proxyURL: undefined };

function kubeconfigAccess(placed: Placed, namespace: string, problems: Problems): Reached {
  const { value, diagnostics } = readManifest(schema.FederatedCluster, placed);
  problems.list.push(...diagnostics);
  if (value === undefined) return unreachable;
  return { value: { kind: 'secret', namespace, name: value.spec.secretRef.name }, proxyURL: undefined };
}

function tokenAccess(placed: Placed, namespace: string, problems: Problems): Reached {
  const { value, diagnostics } = readManifest(schema.KubeFedCluster, placed);
  problems.list.push(...diagnostics);
  if (value === undefined) return unreachable;
  const { spec } = value;
  const server = serverOf(spec, problems);
  const isProxied = isProxy(spec.proxyURL ?? undefined, problems);
  if (server === undefined || !isProxied) return unreachable;
  return {
    value: { kind: 'token', namespace, name: spec.secretRef.name, server },
    proxyURL: spec.proxyURL || undefined,
  };
}

type Spec = z.output<typeof schema.KubeFedCluster>['spec'];

function serverOf({ apiEndpoint, caBundle, disabledTLSValidations }: Spec, problems: Problems): Server | undefined {
  const url = urlOf(apiEndpoint);
  if (url === undefined) {
    const message = `${excerpt(apiEndpoint)} is no address of an API server`;
    problems.error('A1552', ['spec', 'apiEndpoint'], message, 'it is a host, a host and a port, or an https:// URL');
  }
  const ca = caBundle === undefined || caBundle === null ? undefined : pemOf(caBundle);
  const off = disabledTLSValidations ?? [];
  const isVague = off.includes('*') && off.length > 1;
  if (isVague) problems.error('A1552', ['spec', 'disabledTLSValidations'], '`*` already turns off all of the others');
  if (off.includes('ValidityPeriod')) {
    const hint = 'renew the certificate; only `*` and `SubjectName` can be turned off';
    problems.warn('A1552', ['spec', 'disabledTLSValidations'], 'the dates of certificates are always checked', hint);
  }
  if (url === undefined || isVague) return undefined;
  return { url, ca, proof: off.includes('*') ? 'nothing' : off.includes('SubjectName') ? 'chain' : 'full' };
}

/** Without a scheme it is https: a bearer token is not sent in the clear, whatever the old client did. */
function urlOf(endpoint: string): string | undefined {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(endpoint);
  if (!hasScheme && endpoint.includes('/')) return undefined;
  const text = hasScheme ? endpoint : `https://${endpoint}`;
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port } = new URL(text);
  if ((protocol !== 'https:' && protocol !== 'http:') || hostname === '' || port === '0') return undefined;
  return text;
}

function isProxy(proxyURL: string | undefined, problems: Problems): boolean {
  if (proxyURL === undefined || proxyURL === '') return true;
  const protocol = URL.canParse(proxyURL) ? new URL(proxyURL).protocol : undefined;
  if (protocol === 'http:' || protocol === 'https:') return true;
  const message = `${excerpt(proxyURL)} is no http:// or https:// proxy`;
  const hint = protocol === 'socks5:' ? 'put an HTTP proxy in front of it: SOCKS is not spoken' : undefined;
  problems.error('A1552', ['spec', 'proxyURL'], message, hint);
  return false;
}

/** The bytes in base64 are PEM, which is text. */
const pemOf = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');
