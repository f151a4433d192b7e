/** Flux as a contestant: two controllers beside a hub that holds a Kustomization for each App on each cluster. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer } from '../../cluster/api-server.ts';
import { startFlux } from '../../cluster/handover/flux.ts';
import type { Contestant } from './contestant.ts';
import { assign } from './work.ts';

export type FluxDeps = {
  readonly programs: string;
  readonly hub: ApiServer;
  /** On a file system in memory, as Flux's own advice is. */
  readonly temporary: string;
};

export const flux = ({ programs, hub, temporary }: FluxDeps): Contestant => ({
  name: 'Flux',
  isOwn: (userAgent) => userAgent.startsWith('kustomize-controller'),
  start: async ({ namespace, members, repository, apps }) => {
    // Its Kustomizations make no namespace that is not in their folder.
    await Promise.all(
      members.map(async (member) => {
        using api = member.api();
        await api.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      }),
    );
    const folder = mkdtempSync(join(temporary, 'landfall-bench-flux-'));
    const controllers = await startFlux({ programs, hub, folder, withHelm: false });
    const stop = async (): Promise<void> => {
      await controllers.stop();
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      const work = await assign(hub, { name: namespace, url: repository.url, members, apps, namespace });
      return {
        pids: controllers.pids,
        tell: work.fetch,
        round: work.lookAtAll,
        stop: async () => {
          await stop();
          await work.forget();
        },
      };
    } catch (error) {
      await stop();
      throw error;
    }
  },
});
