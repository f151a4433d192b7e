/** A secret in a file, read again when it changes, and never printed. */
import { readFile } from 'node:fs/promises';
import { FaultError } from '../../core/model/fault.ts';

/** Prints as `[redacted]`, whatever prints it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** For those who must have it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}

/** Shorter ones can be guessed. */
export const secretLengthMin = 16;

/** Errors: misconfigured, without the content: the file cannot be read, or holds too little. */
export async function readSecret(path: string, lengthMin: number = secretLengthMin): Promise<Secret> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed';
    throw new FaultError({ kind: 'misconfigured', detail: `${path} cannot be read (${code})` }, { cause });
  });
  const secret = text.trim();
  if (secret.length < lengthMin)
    throw new FaultError({
      kind: 'misconfigured',
      detail:
        lengthMin === 1 ? `${path} is empty` : `${path} holds fewer than ${lengthMin} characters: that can be guessed`,
    });
  return new Secret(secret);
}
