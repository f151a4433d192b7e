/** What the settings say of Helm and Kustomize. */
import { join } from 'node:path';
import { repositoryId } from '../../core/model/id.ts';
import { type RenderToolSettings, renderToolDefaults } from '../../edge/render-tool/settings.ts';
import type { Settings } from '../settings/settings.ts';

export function toolSettings({ tools, repositories, stateDir }: Settings): RenderToolSettings {
  const { helm, kustomize, timeoutMs, memoryBytesMax, hosts, caFile } = tools;
  const tenants = new Set(repositories.filter(({ role }) => role === 'tenant').map(({ name }) => repositoryId(name)));
  return {
    ...renderToolDefaults,
    programs: { ...(helm === undefined ? {} : { helm }), ...(kustomize === undefined ? {} : { kustomize }) },
    timeoutMs,
    memoryBytesMax,
    hosts,
    caFile,
    chartFolder: join(stateDir, 'charts'),
    mayFetch: (repository) => !tenants.has(repository),
  };
}
