/** A file as the tree of a commit lists it. */

/** Equal oid, equal content. */
export type FileRef = { readonly path: string; readonly oid: string };
