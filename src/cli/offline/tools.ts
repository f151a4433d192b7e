/** Helm and Kustomize for commands that ask no cluster. */
import { resolve } from 'node:path';
import { openLog } from '../../edge/log/log.ts';
import { renderToolDefaults } from '../../edge/render-tool/settings.ts';
import { openTools } from '../../edge/render-tool/tools.ts';
import type { Tools } from '../../seam/tool.ts';
import { toolSettings } from '../connect/tools.ts';
import { readSettings } from '../settings/read.ts';
import type { Surroundings } from '../surroundings.ts';
import { ownParser } from './parser.ts';

/** Errors: SettingsError; FaultError misconfigured. */
export function toolsFor(
  { config }: { readonly config?: string | undefined },
  { clock, environment, folder, signal, stderr }: Surroundings,
): () => Promise<Tools> {
  return async () => {
    const log = await openLog({ level: 'warn', write: (line) => stderr.write(line) });
    const settings =
      config === undefined
        ? renderToolDefaults
        : toolSettings(await readSettings({ config: resolve(folder, config), flags: {}, folder, environment }));
    return openTools(settings, { clock, log, parser: ownParser }, signal);
  };
}
