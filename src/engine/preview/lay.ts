/** Lays the changes of one side over the files of the other; what both have changed is left to be merged. */
import type { TreeChange, TreeFile } from '../../seam/git.ts';

/** A file that both sides have changed in different ways. `here`: in the pull request; `there`: on the branch. */
export type Clash = {
  readonly path: string;
  readonly base: TreeFile | undefined;
  readonly here: TreeFile | undefined;
  readonly there: TreeFile | undefined;
};

export type Laid = {
  /** By path, without those that clash. */
  readonly files: ReadonlyMap<string, TreeFile>;
  readonly clashes: readonly Clash[];
};

/** A file that one side has under another name. */
export type Rename = { readonly from: TreeFile; readonly to: TreeFile };

export type Renames = { readonly here: readonly Rename[]; readonly there: readonly Rename[] };

/** Shape: `files` are those of the branch, which `there` has led to. */
export function lay(
  here: readonly TreeChange[],
  there: readonly TreeChange[],
  files: readonly TreeFile[],
  renames: Renames = { here: [], there: [] },
): Laid {
  const [mine, yours] = [byPath(here), byPath(there)];
  const result = new Map(files.map((file) => [file.path, file]));
  const clashes: Clash[] = [];
  const clash = (each: Clash): void => {
    result.delete(each.path);
    clashes.push(each);
  };
  // Who changed a file meant the file, whatever it is called by now.
  for (const { from, to } of renames.here) {
    const change = take(yours, from.path);
    mine.delete(from.path);
    mine.delete(to.path);
    result.delete(from.path);
    clash({ path: to.path, base: from, here: to, there: change?.after });
  }
  for (const { from, to } of renames.there) {
    const change = take(mine, from.path);
    yours.delete(to.path);
    clash({ path: to.path, base: from, here: change?.after, there: to });
  }
  for (const { path, before, after } of mine.values()) {
    const own = yours.get(path);
    if (own !== undefined && !isSame(own.after, after)) clash({ path, base: before, here: after, there: own.after });
    else if (after === undefined) result.delete(path);
    else result.set(path, after);
  }
  return { files: result, clashes };
}

export const isSame = (a: TreeFile | undefined, b: TreeFile | undefined): boolean =>
  a?.oid === b?.oid && a?.mode === b?.mode;

const byPath = (changes: readonly TreeChange[]): Map<string, TreeChange> =>
  new Map(changes.map((change) => [change.path, change]));

function take(changes: Map<string, TreeChange>, path: string): TreeChange | undefined {
  const found = changes.get(path);
  changes.delete(path);
  return found;
}
