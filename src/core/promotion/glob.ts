/** Patterns of file names: `*`, `**` and `?`. */

/** Is a file named by a pattern? `a/**` is all below `a`; without a pattern's signs it is one name. */
export function isNamed(path: string, pattern: string): boolean {
  return expressionOf(pattern).test(path);
}

export const isLiteral = (pattern: string): boolean => !/[*?]/.test(pattern);

function expressionOf(pattern: string): RegExp {
  const parts = pattern
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => signs.get(part) ?? part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${parts.join('')}$`, 'u');
}

const signs: ReadonlyMap<string, string> = new Map([
  ['**/', '(?:[^/]+/)*'],
  ['**', '.+'],
  ['*', '[^/]*'],
  ['?', '[^/]'],
]);
