/** Apps that are whole only once clusters have been read. */
import type { Findings } from './diagnostic.ts';
import type { CopyRef, Intent } from './intent.ts';
import type { ReadResult } from './observed.ts';
import type { Placement } from './placement.ts';

/** An App with its placement. */
export type PlacedIntent = { readonly intent: Intent; readonly placement: Placement };

export type Awaited = {
  /** What is declared in its place until then: as broken, so that all of it stays as it is. */
  readonly until: PlacedIntent;
  readonly reads: readonly CopyRef[];
  /** How its author does without them. */
  readonly instead: string;
  /** Shape: undefined for what nobody has asked, as where no cluster is at hand. */
  readonly made: (resultOf: (copy: CopyRef) => ReadResult | undefined) => Findings<PlacedIntent>;
};
