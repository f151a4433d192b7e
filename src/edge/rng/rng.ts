/** The machine's chance. */
import { randomBytes } from 'node:crypto';
import type { Rng } from '../../seam/rng.ts';

export const systemRng: Rng = { next: () => Math.random(), bytes: (count) => randomBytes(count) };
