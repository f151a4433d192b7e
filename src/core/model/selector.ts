/** Label selectors, with Kubernetes' meaning. */
import { unreachable } from './invariant.ts';

export type Requirement =
  | { readonly key: string; readonly operator: 'In' | 'NotIn'; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: 'Exists' | 'DoesNotExist' };

/** Every requirement must hold; none at all selects everything. `matchLabels` is an `In` of one value. */
export type LabelSelector = readonly Requirement[];

export type Labels = Readonly<Record<string, string>>;

/** As Kubernetes: `NotIn` and `DoesNotExist` hold for an object without the label. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  return selector.every((requirement) =>
    holds(requirement, Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined),
  );
}

function holds(requirement: Requirement, value: string | undefined): boolean {
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && requirement.values.includes(value);
    case 'NotIn':
      return value === undefined || !requirement.values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return unreachable(requirement);
  }
}
