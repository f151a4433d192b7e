/** A problem in manifests as programs and pages are told of it. */
import type { Diagnostic } from '../../core/model/diagnostic.ts';

/** A type, since an interface is no JSON. */
export type DiagnosticAnswer = {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
};

export function diagnosticAnswer({ code, severity, origin, message, hint }: Diagnostic): DiagnosticAnswer {
  const { path, line, column } = origin;
  return { code, severity, path, line, column, message, ...(hint === undefined ? {} : { hint }) };
}
