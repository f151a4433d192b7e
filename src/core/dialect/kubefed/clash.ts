/** Type configurations that say different things of one kind, or federate one API twice. */
import { equal } from '../../json/equal.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { frozen, type TypeConfig } from './type-config.ts';

/** Kinds that `extensions` served before a group of their own did: the same objects, under two names. */
const successors: ReadonlyMap<string, string> = new Map([
  ['DaemonSet', 'apps'],
  ['Deployment', 'apps'],
  ['Ingress', 'networking.k8s.io'],
  ['NetworkPolicy', 'networking.k8s.io'],
  ['PodSecurityPolicy', 'policy'],
  ['ReplicaSet', 'apps'],
  ['StatefulSet', 'apps'],
]);

const federatedAs = ({ group, kind }: TypeConfig): string => `${group}/${kind}`;

function apiOf({ target: { apiVersion, kind } }: TypeConfig): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return `${group === 'extensions' ? (successors.get(kind) ?? group) : group}/${kind}`;
}

/**
 * Nobody can say which of them is meant: objects of all of these kinds are neither written nor removed until one is left.
 *
 * Shape: all of the configurations. The same said twice is no clash.
 */
export function withoutClashes(configs: readonly TypeConfig[]): Findings<readonly TypeConfig[]> {
  const diagnostics: Diagnostic[] = [];
  const clashing = new Set<TypeConfig>();
  for (const [index, config] of configs.entries()) {
    const first = configs.slice(0, index).find((other) => clash(other, config));
    if (first === undefined) continue;
    clashing.add(first).add(config);
    const { path, line } = first.placed.origin;
    const message =
      federatedAs(first) === federatedAs(config)
        ? `what a ${config.kind} is made into is also said in ${path}:${line}, and otherwise`
        : `${config.target.kind}s are federated as ${federatedAs(first)} already, in ${path}:${line}`;
    const hint = 'keep one of them; until then what is made of either stays as it is';
    diagnostics.push({ code: 'A1575', severity: 'error', origin: config.placed.origin, message, hint });
  }
  return { value: configs.map((config) => (clashing.has(config) ? frozen(config) : config)), diagnostics };
}

function clash(one: TypeConfig, other: TypeConfig): boolean {
  if (federatedAs(one) === federatedAs(other)) return !equal(one.target, other.target);
  return apiOf(one) === apiOf(other);
}
