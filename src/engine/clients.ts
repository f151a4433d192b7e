/** As whom a request is made: as the tenant whose repository asks for it, never as ourselves by mistake. */
import type { Grant } from '../core/grant/grant.ts';
import { FaultError } from '../core/model/fault.ts';
import type { ClusterId, RepositoryId } from '../core/model/id.ts';
import type { KubeClient } from '../edge/kube/client.ts';
import { serviceAccount } from '../edge/kube/identity.ts';
import type { Members } from './members.ts';

export type ClientsDeps = {
  readonly members: Members;
  readonly grantOf: (repository: RepositoryId) => Grant | undefined;
  /** Errors: misconfigured, when there is no hub. */
  readonly connectHub: () => KubeClient;
};

export class Clients {
  readonly #deps: ClientsDeps;
  #hub: KubeClient | undefined;

  constructor(deps: ClientsDeps) {
    this.#deps = deps;
  }

  /** Errors: misconfigured, for a tenant without a service account: a missing identity is a refusal. */
  actAs(client: KubeClient, repository: RepositoryId): KubeClient {
    const grant = this.#deps.grantOf(repository);
    if (grant?.kind === 'everything') return client;
    if (grant?.kind !== 'tenant')
      throw new FaultError({ kind: 'misconfigured', detail: `nothing is granted to repository ${repository}` });
    const { serviceAccount: account, name } = grant.tenant;
    if (account === undefined)
      throw new FaultError({ kind: 'misconfigured', detail: `tenant ${name} names no service account to act as` });
    return client.as(serviceAccount(account.namespace, account.name));
  }

  /** For reading what is copied. Errors: misconfigured, unreachable. */
  readerOf(cluster: ClusterId, repository: RepositoryId): KubeClient {
    const member = this.#deps.members.get(cluster);
    if (member?.isRead) return this.actAs(member.session.client, repository);
    if (cluster !== 'hub') throw new FaultError({ kind: 'unreachable', detail: `cluster ${cluster} is not connected` });
    this.#hub ??= this.#deps.connectHub();
    return this.actAs(this.#hub, repository);
  }

  close(): void {
    this.#hub?.close();
  }
}
