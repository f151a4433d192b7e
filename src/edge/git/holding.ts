/** A repository's objects, and the way more of them come and ours go out. */
import type { View } from './objects/view.ts';
import type { Call, Move } from './remote/remote.ts';

/** Every method rejects with FaultError, or the signal's reason. None runs beside another. */
export type Holding = {
  /** What is here now. Another one after each `bring` and `deepen`. */
  readonly view: () => View;
  /** Makes a commit whole in the view. Errors: `missing`, when it is nowhere to be had. */
  readonly bring: (commit: string, standing: Standing, call: Call) => Promise<void>;
  /** Brings up to `depth` commits, `commit` included, as far as the server hands them out. */
  readonly deepen: (commit: string, depth: number, call: Call) => Promise<void>;
  /** What a ref points at now. */
  readonly tip: (ref: string, call: Call) => Promise<string | undefined>;
  /** The repository that new objects are written to, before `push`. */
  readonly folder: () => Promise<string>;
  readonly push: (move: Move, call: Call) => Promise<'pushed' | 'stale'>;
  readonly close: () => Promise<void>;
};

/** What is known of a commit that is to be brought. */
export type Standing =
  /** The branch stood there a moment ago. */
  | { readonly kind: 'head' }
  /** A ref that is no branch stood there a moment ago. */
  | { readonly kind: 'ref'; readonly ref: string }
  | { readonly kind: 'other' };
