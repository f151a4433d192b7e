/** Reads manifests in this very process, encrypted ones with the identities that the settings name. */
import { resolve } from 'node:path';
import { readManifests } from '../../core/yaml/read.ts';
import { openLog } from '../../edge/log/log.ts';
import { decryptingParser } from '../../edge/sops/parser.ts';
import type { Log } from '../../seam/log.ts';
import type { Parser } from '../../seam/parse.ts';
import { readSettings } from '../settings/read.ts';
import type { Surroundings } from '../surroundings.ts';

/** These are the user's own files, read once: a process apart, as a controller has, would only cost time. */
export const ownParser: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};

/** Without settings, the identities are those that SOPS itself would use. Errors: SettingsError; FaultError misconfigured. */
export async function parserFor(options: SettingsChoice, around: Surroundings): Promise<Parser> {
  const identityFile = await identityFileOf(options, around);
  return identityFile === undefined ? ownParser : decryptingParser(ownParser, identityFile, await logFor(around));
}

/** Shape: undefined where nobody named one. Errors: SettingsError. */
export async function identityFileOf(
  { config }: SettingsChoice,
  { environment, folder }: Surroundings,
): Promise<string | undefined> {
  const settings =
    config === undefined
      ? undefined
      : await readSettings({ config: resolve(folder, config), flags: {}, folder, environment });
  const named = settings === undefined ? environment.SOPS_AGE_KEY_FILE : settings.identityFile;
  return named === undefined || named === '' ? undefined : resolve(folder, named);
}

export const logFor = ({ stderr }: Surroundings): Promise<Log> =>
  openLog({ level: 'warn', write: (line) => stderr.write(line) });

export type SettingsChoice = { readonly config?: string | undefined };
