/** Which cluster is behind a name: never write to another one that answers at the same address. */
import { type Fault, FaultError } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import type { ClusterId } from '../../core/model/id.ts';
import type { KubeClient } from '../../edge/kube/client.ts';

/** The uids of `kube-system` that were learnt on first contact. */
export type IdentityBook = {
  readonly known: (cluster: ClusterId) => string | undefined;
  readonly learn: (cluster: ClusterId, uid: string) => void;
};

/** Another cluster of the fleet that has this uid. */
export type Namesake = (cluster: ClusterId, uid: string) => ClusterId | undefined;

export const namesakeIn =
  (clusters: () => Iterable<Pick<Cluster, 'clusterID' | 'id'>>, { known }: Pick<IdentityBook, 'known'>): Namesake =>
  (cluster, uid) => {
    for (const { id, clusterID } of clusters()) if (id !== cluster && (clusterID ?? known(id)) === uid) return id;
    return undefined;
  };

export const underTwoNames = (other: ClusterId): Fault => ({
  kind: 'misconfigured',
  detail: `this is cluster ${other} under another name: keep one of the two, and name that everywhere`,
});

/**
 * Errors: misconfigured when it is another cluster, or one that has another name in the fleet as well: under two names it
 *   would be told two things, and have one record. Not one more request is sent to it then.
 */
export async function checkIdentity(
  cluster: Cluster,
  client: Pick<KubeClient, 'identity'>,
  book: IdentityBook & { readonly namesake: Namesake },
  signal: AbortSignal,
): Promise<void> {
  const uid = await client.identity(signal);
  const expected = cluster.clusterID ?? book.known(cluster.id);
  const other = book.namesake(cluster.id, uid);
  if (other !== undefined && (expected === undefined || expected === uid)) throw new FaultError(underTwoNames(other));
  if (expected === undefined) book.learn(cluster.id, uid);
  else if (uid !== expected) {
    const detail = `this is cluster ${uid}, not ${expected}: ${cluster.clusterID === undefined ? 'another one than before' : 'another one than its manifest says'}`;
    throw new FaultError({ kind: 'misconfigured', detail });
  }
}
