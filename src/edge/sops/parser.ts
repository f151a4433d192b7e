/** A parser that reads what SOPS has encrypted for age identities of ours: in memory, and nowhere else. */
import { readFile } from 'node:fs/promises';
import { armor, Decrypter } from 'age-encryption';
import { FaultError } from '../../core/model/fault.ts';
import type { Log } from '../../seam/log.ts';
import type { Parser } from '../../seam/parse.ts';
import { decryptFile, isSealedFile, type KeyFinder } from './file.ts';

/** `identityFile`: as `age-keygen` writes it. Errors: misconfigured, when it has no identity. */
export async function decryptingParser(parser: Parser, identityFile: string, log: Log): Promise<Parser> {
  let identities = await identitiesIn(identityFile);
  return {
    parse: async (files, signal) => {
      const parsed = await parser.parse(files, signal);
      if (!parsed.some(isSealedFile)) return parsed;
      try {
        // The file may have been exchanged for another one.
        identities = await identitiesIn(identityFile);
      } catch (error) {
        if (!(error instanceof FaultError)) throw error;
        log.warn('the identities read before are used', { reason: error.fault.detail });
      }
      const findKey = finderFor(identities);
      return Promise.all(parsed.map((file) => (isSealedFile(file) ? decryptFile(file, findKey) : file)));
    },
    close: () => parser.close(),
  };
}

async function identitiesIn(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new FaultError({ kind: 'misconfigured', detail: `\`sops.identityFile\` ${path} cannot be read` }, { cause });
  });
  const lines = text.split('\n').map((line) => line.trim());
  const identities = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (identities.length > 0) return identities;
  throw new FaultError({ kind: 'misconfigured', detail: `\`sops.identityFile\` ${path} holds no age identity` });
}

function finderFor(identities: readonly string[]): KeyFinder {
  return async (armored) => {
    for (const text of armored) {
      try {
        const decrypter = new Decrypter();
        for (const identity of identities) decrypter.addIdentity(identity);
        return await decrypter.decrypt(armor.decode(text));
      } catch {
        // For somebody else, or no age file: the next one may be for us.
      }
    }
    return undefined;
  };
}
