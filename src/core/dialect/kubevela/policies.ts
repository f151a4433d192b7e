/** The policies that an Application can name: its own, and those beside it. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Origin } from '../../model/source.ts';
import type { Written } from '../native/read.ts';
import { nearest } from '../nearest.ts';
import { originAt, type Placed } from '../placed.ts';
import { problem } from './problem.ts';
import type { Application } from './schema/application.ts';
import { writtenAt } from './written.ts';

export type Policy = {
  readonly name: string;
  readonly type: string;
  readonly origin: Origin;
  readonly properties: Written;
};

/** Change what is deployed where, but only when a deploy step names them. */
export const deployPolicies: readonly string[] = ['topology', 'override', 'replication'];

const policyTypes: readonly string[] = [
  ...deployPolicies,
  'apply-once',
  'garbage-collect',
  'shared-resource',
  'read-only',
  'take-over',
  'resource-update',
  'debug',
  'env-binding',
];

export function policiesOf({ spec }: Application, placed: Placed): Findings<readonly Policy[]> {
  const diagnostics: Diagnostic[] = [];
  const policies = (spec.policies ?? []).map(({ name, type, properties }, index): Policy => {
    const path = ['spec', 'policies', index];
    const policy = policyAt(placed, path, name || `${type}-auto-gen-${index}`, type);
    diagnostics.push(...policyProblems(policy, properties !== undefined, originAt(placed, [...path, 'type'])));
    return policy;
  });
  return { value: policies, diagnostics };
}

export const policyAt = (placed: Placed, path: readonly (string | number)[], name: string, type: string): Policy => ({
  name,
  type,
  origin: originAt(placed, path),
  properties: writtenAt(placed, [...path, 'properties'], `the properties of policy ${name}`),
});

export function policyProblems(
  { name, type, origin }: Policy,
  hasProperties: boolean,
  typeOrigin: Origin,
): readonly Diagnostic[] {
  if (!policyTypes.includes(type)) {
    const guess = nearest(type, policyTypes);
    const hint = guess === undefined ? `those known are ${policyTypes.join(', ')}` : `did you mean \`${guess}\`?`;
    return [problem('A1512', typeOrigin, `policy ${name} has the unknown type ${type}`, hint)];
  }
  if (hasProperties || type === 'debug') return [];
  return [problem('A1103', origin, `policy ${type} named ${name} must not have empty properties`)];
}
