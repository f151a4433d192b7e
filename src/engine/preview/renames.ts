/** Files that one side has renamed while the other has changed them. */
import { similarity } from '../../core/diff/similar.ts';
import type { TreeChange, TreeFile } from '../../seam/git.ts';
import type { Rename, Renames } from './lay.ts';
import { isText, type Texts } from './texts.ts';

/** Source: Git's own, `merge.renames`: half of a file has to be the same. */
const similarityMin = 0.5;
/** Files that are gone, and new ones that each is looked for among; more of them take too long. */
const lostMax = 100;
const addedMax = 200;

/** Shape: only those that make a difference to a merge. Errors: FaultError. */
export async function renamesOf(
  here: readonly TreeChange[],
  there: readonly TreeChange[],
  texts: Texts,
  signal: AbortSignal,
): Promise<Renames> {
  return { here: await renamesIn(here, there, texts, signal), there: await renamesIn(there, here, texts, signal) };
}

async function renamesIn(
  side: readonly TreeChange[],
  other: readonly TreeChange[],
  texts: Texts,
  signal: AbortSignal,
): Promise<readonly Rename[]> {
  const changed = new Set(other.flatMap(({ path, before, after }) => (before && after ? [path] : [])));
  const taken = new Set(other.map(({ path }) => path));
  const lost = side.flatMap(({ path, before, after }) => (before && !after && changed.has(path) ? [before] : []));
  const added = side.flatMap(({ path, before, after }) => (after && !before && !taken.has(path) ? [after] : []));
  if (lost.length === 0 || added.length === 0) return [];
  const renames: Rename[] = [];
  const free = new Set(added);
  for (const from of lost.slice(0, lostMax)) {
    const to = [...free].find(({ oid }) => oid === from.oid) ?? (await nearest(from, [...free], texts, signal));
    if (to === undefined) continue;
    free.delete(to);
    renames.push({ from, to });
  }
  return renames;
}

async function nearest(
  from: TreeFile,
  added: readonly TreeFile[],
  texts: Texts,
  signal: AbortSignal,
): Promise<TreeFile | undefined> {
  if (!isText(from)) return undefined;
  const tried = added.filter(isText).slice(0, addedMax);
  const [old, ...all] = await texts([from, ...tried], signal);
  if (old === undefined) return undefined;
  let best: { readonly file: TreeFile; readonly share: number } | undefined;
  for (const [index, file] of tried.entries()) {
    const text = all[index];
    if (text === undefined) continue;
    const share = similarity(old, text);
    if (share >= similarityMin && share > (best?.share ?? 0)) best = { file, share };
  }
  return best?.file;
}
