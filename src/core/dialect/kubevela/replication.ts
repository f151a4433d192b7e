/** Replication policies: several of one component on a cluster. */
import type { Findings } from '../../model/diagnostic.ts';
import { readWritten, type Written } from '../native/read.ts';
import type { Component } from './loaded.ts';
import { problem } from './problem.ts';
import { Replication } from './schema/policy.ts';

/**
 * Takes each selected component away and appends one for each key.
 *
 * Shape: the key becomes part of the name, since of objects with one name only the last would be left.
 */
export function replicate(
  components: readonly Component[],
  policy: Written,
  name: string,
): Findings<readonly Component[]> {
  const { value, diagnostics } = readWritten(Replication, policy);
  if (value === undefined) return { value: components, diagnostics };
  const selector = value.selector ?? [];
  const selected = components.filter((each) => selector.includes(each.name));
  if (selected.length === 0) {
    const message = `failed to apply replicate policy ${name}: no component selected to replicate`;
    return { value: components, diagnostics: [problem('A1526', policy.originAt(['selector']), message)] };
  }
  const copied = selected.filter(({ type }) => type === 'ref-objects' || type === 'k8s-objects' || type === 'raw');
  const wrong = copied.map((each) =>
    problem(
      'A1526',
      policy.originAt(['selector']),
      `component ${each.name} names its objects itself, so there can only be one of it`,
      'write one component for each',
    ),
  );
  const copies = selected.flatMap((each) =>
    (value.keys ?? []).map((key): Component => ({ ...each, name: `${each.name}-${key}`, replicaKey: key })),
  );
  return { value: [...components.filter((each) => !selected.includes(each)), ...copies], diagnostics: wrong };
}
