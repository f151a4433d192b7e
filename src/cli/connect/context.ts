/** One cluster by a context of the user's own kubeconfig. */
import { delimiter, join } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import { type KubeClient, kubeClient } from '../../edge/kube/client.ts';
import { credentials } from '../../edge/kube/credentials.ts';
import type { Login } from '../../edge/kube/login.ts';
import { systemNet } from '../../edge/net/net.ts';
import { pathFrom } from '../settings/path.ts';
import type { Surroundings } from '../surroundings.ts';
import { ownVersion } from '../version.ts';

export type ContextChoice = { readonly context?: string | undefined; readonly kubeconfig?: string | undefined };

export type ContextCluster = {
  readonly client: KubeClient;
  /** Where it is, and how it is known: for the kubeconfig of somebody else. Errors: misconfigured, unreachable. */
  readonly login: (signal: AbortSignal) => Promise<Login>;
};

/** Dials nothing yet. Closed by closing its client. */
export function openContext({ context, kubeconfig }: ContextChoice, around: Surroundings): ContextCluster {
  const { clock, rng, environment, folder } = around;
  const path = pathFrom(folder, kubeconfig ?? defaultKubeconfig(environment));
  const own = credentials({ kind: 'file', path, context }, { clock, environment });
  const client = kubeClient(own, { net: systemNet({ clock }), clock, rng }, { version: ownVersion() });
  return { client, login: own.login };
}

/** As kubectl, of whose several files the first is taken. */
function defaultKubeconfig({ KUBECONFIG, HOME }: Surroundings['environment']): string {
  const [first] = (KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  if (first !== undefined) return first;
  if (HOME !== undefined && HOME !== '') return join(HOME, '.kube', 'config');
  throw new FaultError({ kind: 'misconfigured', detail: 'there is no kubeconfig; name one with --kubeconfig' });
}
