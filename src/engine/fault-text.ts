/** A failure as an operator reads it. */
import { type Fault, FaultError, faultRules } from '../core/model/fault.ts';
import { DeadlineError } from '../seam/clock.ts';

export const describeFault = (fault: Fault): string => `${faultRules[fault.kind].code} ${fault.detail}`;

/** The fault behind an error, a passed deadline among them; rethrows a bug. */
export function faultOf(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  if (error instanceof DeadlineError) return { kind: 'unreachable', detail: error.message };
  throw error;
}

/** Of a bug, for the log. */
export const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
