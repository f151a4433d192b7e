/** For bugs only: a broken invariant stops the work at hand rather than spreading. */

export class BugError extends Error {
  override readonly name = 'BugError';
  readonly code = 'B9001';
}

export function invariant(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new BugError(`broken invariant: ${claim}`);
}

/** Closes a switch: a new kind stops the build there. */
export function unreachable(value: never): never {
  throw new BugError(`broken invariant: unhandled ${JSON.stringify(value)}`);
}
