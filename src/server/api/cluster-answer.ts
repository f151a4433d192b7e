/** A cluster as programs and pages are told of it. */
import type { CellStatus } from '../../engine/ledger.ts';
import type { ClusterLook } from '../../engine/look/clusters.ts';
import { isWell, timeOrNull, timeText } from './cell-answer.ts';

/** What `landfall status` says of a cluster, and more. */
export type ClusterAnswer = {
  readonly name: string;
  readonly reachable: boolean;
  readonly version: string | null;
  readonly lifecycle: ClusterLook['lifecycle'];
  readonly seenAt: string | null;
  readonly role: ClusterLook['role'];
  readonly labels: Readonly<Record<string, string>>;
  readonly suspended: boolean;
  readonly nodes: number | null;
  /** Why they cannot be counted. */
  readonly nodesReason?: string;
  readonly contact: ClusterLook['contact']['kind'];
  /** Of one that does not answer, or does not accept us. */
  readonly since?: string;
  readonly reason?: string;
  readonly cells: { readonly total: number; readonly well: number };
};

/** Cost: a pass over all cells. */
export function clusterAnswers(
  clusters: readonly ClusterLook[],
  cells: Iterable<CellStatus>,
): readonly ClusterAnswer[] {
  const counts = new Map<string, { total: number; well: number }>();
  for (const cell of cells) {
    const count = counts.get(cell.cluster) ?? { total: 0, well: 0 };
    counts.set(cell.cluster, count);
    count.total += 1;
    if (isWell(cell)) count.well += 1;
  }
  return clusters.map((cluster) => answerOf(cluster, counts.get(cluster.name) ?? { total: 0, well: 0 }));
}

function answerOf(cluster: ClusterLook, cells: ClusterAnswer['cells']): ClusterAnswer {
  const { name, role, labels, lifecycle, isSuspended, contact, version, nodes, seenAtMs } = cluster;
  return {
    name,
    reachable: contact.kind === 'ready',
    version: version ?? null,
    lifecycle,
    seenAt: timeOrNull(seenAtMs),
    role,
    labels,
    suspended: isSuspended,
    nodes: nodes.nodes ?? null,
    ...(nodes.reason === undefined ? {} : { nodesReason: nodes.reason }),
    contact: contact.kind,
    ...(contact.kind === 'lost' ? { since: timeText(contact.sinceMs) } : {}),
    ...(contact.kind === 'lost' || contact.kind === 'refused' ? { reason: contact.reason } : {}),
    cells,
  };
}
