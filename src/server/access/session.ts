/** Who has logged in with the token, as a cookie says it: an end in time under a key, so that nothing has to be remembered. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from './secret-file.ts';

export const sessionCookie = 'landfall-session';

/** A working day. */
export const sessionLifeMs = 12 * 3_600_000;

/** The value of a new session's cookie. Another secret ends all sessions. */
export function newSession(key: Secret, nowMs: number): string {
  const endMs = nowMs + sessionLifeMs;
  return `${endMs}.${sealOf(key, String(endMs))}`;
}

/** When a session ends. Shape: undefined when it has ended, or is none. */
export function endOfSession(value: string, key: Secret, nowMs: number): number | undefined {
  const [end = '', seal = ''] = value.split('.', 2);
  const isOurs = /^[0-9]{1,15}$/.test(end) && isEqual(seal, sealOf(key, end));
  return isOurs && Number(end) > nowMs ? Number(end) : undefined;
}

/** Takes as long for one that is nearly right as for any other. */
export const isEqual = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

const sealOf = (key: Secret, text: string): string =>
  createHmac('sha256', key.reveal()).update(`landfall session ${text}`).digest('base64url');
