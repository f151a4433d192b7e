/** What all parts of one pretend cluster share. */

import type { KubeObject } from '../../core/model/object.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Rng } from '../../seam/rng.ts';
import type { Resource } from '../schema/schema.ts';
import type { Allocator } from '../schema/strategy.ts';
import type { Store } from '../store/store.ts';
import type { AdmissionChain } from './admission.ts';
import type { Kinds } from './kinds.ts';
import type { User } from './user.ts';

export type World = {
  /** The cluster's name. */
  readonly name: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly store: Store;
  readonly kinds: Kinds;
  readonly admission: AdmissionChain;
  readonly allocator: Allocator;
  /** Errors: 403 when a role or binding would give away more than its writer has. */
  readonly checkGrant: (user: User, resource: Resource, object: KubeObject) => void;
};

/** Who writes, and under which name its fields are kept. */
export type Writer = {
  readonly user: User;
  readonly manager: string;
  readonly isDryRun: boolean;
};

/** RFC 3339, in whole seconds, as Kubernetes writes times. */
export const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** A version 4 UUID. */
export function uidFrom(rng: Rng): string {
  const bytes = Uint8Array.from(rng.bytes(16), (byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40;
    return index === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

// No vowels and no digits like them, so that no word comes out.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** `base` and five random characters, cut to fit a name. */
export function nameFrom(base: string, rng: Rng): string {
  const letters = Array.from({ length: 5 }, () => alphabet[Math.floor(rng.next() * alphabet.length)] ?? 'x');
  return `${base.slice(0, 58)}${letters.join('')}`;
}
