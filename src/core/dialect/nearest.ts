/** The name that somebody probably meant. */

/** The candidate within two edits of `word`, or a third of its length; the first of equals. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.min(2, Math.max(1, Math.floor(word.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    // Whatever the letters, it takes so many edits at least; a word may be as long as a file.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** For a field that is not known: what was meant, or else what there is; nothing where any field may be. */
export function fieldHint(field: string, known: readonly string[]): { readonly hint?: string } {
  if (known.length === 0) return {};
  const guess = nearest(field, known);
  return { hint: guess === undefined ? `its fields are ${known.join(', ')}` : `did you mean \`${guess}\`?` };
}

/** Levenshtein's, and two letters that changed places are one edit. Cost: the product of the lengths; both are field names. */
export function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
