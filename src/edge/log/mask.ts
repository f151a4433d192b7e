/** What must not stand in a log, whoever put it there by mistake. */

const masked = '[redacted]';

/** Names of fields that hold a secret, whatever they hold. */
const secretNames: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'credential',
  'credentials',
  'data',
  'kubeconfig',
  'password',
  'privatekey',
  'secret',
  'stringdata',
  'token',
]);

export const isSecretName = (name: string): boolean =>
  secretNames.has(name.toLowerCase().replaceAll(/[^a-z]/g, '')) || /(?:password|token|secret|key)$/i.test(name);

/** Tokens and keys by their looks. Each is bounded, so that a long text costs linear time. */
const looks: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
  // JSON Web Tokens, as service accounts and identity providers hand out.
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?/g,
  /\b(?:gh[oprsu]_|github_pat_|glpat-|gldt-|xox[abprs]-)[A-Za-z0-9_-]{16,}/g,
  /(?<=\b(?:Bearer|Basic) )[A-Za-z0-9._~+/=-]{8,}/gi,
];

/** The user and password of a URL. */
const userinfo = /(?<=\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@:]{0,256}:[^\s/@]{0,1024}(?=@)/gi;

/** Shape: the text with everything that looks like a token, a key or a password replaced. */
export function maskText(text: string): string {
  let safe = text.replaceAll(userinfo, masked);
  for (const look of looks) safe = safe.replaceAll(look, masked);
  return safe;
}

export const maskedValue = masked;
