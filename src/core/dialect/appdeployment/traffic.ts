/** How traffic is shared between revisions: Services that tell them apart, and a VirtualService over them. */
import type { JsonObject } from '../../json/value.ts';
import { label } from './labels.ts';
import type { Rule, Target, Traffic } from './schema.ts';

export type TrafficContext = {
  readonly name: string;
  readonly namespace: string;
  /** Do the Pods of this target not say which revision they are? */
  readonly isBlind: (target: Target) => boolean;
};

export const serviceName = ({ revisionName, componentName, port }: Target): string =>
  `${revisionName}-${componentName}-${port}`;

/** Shape: Services first, each once, then the VirtualService; nothing where none of the revisions is here. */
export function trafficObjects(
  traffic: Traffic,
  isHere: (revision: string) => boolean,
  context: TrafficContext,
): readonly JsonObject[] {
  const rules = traffic.http.flatMap((rule) => ruleHere(rule, isHere) ?? []);
  if (rules.length === 0) return [];
  const targets = new Map(
    rules.flatMap(({ weightedTargets }) => weightedTargets.map((each) => [serviceName(each), each])),
  );
  return [
    ...[...targets.values()].map((target) => serviceOf(target, context)),
    virtualService(traffic, rules, context),
  ];
}

/** Without the targets that are not here; what is left shares all of the weight. */
function ruleHere(rule: Rule, isHere: (revision: string) => boolean): Rule | undefined {
  const here = rule.weightedTargets.filter(({ revisionName }) => isHere(revisionName));
  const weights = shareOut(
    here.map(({ weight }) => (here.length === 1 && rule.weightedTargets.length === 1 ? 100 : (weight ?? 0))),
  );
  if (weights === undefined) return undefined;
  return { ...rule, weightedTargets: here.map((target, index) => ({ ...target, weight: weights[index] ?? 0 })) };
}

/** Whole numbers that sum to 100, by largest remainder. Shape: undefined where there is no weight to share. */
export function shareOut(weights: readonly number[]): readonly number[] | undefined {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return undefined;
  const exact = weights.map((weight) => (weight * 100) / sum);
  const whole = exact.map(Math.floor);
  const left = 100 - whole.reduce((total, weight) => total + weight, 0);
  const first = exact
    .map((share, index) => ({ index, rest: share - Math.floor(share) }))
    .toSorted((a, b) => b.rest - a.rest || a.index - b.index)
    .slice(0, left);
  const more = new Set(first.map(({ index }) => index));
  return whole.map((weight, index) => weight + (more.has(index) ? 1 : 0));
}

function serviceOf(target: Target, { name, namespace, isBlind }: TrafficContext): JsonObject {
  const own = { [label.component]: target.componentName, [label.revision]: target.revisionName };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName(target), namespace, labels: { ...own, [label.deployment]: name } },
    spec: {
      selector: isBlind(target) ? { [label.component]: target.componentName } : own,
      ports: [{ protocol: 'TCP', port: target.port }],
    },
  };
}

function virtualService(
  { hosts, gateways }: Traffic,
  rules: readonly Rule[],
  { name, namespace }: TrafficContext,
): JsonObject {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: { name, namespace, labels: { [label.deployment]: name } },
    spec: {
      ...(hosts === undefined ? {} : { hosts }),
      ...(gateways === undefined ? {} : { gateways }),
      http: rules.map(({ match, weightedTargets }) => ({
        ...(match === undefined ? {} : { match }),
        route: weightedTargets.map((target) => ({
          destination: { host: serviceName(target) },
          weight: target.weight ?? 100,
        })),
      })),
    },
  };
}
