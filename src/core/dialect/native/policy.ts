/** The native kinds that say who may and when: Pin, Freeze, Tenant, Acknowledgement. */
import type { z } from 'zod';
import { isObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import { type Freeze, freezeExceptions } from '../../model/gate.ts';
import { clusterId, commitSha } from '../../model/id.ts';
import type { Acknowledgement, Pin } from '../../model/placement.ts';
import type { Tenant } from '../../model/tenant.ts';
import { originAt, type Placed } from '../placed.ts';
import { clusterMatchOf } from './matching.ts';
import { readNative } from './read.ts';
import * as schema from './schema/policy.ts';

export function readPin(placed: Placed): Findings<Pin | undefined> {
  const { value, diagnostics } = readNative(schema.Pin, placed);
  if (value === undefined) return { value: undefined, diagnostics };
  const { name, namespace } = value.metadata;
  const dot = name.lastIndexOf('.');
  if (dot === -1) return { value: undefined, diagnostics: [badPinName(placed, name)] };
  const pin: Pin = {
    placement: `${namespace}/${name.slice(0, dot)}`,
    stage: name.slice(dot + 1),
    repository: placed.origin.repository,
    origin: placed.origin,
    revision: commitSha(value.spec.revision),
    exceptions: value.spec.exceptions.map((each) => ({
      clusters: clusterMatchOf(each),
      revision: commitSha(each.revision),
    })),
    bypass: bypassOf(value.spec),
    quarantined: value.spec.quarantined.map(commitSha),
    approvals: value.spec.approvals.map(({ gate, revision, by, until }) => ({
      gate,
      revision: commitSha(revision),
      by,
      untilMs: until,
    })),
  };
  return { value: pin, diagnostics: [] };
}

/** Shape: none when it was for another revision than the one that the Pin names now. */
function bypassOf({ bypass: written, revision }: z.output<typeof schema.Pin>['spec']): Pin['bypass'] {
  const isOver = written?.revision !== undefined && written.revision !== revision;
  return written === undefined || isOver
    ? undefined
    : { gates: written.gates, reason: written.reason, untilMs: written.until };
}

function badPinName(placed: Placed, name: string): Diagnostic {
  return {
    code: 'A1207',
    severity: 'error',
    origin: originAt(placed, ['metadata', 'name']),
    message: `${JSON.stringify(name)} names no stage`,
    hint: 'a Pin is named <placement>.<stage>, such as web.production',
  };
}

/** Shape: what cannot be read holds everywhere, but for what a freeze may allow: nobody knows what it was to keep still. */
export function readFreeze(placed: Placed): Findings<Freeze> {
  const { value, diagnostics } = readNative(schema.Freeze, placed);
  const { origin } = placed;
  const { repository } = origin;
  if (value === undefined) {
    const { metadata } = placed.document.value;
    const name = isObject(metadata) && typeof metadata.name === 'string' ? excerpt(metadata.name) : '';
    const always = { fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY, isBroken: true };
    const clusters = { kind: 'selector', selector: [] } as const;
    return { value: { name, repository, origin, clusters, ...always, allow: freezeExceptions }, diagnostics };
  }
  const { from, until, allow } = value.spec;
  const freeze: Freeze = {
    name: value.metadata.name,
    repository,
    origin,
    clusters: clusterMatchOf(value.spec),
    fromMs: from,
    untilMs: until,
    allow,
    isBroken: false,
  };
  return { value: freeze, diagnostics: [] };
}

export function readTenant(placed: Placed): Findings<Tenant | undefined> {
  const { value, diagnostics } = readNative(schema.Tenant, placed);
  if (value === undefined) return { value: undefined, diagnostics };
  const { metadata, spec } = value;
  const tenant: Tenant = {
    name: metadata.name,
    origin: placed.origin,
    repositories: spec.repositories,
    serviceAccount: serviceAccountOf(spec.serviceAccountName),
    isProvisioned: spec.provision,
    destinations: spec.destinations.map((each) => ({ clusters: clusterMatchOf(each), namespaces: each.namespaces })),
    rules: spec.rules,
    copies: spec.copies.map((each) => ({ ...each, cluster: clusterId(each.cluster) })),
  };
  return { value: tenant, diagnostics: [] };
}

function serviceAccountOf(text: string | undefined): Tenant['serviceAccount'] {
  if (text === undefined) return undefined;
  const colon = text.indexOf(':');
  if (colon === -1) return { namespace: 'landfall-system', name: text };
  return { namespace: text.slice(0, colon), name: text.slice(colon + 1) };
}

export function readAcknowledgement(placed: Placed): Findings<Acknowledgement | undefined> {
  const { value, diagnostics } = readNative(schema.Acknowledgement, placed);
  if (value === undefined) return { value: undefined, diagnostics };
  const { commit, deletes } = value.spec;
  const { origin } = placed;
  return { value: { repository: origin.repository, origin, commit: commitSha(commit), deletes }, diagnostics: [] };
}
