/** The parts of a template of Go that an ApplicationSet is written in, and what stops the reading of one. */

export type Expression =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  /** `.a.b`, `$.a`, `$x.a`; `of` undefined is the dot. */
  | { readonly kind: 'path'; readonly of: Expression | undefined; readonly fields: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] };

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly value: Expression }
  | { readonly kind: 'assign'; readonly name: string; readonly isNew: boolean; readonly value: Expression }
  | {
      readonly kind: 'if' | 'with';
      readonly condition: Expression;
      readonly variable: string | undefined;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | {
      readonly kind: 'range';
      readonly over: Expression;
      /** Key and value; one alone is the value. */
      readonly variables: readonly string[];
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    };

/** Why a template cannot be filled in here: what it says is not known, or cannot be known before it runs. */
export class UnfitError extends Error {}

/** Shape: undefined where it cannot be filled in. */
export function orNone<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnfitError) return undefined;
    throw error;
  }
}
