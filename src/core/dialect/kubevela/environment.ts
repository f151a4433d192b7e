/** Environments of an env-binding policy, which was there before topologies and overrides. */
import type { Diagnostic } from '../../model/diagnostic.ts';
import { readWritten } from '../native/read.ts';
import { nearest } from '../nearest.ts';
import { labelled, named } from './clusters.ts';
import type { Component } from './loaded.ts';
import { inside, override } from './override.ts';
import type { Policy } from './policies.ts';
import { problem } from './problem.ts';
import { EnvBinding } from './schema/policy.ts';
import type { Task } from './step-task.ts';
import { here, type Place } from './topology.ts';

type Known = { readonly components: readonly Component[]; readonly policies: readonly Policy[] };
type What = { readonly components: readonly Component[]; readonly places: readonly Place[] };

/** What one step deploys into one environment. Shape: undefined with at least one problem. */
export function inEnvironment(
  { policy: name, env, origin }: Extract<Task, { kind: 'environment' }>,
  { components, policies }: Known,
  problems: Diagnostic[],
): What | undefined {
  const policy = policies.findLast((each) => each.name === name && each.type === 'env-binding');
  if (policy === undefined) {
    problems.push(problem('A1516', origin, `env-binding policy ${name} not found`));
    return undefined;
  }
  const { value, diagnostics } = readWritten(EnvBinding, policy.properties);
  problems.push(...diagnostics);
  if (value === undefined) return undefined;
  const index = value.envs.findIndex((each) => each.name === env);
  const found = value.envs[index];
  if (found === undefined) {
    const names = value.envs.map((each) => each.name);
    const guess = nearest(env, names);
    const hint = guess === undefined ? `it has ${names.join(', ')}` : `did you mean \`${guess}\`?`;
    problems.push(problem('A1516', origin, `policy ${name} has no environment ${env}`, hint));
    return undefined;
  }
  const selected = found.selector?.components ?? undefined;
  const chosen = components.filter((each) => selected === undefined || selected.includes(each.name));
  const patched = found.patch ? override(chosen, inside(policy.properties, ['envs', index, 'patch'])) : undefined;
  problems.push(...(patched?.diagnostics ?? []));
  const { clusterSelector, namespaceSelector } = found.placement ?? {};
  if (namespaceSelector?.labels) {
    const at = policy.properties.originAt(['envs', index, 'placement', 'namespaceSelector']);
    problems.push(problem('A1102', at, 'a namespace is chosen by its name here, not by labels'));
  }
  const { name: cluster, labels } = clusterSelector ?? {};
  const clusters = cluster ? named([cluster]) : labels ? labelled(labels) : here.clusters;
  return {
    components: patched?.value ?? chosen,
    places: [{ clusters, namespace: namespaceSelector?.name || undefined }],
  };
}
