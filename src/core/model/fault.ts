/** The outside world's failures. Edges throw a FaultError and nothing else; only the engine catches one. */

/** Who must act before trying again can help. */
export type Actor = 'nobody' | 'author' | 'operator';

export type FaultKind =
  /** No answer, a cut connection, a deadline passed. */
  | 'unreachable'
  /** 429 and its kin; `retryAfterMs` says when. */
  | 'throttled'
  /** 5xx that is nobody's manifest. */
  | 'serverError'
  /** The version we acted on is not the newest: read again. */
  | 'stale'
  /** The server has forgotten the version we asked from (410): list again. */
  | 'expired'
  /** Another field manager owns what we would set. */
  | 'conflict'
  /** What was to be created is there. */
  | 'exists'
  /** What was to be changed is not there, or its namespace or kind is not. */
  | 'missing'
  /** We are not who we say (401). */
  | 'unauthenticated'
  /** We may not (403). */
  | 'forbidden'
  /** The server refuses the object itself. */
  | 'invalid'
  /** An answer that is no answer: HTML, cut JSON, more bytes than allowed. */
  | 'protocol'
  /** Something the operator must put right here: a missing file, Secret, tool or setting. */
  | 'misconfigured';

export type Fault = {
  readonly kind: FaultKind;
  /** One line for a person; never a Secret's data or a token. */
  readonly detail: string;
  readonly retryAfterMs?: number;
  /** Field managers that own what we would set, and the paths, where the server said so. */
  readonly conflicts?: readonly { readonly manager: string; readonly path: string }[];
  /** Fields that the server refuses, as it names them: `spec.replicas`, `.spec.foo`. */
  readonly fields?: readonly string[];
  /** HTTP status, where there was one. */
  readonly status?: number;
};

type FaultRule = { readonly code: `O2${number}` | `T3${number}` | `A1${number}`; readonly actor: Actor };

/** The stable code of each kind, and whose turn it is: a table, not string matching. */
export const faultRules: Readonly<Record<FaultKind, FaultRule>> = {
  unreachable: { code: 'T3001', actor: 'nobody' },
  throttled: { code: 'T3002', actor: 'nobody' },
  serverError: { code: 'T3003', actor: 'nobody' },
  stale: { code: 'T3004', actor: 'nobody' },
  expired: { code: 'T3005', actor: 'nobody' },
  protocol: { code: 'T3006', actor: 'nobody' },
  missing: { code: 'T3007', actor: 'nobody' },
  conflict: { code: 'O2001', actor: 'operator' },
  exists: { code: 'O2002', actor: 'operator' },
  unauthenticated: { code: 'O2003', actor: 'operator' },
  forbidden: { code: 'O2004', actor: 'operator' },
  misconfigured: { code: 'O2005', actor: 'operator' },
  invalid: { code: 'A1901', actor: 'author' },
};

export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly fault: Fault;
  constructor(fault: Fault, options?: ErrorOptions) {
    super(`${fault.kind}: ${fault.detail}`, options);
    this.fault = fault;
  }
}
