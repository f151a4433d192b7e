/** What comes out of sharing a count between clusters, however it is done. */
import type { ClusterId } from '../model/id.ts';

/** Counts by cluster, for any total. */
export type Counting =
  | {
      readonly kind: 'known';
      readonly counts: (total: number) => ReadonlyMap<ClusterId, number>;
      /** Of all claims: what every share of every total follows from. */
      readonly digest: string;
    }
  | { readonly kind: 'unknown'; readonly reason: string };
