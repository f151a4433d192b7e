/** A parser that reads what SOPS has encrypted for age identities of ours: in memory, and nowhere else. */
import type { Log } from '../../seam/log.ts';
import type { Parser } from '../../seam/parse.ts';
import { decryptFile, isSealedFile } from './file.ts';
import { openIdentityFile } from './identities.ts';

/** `identityFile`: as `age-keygen` writes it. Errors: misconfigured, when it has no identity. */
export async function decryptingParser(parser: Parser, identityFile: string, log: Log): Promise<Parser> {
  const identities = await openIdentityFile(identityFile, log);
  return {
    parse: async (files, signal) => {
      const parsed = await parser.parse(files, signal);
      if (!parsed.some(isSealedFile)) return parsed;
      const findKey = await identities.finder();
      return Promise.all(parsed.map((file) => (isSealedFile(file) ? decryptFile(file, findKey) : file)));
    },
    close: () => parser.close(),
  };
}
