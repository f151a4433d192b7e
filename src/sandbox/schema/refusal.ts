/** Why the API server would not do what it was asked; one to one with a Status object. */

export type Cause = {
  /** `FieldValueRequired`, `FieldValueInvalid`, `FieldManagerConflict`, … */
  readonly reason: string;
  readonly message: string;
  /** As the server prints it: `spec.replicas`, or `.spec.replicas` under server-side apply. */
  readonly field: string;
};

export type Refusal = {
  /** HTTP status. */
  readonly code: number;
  /** `Invalid`, `BadRequest`, `Conflict`, …; empty where the server gives none. */
  readonly reason: string;
  readonly message: string;
  readonly details?: {
    readonly group?: string;
    readonly kind?: string;
    readonly name?: string;
    readonly causes?: readonly Cause[];
  };
};

export type Done<Value> = { readonly kind: 'done'; readonly value: Value; readonly warnings: readonly string[] };
export type Refused = { readonly kind: 'refused'; readonly refusal: Refusal };
export type Result<Value> = Done<Value> | Refused;

export const done = <Value>(value: Value, warnings: readonly string[] = []): Done<Value> => ({
  kind: 'done',
  value,
  warnings,
});
export const refused = (refusal: Refusal): Refused => ({ kind: 'refused', refusal });

export const badRequest = (message: string): Refused => refused({ code: 400, reason: 'BadRequest', message });
/** An error the server did not foresee: it has no reason. */
export const internal = (message: string): Refused => refused({ code: 500, reason: '', message });

/** What is refused, as the server names it in front of the causes. */
export type Subject = { readonly group: string; readonly kind: string; readonly name: string };

/** 422: `Deployment.apps "web" is invalid: …`, the causes one by one. Shape: at least one cause. */
export function invalid({ group, kind, name }: Subject, causes: readonly Cause[]): Refused {
  const texts = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const message = `${group === '' ? kind : `${kind}.${group}`} ${JSON.stringify(name)} is invalid: ${all}`;
  return refused({ code: 422, reason: 'Invalid', message, details: { group, kind, name, causes } });
}
