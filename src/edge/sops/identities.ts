/** The age identities that the settings name, read again whenever they are needed: the file may have been exchanged. */
import { readFile } from 'node:fs/promises';
import { armor, Decrypter } from 'age-encryption';
import { FaultError } from '../../core/model/fault.ts';
import type { Log } from '../../seam/log.ts';
import type { KeyFinder } from './file.ts';

export type Identities = { readonly finder: () => Promise<KeyFinder> };

/** `path`: as `age-keygen` writes it. Errors: misconfigured, when it has no identity. */
export async function openIdentityFile(path: string, log: Log): Promise<Identities> {
  let identities = await identitiesIn(path);
  return {
    finder: async () => {
      try {
        identities = await identitiesIn(path);
      } catch (error) {
        if (!(error instanceof FaultError)) throw error;
        log.warn('the identities read before are used', { reason: error.fault.detail });
      }
      return finderFor(identities);
    },
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
