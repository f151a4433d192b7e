/** Is what came from a forge signed with one of our secrets? Compared in a time that tells nothing of them. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** One way in which forges prove who they are. */
export type Proof =
  /** HMAC-SHA256 over the body as it came, in hexadecimal, behind `prefix`. */
  | { readonly kind: 'signature'; readonly header: string; readonly prefix: string }
  /** The secret itself. */
  | { readonly kind: 'token'; readonly header: string }
  /** The secret as the password of whoever. */
  | { readonly kind: 'password' };

export type Proven = {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came: not one byte read and written again. */
  readonly body: Uint8Array;
};

/** `secrets`: more than one while a secret is changed. An empty one proves nothing. */
export function isProven(sent: Proven, proofs: readonly Proof[], secrets: readonly string[]): boolean {
  let isAny = false;
  // All are tried, whichever fits: how long it takes says nothing.
  for (const secret of secrets)
    for (const proof of proofs) if (secret !== '' && isRight(sent, proof, secret)) isAny = true;
  return isAny;
}

function isRight({ headers, body }: Proven, proof: Proof, secret: string): boolean {
  switch (proof.kind) {
    case 'signature': {
      const given = (headers[proof.header] ?? '').toLowerCase();
      return isSame(given, proof.prefix + createHmac('sha256', secret).update(body).digest('hex'));
    }
    case 'token':
      return isSame(headers[proof.header] ?? '', secret);
    case 'password':
      return isSame(passwordIn(headers.authorization ?? ''), secret);
  }
}

function passwordIn(authorization: string): string {
  const encoded = /^basic (?<encoded>[A-Za-z0-9+/=]+)$/i.exec(authorization)?.groups?.encoded ?? '';
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? '' : pair.slice(colon + 1);
}

/** Digests have one length, whatever they are of. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digestOf(one), digestOf(other));
const digestOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();
