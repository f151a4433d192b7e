/** The clusters as a person wants to see them: which there are, and how we are with each. */
import type { Cluster, Lifecycle } from '../../core/model/fleet.ts';
import type { ClusterId } from '../../core/model/id.ts';
import type { Member, MemberState } from '../member/member.ts';
import type { LookedEngine } from './looked-engine.ts';
import type { NodeCount } from './node-counts.ts';

/** `retired`: Landfall does not speak to it any more. */
export type ContactLook = MemberState | { readonly kind: 'retired' };

export type ClusterLook = {
  readonly name: ClusterId;
  /** The host is the cluster that Landfall itself runs on. */
  readonly role: 'host' | 'member';
  readonly labels: Readonly<Record<string, string>>;
  readonly lifecycle: Lifecycle;
  readonly isSuspended: boolean;
  readonly contact: ContactLook;
  readonly version: string | undefined;
  readonly nodes: NodeCount;
  /** When it was last known to answer; undefined: never since the start. Units: milliseconds since 1970. */
  readonly seenAtMs: number | undefined;
};

export type ClusterDeps = {
  readonly nodesOf: (member: Member) => NodeCount;
  readonly nowMs: number;
};

/** Shape: in order of name; none before anything was compiled. */
export function clustersNow({ fleet, revision }: LookedEngine, deps: ClusterDeps): readonly ClusterLook[] {
  const known = revision?.compiled.gathered.fleet.values() ?? [];
  return [...known].map((cluster) => lookAt(cluster, fleet.members.get(cluster.id), deps));
}

function lookAt(cluster: Cluster, member: Member | undefined, { nodesOf, nowMs }: ClusterDeps): ClusterLook {
  const { id, labels, lifecycle, isSuspended, access } = cluster;
  const contact = contactWith(cluster, member);
  return {
    name: id,
    role: access.kind === 'inCluster' ? 'host' : 'member',
    labels,
    lifecycle,
    isSuspended,
    contact,
    version: member?.version,
    nodes: member === undefined ? {} : nodesOf(member),
    seenAtMs: seenAtMs(contact, member?.isRead === true, nowMs),
  };
}

function contactWith({ lifecycle }: Cluster, member: Member | undefined): ContactLook {
  if (member !== undefined) return member.state;
  return lifecycle === 'Retired' ? { kind: 'retired' } : { kind: 'connecting' };
}

function seenAtMs(contact: ContactLook, isRead: boolean, nowMs: number): number | undefined {
  if (contact.kind === 'ready') return nowMs;
  return contact.kind === 'lost' && isRead ? contact.sinceMs : undefined;
}
