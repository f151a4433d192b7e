/** Breaking the glass: until its end, and never in silence. */
import type { Bypass } from '../model/gate.ts';

/** A bypass in force. */
export const bypassAt = (bypass: Bypass | undefined, nowMs: number): Bypass | undefined =>
  bypass !== undefined && nowMs < bypass.untilMs ? bypass : undefined;

/** `BYPASSED Evidence, Soak: INC-12` */
export const describeBypass = ({ gates, reason }: Bypass): string => `BYPASSED ${gates.join(', ')}: ${reason}`;
