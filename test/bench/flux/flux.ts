/** Flux as a contestant: two controllers beside a hub that holds a Kustomization for each App on each cluster. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer } from '../../cluster/api-server.ts';
import type { FluxPrograms } from './build.ts';
import type { Contestant } from './contestant.ts';
import { startFlux } from './install.ts';

export type FluxDeps = { readonly programs: FluxPrograms; readonly hub: ApiServer; readonly temporary: string };

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
    const work = { name: namespace, url: repository.url, members, apps, namespace };
    const running = await startFlux({ programs, hub, folder }, work);
    return {
      pids: running.pids,
      tell: running.fetch,
      round: running.lookAtAll,
      stop: async () => {
        await running.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});
