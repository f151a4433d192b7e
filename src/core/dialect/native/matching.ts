/** Selectors and targets of native manifests, as the model says them. */
import type { z } from 'zod';
import type { ClusterMatch } from '../../model/fleet.ts';
import { clusterId } from '../../model/id.ts';
import type { Target } from '../../model/intent.ts';
import type { LabelSelector, Requirement } from '../../model/selector.ts';
import type * as field from './field.ts';

export function selectorOf(selector: z.output<typeof field.Selector>): LabelSelector {
  const labels = Object.entries(selector.matchLabels).map(
    ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
  );
  const expressions = selector.matchExpressions.map(
    ({ key, operator, values }): Requirement =>
      operator === 'In' || operator === 'NotIn' ? { key, operator, values } : { key, operator },
  );
  return [...labels, ...expressions];
}

type Given = {
  readonly clusterNames?: readonly string[] | undefined;
  readonly clusterSelector?: z.output<typeof field.Selector> | undefined;
};

export function clusterMatchOf(given: Given): ClusterMatch {
  if (given.clusterSelector !== undefined) return { kind: 'selector', selector: selectorOf(given.clusterSelector) };
  return { kind: 'names', names: (given.clusterNames ?? []).map(clusterId) };
}

export function targetOf(target: z.output<typeof field.Target>): Target {
  return {
    group: target.group,
    version: target.version,
    kind: target.kind,
    namespace: target.namespace,
    name: target.name,
    selector: target.labelSelector === undefined ? [] : selectorOf(target.labelSelector),
  };
}
