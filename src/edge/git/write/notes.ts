/** Notes: a text for a commit, kept on a ref of their own. */
import { type CommitSha, commitSha } from '../../../core/model/id.ts';
import type { TreeEntry } from '../objects/tree.ts';
import type { View } from '../objects/view.ts';

const nestingMax = 10;

/**
 * Where a commit's note lies in a tree of notes, or undefined. Git spreads notes over folders of two digits as they
 * grow many, and reads any mixture.
 *
 * Source: git-notes(1), notes.c.
 */
export function findNote(view: View, tree: string, commit: string): { path: string; oid: string } | undefined {
  let folder = tree;
  let path = '';
  let rest = commit;
  for (let depth = 0; depth < nestingMax; depth++) {
    const entries: readonly TreeEntry[] = view.walker.entries(path, folder);
    const note = entries.find((entry) => entry.name === rest && entry.mode === 'file');
    if (note !== undefined) return { path: path + rest, oid: note.oid };
    const next = entries.find((entry) => entry.name === rest.slice(0, 2) && entry.mode === 'folder');
    if (next === undefined) return undefined;
    folder = next.oid;
    path += `${next.name}/`;
    rest = rest.slice(2);
  }
  return undefined;
}

/** The notes of these commits; those without one, or with one too large to be ours, are left out. */
export function notesIn(view: View, tree: string, commits: readonly CommitSha[]): ReadonlyMap<CommitSha, string> {
  const notes = new Map<CommitSha, string>();
  for (const commit of commits) {
    const place = findNote(view, tree, commit);
    const blob = place === undefined ? undefined : view.blob(place.oid);
    if (blob?.kind === 'bytes') notes.set(commitSha(commit), new TextDecoder().decode(blob.bytes));
  }
  return notes;
}

/**
 * What must change in a tree of notes for these to be in it. A note that is there keeps its place; a new one goes one
 * folder deep, so that no tree grows with every commit there ever was.
 */
export function noteChanges(
  view: View,
  tree: string | undefined,
  notes: ReadonlyMap<CommitSha, string>,
): ReadonlyMap<string, string> {
  const changes = new Map<string, string>();
  const known = tree === undefined ? new Map<CommitSha, string>() : notesIn(view, tree, [...notes.keys()]);
  for (const [commit, text] of notes) {
    if (known.get(commit) === text) continue;
    const place = tree === undefined ? undefined : findNote(view, tree, commit);
    changes.set(place?.path ?? `${commit.slice(0, 2)}/${commit.slice(2)}`, text);
  }
  return changes;
}
