/** A problem in somebody's manifests. Data, never thrown: one commit shows all of its problems at once. */
import type { Origin } from './source.ts';

export type Severity = 'error' | 'warning';

export type Diagnostic = {
  /** Stable for ever; the documentation and dashboards key on it. `codes.ts` lists them all. */
  readonly code: `A1${number}`;
  readonly severity: Severity;
  readonly origin: Origin;
  readonly message: string;
  readonly hint?: string;
};

/** A value and the problems met while making it. Reading never fails; it returns less. */
export type Findings<T> = { readonly value: T; readonly diagnostics: readonly Diagnostic[] };

export const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === 'error';
