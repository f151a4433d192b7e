/** Reads manifests in this very process, encrypted ones with the identities that the settings name. */
import { resolve } from 'node:path';
import { readManifests } from '../../core/yaml/read.ts';
import { openLog } from '../../edge/log/log.ts';
import { decryptingParser } from '../../edge/sops/parser.ts';
import type { Parser } from '../../seam/parse.ts';
import { readSettings } from '../settings/read.ts';
import type { Surroundings } from '../surroundings.ts';

/** These are the user's own files, read once: a process apart, as a controller has, would only cost time. */
export const ownParser: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};

/** Without settings, the identities are those that SOPS itself would use. Errors: SettingsError; FaultError misconfigured. */
export async function parserFor(
  { config }: { readonly config?: string | undefined },
  { environment, folder, stderr }: Surroundings,
): Promise<Parser> {
  const settings =
    config === undefined
      ? undefined
      : await readSettings({ config: resolve(folder, config), flags: {}, folder, environment });
  const named = settings === undefined ? environment.SOPS_AGE_KEY_FILE : settings.identityFile;
  if (named === undefined || named === '') return ownParser;
  const log = await openLog({ level: 'warn', write: (line) => stderr.write(line) });
  return decryptingParser(ownParser, resolve(folder, named), log);
}
