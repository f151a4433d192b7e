/** Who has logged in, as a cookie says it: an end in time under a key, so that nothing has to be remembered. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from './secret-file.ts';

export const sessionCookie = 'landfall-session';

/** A working day. */
const lifeMs = 12 * 3_600_000;

/** The value of a new session's cookie. Another secret ends all sessions. */
export function newSession(key: Secret, nowMs: number): string {
  const endMs = nowMs + lifeMs;
  return `${endMs}.${sealOf(key, String(endMs))}`;
}

export function isSession(value: string, key: Secret, nowMs: number): boolean {
  const [end = '', seal = ''] = value.split('.', 2);
  return /^[0-9]{1,15}$/.test(end) && isEqual(seal, sealOf(key, end)) && Number(end) > nowMs;
}

/** Takes as long for one that is nearly right as for any other. */
export const isEqual = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

const sealOf = (key: Secret, text: string): string =>
  createHmac('sha256', key.reveal()).update(`landfall session ${text}`).digest('base64url');

/** Only this site sends it, no script reads it. */
export const cookieText = (value: string, options: { readonly isSecure: boolean; readonly lifeMs?: number }): string =>
  [
    `${sessionCookie}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    `Max-Age=${Math.floor((options.lifeMs ?? lifeMs) / 1000)}`,
    ...(options.isSecure ? ['Secure'] : []),
  ].join('; ');

/** Shape: undefined when there is none of this name. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
