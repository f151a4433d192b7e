/** Problems of this dialect, in the form of a diagnostic. */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Origin } from '../../model/source.ts';

export const problem = (code: Diagnostic['code'], origin: Origin, message: string, hint?: string): Diagnostic => ({
  code,
  severity: 'error',
  origin,
  message,
  ...(hint === undefined ? {} : { hint }),
});

export const caution = (code: Diagnostic['code'], origin: Origin, message: string, hint?: string): Diagnostic => ({
  ...problem(code, origin, message, hint),
  severity: 'warning',
});
