/** The first problem of a text that cannot be read on. */
import type { Flaw } from '../problem.ts';

/** Thrown inside this folder, caught by `parseDocument`; nobody else sees it. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
  readonly flaw: Flaw;
  constructor(flaw: Flaw) {
    super(flaw.message);
    this.flaw = flaw;
  }
}

export function fail(kind: Flaw['kind'], offset: number, message: string, hint?: string): never {
  throw new MalformedError({ kind, offset, message, ...(hint === undefined ? {} : { hint }) });
}
