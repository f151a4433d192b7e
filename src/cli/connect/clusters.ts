/** Clients for the clusters of a fleet, as the settings let them be reached. */
import { FaultError } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import { type KubeClient, kubeClient } from '../../edge/kube/client.ts';
import type { ServedKinds } from '../../edge/kube/discovery.ts';
import type { Environment } from '../../edge/kube/exec-plugin.ts';
import { type Pool, pool } from '../../edge/kube/pool.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Net } from '../../seam/net.ts';
import type { Rng } from '../../seam/rng.ts';
import type { Settings } from '../settings/settings.ts';
import { accessTo, accessToHub } from './access.ts';

export type ClusterDeps = {
  readonly net: Net;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly environment: Environment;
  /** Landfall's own, for the User-Agent. */
  readonly version: string;
};

export type Clusters = {
  /** Dials nothing yet. Errors: misconfigured. */
  readonly connect: (cluster: Cluster) => KubeClient;
  /** Errors: misconfigured, when the settings name no hub. */
  readonly connectHub: () => KubeClient;
  readonly close: () => void;
};

export function clustersOf(settings: Settings, deps: ClusterDeps): Clusters {
  const { net, clock, rng, environment, version } = deps;
  const life = new AbortController();
  const kindsPool: Pool<ServedKinds> = pool();
  const options = { version, requestsMax: settings.limits.requestsMax };
  const proof = { clock, environment };
  // Credentials come from here; whoever copies from the hub has a client of its own, and closes that.
  let secrets: KubeClient | undefined;
  const connectHub = (): KubeClient => {
    const { hub } = settings;
    if (hub === undefined)
      throw new FaultError({
        kind: 'misconfigured',
        detail: 'the settings name no `hub`, and a Secret or a copy of it is asked for',
      });
    return kubeClient(accessToHub(hub, proof), { net, clock, rng, kindsPool }, options);
  };
  const hub = (): KubeClient => {
    secrets ??= connectHub();
    return secrets;
  };
  return {
    connect: (cluster) =>
      kubeClient(
        accessTo(cluster, settings, { ...proof, hub, life: life.signal }),
        { net, clock, rng, kindsPool },
        options,
      ),
    connectHub,
    close: () => {
      life.abort(new FaultError({ kind: 'unreachable', detail: 'Landfall stops' }));
      secrets?.close();
    },
  };
}
