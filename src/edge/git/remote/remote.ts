/** The other end of a repository: what it can be asked for. One file for each way of speaking to it. */
import { FaultError } from '../../../core/model/fault.ts';

/** What one attempt carries. Read afresh for each, so that a replaced token or key is used at once. */
export type Credential =
  | { readonly kind: 'none' }
  /** The value of the `authorization` header. */
  | { readonly kind: 'header'; readonly value: string }
  /** The text of a private key. */
  | { readonly kind: 'key'; readonly text: string };

export type Call = { readonly credential: Credential; readonly signal: AbortSignal };

export type Want = {
  /** A commit's SHA, or a ref's full name. */
  readonly name: string;
  /** A ref of the local copy whose commit is whole: what it holds is not sent again. */
  readonly have: string | undefined;
  /** Commits back from `name`; undefined: all that `have` does not hold. */
  readonly depth: number | undefined;
  /** Units: bytes of pack. */
  readonly packMax: number;
};

/** Refs by name; a symbolic ref's `target` too, where the server tells. Each byte of a name is one character. */
export type Refs = ReadonlyMap<string, { readonly oid: string; readonly target: string | undefined }>;

/** Lists the refs that begin with one of `prefixes`; all of them when there is none. */
export type RefLister = (prefixes: readonly string[], call: Call) => Promise<Refs>;

/** Every method rejects with FaultError, or the signal's reason. */
export type Remote = {
  readonly list: RefLister;
  /**
   * Adds objects to the bare repository in `folder`. Resolving says nothing of what came: it is the caller's to check.
   * A failure leaves the folder as it was. Errors: RefusedError, OversizeError and others.
   */
  readonly fetch: (folder: string, want: Want, call: Call) => Promise<void>;
  /** Moves a ref of the server from one commit to another, or makes it. `stale`: it stood elsewhere, and stays there. */
  readonly push: (folder: string, move: Move, call: Call) => Promise<'pushed' | 'stale'>;
  readonly close: () => void;
};

export type Move = {
  readonly ref: string;
  /** Undefined: there is none yet. */
  readonly from: string | undefined;
  /** A commit in the local copy. */
  readonly to: string;
};

/** The server does not hand out this commit, or has none of that name. */
export class RefusedError extends FaultError {
  constructor(what: string) {
    super({ kind: 'missing', detail: `the server has no ${what}, or does not hand it out` });
  }
}

/** A name as `Refs` holds it. */
export const asListed = (name: string): string => Buffer.from(name, 'utf8').toString('latin1');

/** What a ref of the server points at. Undefined: there is no such ref. */
export async function tipOf(list: RefLister, ref: string, call: Call): Promise<string | undefined> {
  return (await list([ref], call)).get(asListed(ref))?.oid;
}

/** What a server said, fit to be shown: one short line. */
export const shown = (text: string): string =>
  text
    .replaceAll(/[^\u0020-\u007e]+/g, ' ')
    .trim()
    .slice(0, 200);
