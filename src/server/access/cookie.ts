/** Cookies of ours, written and read. */

export type CookieOptions = {
  /** Browsers come by https. */
  readonly isSecure: boolean;
  /** 0 takes it away. */
  readonly lifeMs: number;
  /** Sent to all below it alone. */
  readonly path?: string;
};

/**
 * No script reads it, and no other site's forms or images send it.
 *
 * Links do: `SameSite=Strict` would ask whoever comes from a commit status to log in again. Nothing that a link asks for
 * changes anything.
 */
export const cookieText = (name: string, value: string, { isSecure, lifeMs, path = '/' }: CookieOptions): string =>
  [
    `${name}=${value}`,
    `Path=${path}`,
    'HttpOnly',
    'SameSite=Lax',
    `Max-Age=${Math.floor(lifeMs / 1000)}`,
    ...(isSecure ? ['Secure'] : []),
  ].join('; ');

/** Shape: undefined when there is none of this name. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
