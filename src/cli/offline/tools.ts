/** Helm and Kustomize for commands that ask no cluster. */
import { resolve } from 'node:path';
import { renderToolDefaults } from '../../edge/render-tool/settings.ts';
import { openTools } from '../../edge/render-tool/tools.ts';
import { decryptingParser } from '../../edge/sops/parser.ts';
import { decryptingTools } from '../../edge/sops/tools.ts';
import type { Tools } from '../../seam/tool.ts';
import { toolSettings } from '../connect/tools.ts';
import { readSettings } from '../settings/read.ts';
import type { Surroundings } from '../surroundings.ts';
import { identityFileOf, logFor, ownParser, type SettingsChoice } from './parser.ts';

/** Errors: SettingsError; FaultError misconfigured. */
export function toolsFor(options: SettingsChoice, around: Surroundings): () => Promise<Tools> {
  const { clock, environment, folder, signal } = around;
  const { config } = options;
  return async () => {
    const log = await logFor(around);
    const settings =
      config === undefined
        ? renderToolDefaults
        : toolSettings(await readSettings({ config: resolve(folder, config), flags: {}, folder, environment }));
    const tools = await openTools(settings, { clock, log, parser: ownParser }, signal);
    const identityFile = await identityFileOf(options, around);
    if (identityFile === undefined) return tools;
    return decryptingTools(tools, await decryptingParser(ownParser, identityFile, log), identityFile, log);
  };
}
