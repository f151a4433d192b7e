/** The hub, for what is kept on it: as the settings name it, or by a context of whoever joins clusters to it. */
import type { KubeClient } from '../../edge/kube/client.ts';
import type { Clusters } from '../connect/clusters.ts';
import { openContext } from '../connect/context.ts';
import type { Surroundings } from '../surroundings.ts';

export type HubOptions = {
  /** Landfall in a pod reaches its hub as no person does. */
  readonly hubContext?: string | undefined;
  readonly kubeconfig?: string | undefined;
};

/** As `config/deploy/hub` makes it. */
export const hubNamespace = 'landfall-clusters';

export type Hub = {
  /** Opened when it is first asked for. Errors: misconfigured, when there is none. */
  readonly client: () => KubeClient;
  readonly close: () => void;
};

export function hubOf({ hubContext, kubeconfig }: HubOptions, clusters: Clusters, around: Surroundings): Hub {
  let opened: KubeClient | undefined;
  return {
    client: () => {
      opened ??=
        hubContext === undefined
          ? clusters.connectHub()
          : openContext({ context: hubContext, kubeconfig }, around).client;
      return opened;
    },
    close: () => opened?.close(),
  };
}
