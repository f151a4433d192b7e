/** Patterns of paths, as other tools write them. */

export type GlobOptions = {
  /** A star stands for slashes, too. */
  readonly crosses: boolean;
};

/** `*`, `**`, `?`, `[a-z]` and `{a,b}`. Cost: O(pattern × path). */
export const isLike = (pattern: string, path: string, { crosses }: GlobOptions): boolean =>
  alternatives(pattern).some((each) => fits(tokensOf(each), path, crosses));

const alternativesMax = 100;

function alternatives(pattern: string): readonly string[] {
  const [whole, before = '', inside = '', after = ''] = /^([^{]*)\{([^{}]*)\}(.*)$/s.exec(pattern) ?? [];
  if (whole === undefined) return [pattern];
  return inside
    .split(',')
    .flatMap((choice) => alternatives(`${before}${choice}${after}`))
    .slice(0, alternativesMax);
}

const tokensOf = (pattern: string): readonly string[] => pattern.match(/\*\*\/|\*+|\?|\[[^\]]+\]|[^*?[]+|\[/g) ?? [];

/** Goes on from every place that the pattern may have come to. */
function fits(tokens: readonly string[], path: string, crosses: boolean): boolean {
  let places: ReadonlySet<number> = new Set([0]);
  for (const token of tokens) places = new Set([...places].flatMap((place) => after(token, path, place, crosses)));
  return places.has(path.length);
}

function after(token: string, path: string, place: number, crosses: boolean): readonly number[] {
  const rest = path.slice(place);
  if (token === '**/')
    return [place, ...[...rest].flatMap((letter, index) => (letter === '/' ? [place + index + 1] : []))];
  if (token.startsWith('*')) {
    const slash = token === '*' && !crosses ? rest.indexOf('/') : -1;
    const length = slash < 0 ? rest.length : slash;
    return Array.from({ length: length + 1 }, (_, index) => place + index);
  }
  const [letter] = rest;
  if (token === '?' || (token.length > 2 && token.startsWith('[')))
    return letter === undefined || letter === '/' || (token !== '?' && !isIn(token, letter)) ? [] : [place + 1];
  return rest.startsWith(token) ? [place + token.length] : [];
}

/** `[a-z_]`, or all but those: `[!a-z]`. */
function isIn(token: string, letter: string): boolean {
  const isNegated = /^\[[!^]/.test(token);
  const inside = token.slice(isNegated ? 2 : 1, -1);
  const found = [...inside.matchAll(/(.)-(.)|./gs)].some(([one, from, to]) =>
    from === undefined || to === undefined ? one === letter : from <= letter && letter <= to,
  );
  return found !== isNegated;
}
