/** Code that looks at every write before it is stored, as webhooks and policies do in a real cluster; for tests. */
import type { KubeObject } from '../../core/model/object.ts';
import { RefusedError } from '../api/refusals.ts';
import type { Resource } from '../schema/schema.ts';
import type { User } from './user.ts';

export type Review = {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly resource: Resource;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** What is to be stored; on DELETE what is to be removed. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly user: User;
  readonly isDryRun: boolean;
};
export type Verdict =
  | { readonly kind: 'allow'; readonly object?: KubeObject; readonly warnings?: readonly string[] }
  | { readonly kind: 'deny'; readonly message: string; readonly code?: number };
export type Admission = { readonly name: string; readonly review: (review: Review) => Verdict };

export type AdmissionChain = {
  /** The result takes it out again. */
  readonly add: (admission: Admission) => () => void;
  /** The object as the last of the chain left it. Errors: RefusedError when one of them says no. */
  readonly pass: (review: Review, warn: (text: string) => void) => KubeObject;
};

const allow: Verdict = { kind: 'allow' };

/** `first` sees each write before the chain does. */
export function admissionChain(first: (review: Review) => void): AdmissionChain {
  const chain: Admission[] = [];
  return {
    add: (admission) => {
      chain.push(admission);
      return () => {
        const place = chain.indexOf(admission);
        if (place !== -1) chain.splice(place, 1);
      };
    },
    pass: (review, warn) => {
      first(review);
      let { object } = review;
      for (const admission of chain) {
        const verdict = admission.review({ ...review, object }) ?? allow;
        if (verdict.kind === 'deny') {
          throw new RefusedError({
            code: verdict.code ?? 403,
            reason: verdict.code === undefined || verdict.code === 403 ? 'Forbidden' : '',
            message: `admission webhook "${admission.name}" denied the request: ${verdict.message}`,
          });
        }
        for (const text of verdict.warnings ?? []) warn(text);
        object = verdict.object ?? object;
      }
      return object;
    },
  };
}
