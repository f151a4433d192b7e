/** Which cluster is behind a name: never write to another one that answers at the same address. */
import { FaultError } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import type { ClusterId } from '../../core/model/id.ts';
import type { KubeClient } from '../../edge/kube/client.ts';

/** The uids of `kube-system` that were learnt on first contact. */
export type IdentityBook = {
  readonly known: (cluster: ClusterId) => string | undefined;
  readonly learn: (cluster: ClusterId, uid: string) => void;
};

/** Errors: misconfigured when it is another cluster; not one more request is sent to it then. */
export async function checkIdentity(
  cluster: Cluster,
  client: KubeClient,
  book: IdentityBook,
  signal: AbortSignal,
): Promise<void> {
  const uid = await client.identity(signal);
  const expected = cluster.clusterID ?? book.known(cluster.id);
  if (expected === undefined) book.learn(cluster.id, uid);
  else if (uid !== expected) {
    const detail = `this is cluster ${uid}, not ${expected}: ${cluster.clusterID === undefined ? 'another one than before' : 'another one than its manifest says'}`;
    throw new FaultError({ kind: 'misconfigured', detail });
  }
}
