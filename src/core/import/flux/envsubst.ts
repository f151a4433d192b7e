/** `${name}` in texts, as Flux fills it in. Source: fluxcd/pkg/envsubst, as far as it has no functions. */

const reference = /\$\$\{|\$\{([^}]*)\}/g;
const form = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?)[-=](.*))?$/s;

/**
 * Fills a text in: `${name}`, `${name:=otherwise}`, `${name:-otherwise}`; `$${` stands for `${`.
 *
 * Shape: a name that is not known is empty; undefined where there is a function (`${name^}`, `${name:1:2}` and the like).
 */
export function expand(text: string, values: ReadonlyMap<string, string>): string | undefined {
  let isKnown = true;
  const filled = text.replaceAll(reference, (_, inner: string | undefined) => {
    if (inner === undefined) return '${';
    const [, name, colon, otherwise] = form.exec(inner) ?? [];
    if (name === undefined) isKnown = false;
    const value = values.get(name ?? '');
    const isMissing = value === undefined || (colon === ':' && value === '');
    return isMissing ? (otherwise ?? '') : value;
  });
  return isKnown ? filled : undefined;
}

/** The names in a text that has nothing but names; undefined where a reference says more. */
export function plainNames(text: string): readonly string[] | undefined {
  const found = [...text.matchAll(reference)].map(([, inner]) => inner);
  const names = found.filter((inner) => inner !== undefined);
  return names.every((inner) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(inner)) ? names : undefined;
}
