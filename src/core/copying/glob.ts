/** Patterns of file names: `*`, `**` and `?`. */

/** Is a file named by a pattern? `a/**` is all below `a`; a pattern without signs is one name. */
export const isNamed = (path: string, pattern: string): boolean => matches(path.split('/'), pattern.split('/'));

export const isLiteral = (pattern: string): boolean => !/[*?]/.test(pattern);

/** Cost: each `**` is tried at each folder once, since only the last one needs to be gone back to. */
function matches(path: readonly string[], pattern: readonly string[]): boolean {
  if (pattern.at(-1) === '**') return matches(path, [...pattern, '*']);
  return matchesWith(path, pattern, '**', fits);
}

const fits = (name: string, pattern: string): boolean =>
  matchesWith([...name], [...pattern], '*', (character, sign) => sign === '?' || sign === character);

/** `any` stands for as many items as there are, or none. */
function matchesWith(
  items: readonly string[],
  pattern: readonly string[],
  any: string,
  isOne: (item: string, sign: string) => boolean,
): boolean {
  let [at, sign] = [0, 0];
  let back: { readonly at: number; readonly sign: number } | undefined;
  while (at < items.length) {
    const [item = '', wanted] = [items[at], pattern[sign]];
    if (wanted === any) {
      sign += 1;
      back = { at, sign };
    } else if (wanted !== undefined && isOne(item, wanted)) {
      at += 1;
      sign += 1;
    } else if (back === undefined) return false;
    else {
      back = { at: back.at + 1, sign: back.sign };
      ({ at, sign } = back);
    }
  }
  return pattern.slice(sign).every((rest) => rest === any);
}
