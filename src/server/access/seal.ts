/** What a cookie holds for us alone: encrypted, bound to one purpose and to an end, so that nothing has to be remembered. */
import { hkdfSync } from 'node:crypto';
import { EncryptJWT, errors, type JWTPayload, jwtDecrypt } from 'jose';
import type { Clock } from '../../seam/clock.ts';
import type { Rng } from '../../seam/rng.ts';
import { readSecret } from './secret-file.ts';

/** What was sealed for one is nothing to the other. */
export type Purpose = 'login' | 'session';

/** Encrypts and authenticates at once: whoever changes a byte of it has nothing. */
const encryption = 'A256GCM';
const keyBytes = 32;

export type SealDeps = {
  /** The key, now; another one ends all that was sealed. Errors: FaultError misconfigured. */
  readonly key: () => Promise<Uint8Array>;
  readonly clock: Clock;
};

export type Opened = { readonly claims: JWTPayload; readonly endMs: number };

export class Sealer {
  readonly #deps: SealDeps;

  constructor(deps: SealDeps) {
    this.#deps = deps;
  }

  async seal(purpose: Purpose, claims: Readonly<Record<string, string>>, lifeMs: number): Promise<string> {
    const { key, clock } = this.#deps;
    return new EncryptJWT(claims)
      .setProtectedHeader({ alg: 'dir', enc: encryption })
      .setAudience(purpose)
      .setExpirationTime(new Date(clock.nowMs() + lifeMs))
      .encrypt(await key());
  }

  /** Shape: undefined when it is not ours, was changed, is for something else, or is over. */
  async open(purpose: Purpose, text: string): Promise<Opened | undefined> {
    const { key, clock } = this.#deps;
    try {
      const { payload } = await jwtDecrypt(text, await key(), {
        audience: purpose,
        currentDate: new Date(clock.nowMs()),
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: [encryption],
        requiredClaims: ['exp'],
      });
      return { claims: payload, endMs: (payload.exp ?? 0) * 1_000 };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

/** A key of this process alone, or one that several have from the same file, which is read each time. */
export function sealKey(file: string | undefined, rng: Rng): SealDeps['key'] {
  if (file === undefined) {
    const own = rng.bytes(keyBytes);
    return async () => own;
  }
  return async () => {
    const secret = await readSecret(file);
    return new Uint8Array(hkdfSync('sha256', secret.reveal(), '', 'landfall dashboard cookies', keyBytes));
  };
}
