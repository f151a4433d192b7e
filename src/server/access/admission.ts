/** Of those whom a provider vouches for, who may look: a function of what it says about them. */

/** Whoever fits one of them may look; when all are empty, nobody may. */
export type AdmissionRules = {
  /** All that the provider lets in. */
  readonly everyone: boolean;
  readonly groups: readonly string[];
  /** Which claim holds the groups. */
  readonly groupsClaim: string;
  /** Whole addresses, or `@example.com` for all of a domain. */
  readonly emails: readonly string[];
  /** Any of the values is enough. */
  readonly claims: Readonly<Record<string, readonly string[]>>;
};

/** As a provider says it: whatever JSON can be. */
export type Claims = Readonly<Record<string, unknown>>;

export function isAdmitted(claims: Claims, rules: AdmissionRules): boolean {
  const { everyone, groups, groupsClaim, emails, claims: wanted } = rules;
  return (
    everyone ||
    holdsOne(claims, groupsClaim, groups) ||
    hasEmail(claims, emails) ||
    Object.entries(wanted).some(([name, values]) => holdsOne(claims, name, values))
  );
}

const holdsOne = (claims: Claims, name: string, wanted: readonly string[]): boolean =>
  valuesOf(claims, name).some((value) => wanted.includes(value));

/** Shape: one value is a list of one; what is no text, number or boolean is none. */
function valuesOf(claims: Claims, name: string): readonly string[] {
  if (!Object.hasOwn(claims, name)) return [];
  return [claims[name]].flat().flatMap((value) => {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isPlain ? [String(value)] : [];
  });
}

/** Only one that the provider has verified: others may be whatever somebody typed. */
function hasEmail(claims: Claims, wanted: readonly string[]): boolean {
  const [email] = valuesOf(claims, 'email');
  if (email === undefined || claims.email_verified !== true) return false;
  const own = email.toLowerCase();
  const domain = own.slice(own.lastIndexOf('@'));
  return wanted
    .map((each) => each.toLowerCase())
    .some((each) => (each.startsWith('@') ? each === domain : each === own));
}

/** How a page calls somebody. */
export function nameOf(claims: Claims): string {
  const named = ['name', 'preferred_username', 'email', 'sub'].flatMap((claim) => valuesOf(claims, claim).slice(0, 1));
  return (named.find((name) => name !== '') ?? '').slice(0, 100);
}
