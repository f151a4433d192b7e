/** Policies and Workflows that Applications of their namespace refer to. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { readNative } from '../native/read.ts';
import { nearest } from '../nearest.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { type Policy, policyAt, policyProblems } from './policies.ts';
import { problem } from './problem.ts';
import { ExternalPolicy, ExternalWorkflow, type GivenMode, type GivenStep } from './schema/application.ts';

export type Workflow = { readonly placed: Placed; readonly steps: readonly GivenStep[]; readonly mode: GivenMode };

export type Beside = {
  readonly policy: (namespace: string, name: string) => Policy | undefined;
  readonly workflow: (namespace: string, name: string) => Workflow | undefined;
  readonly guessPolicy: (namespace: string, name: string, own: readonly Policy[]) => string | undefined;
};

/** Shape: those that can be read; one that cannot is as good as missing, which breaks what refers to it and nothing else. */
export function readBeside(claimed: readonly Placed[]): Findings<Beside> {
  const diagnostics: Diagnostic[] = [];
  const policies = new Map<string, Policy>();
  const workflows = new Map<string, Workflow>();
  for (const placed of claimed) {
    const { kind, name, namespace: given } = kindOfDocument(placed.document);
    const id = idOf(given === '' ? 'default' : given, name);
    if (kind === 'Policy') {
      const read = readNative(ExternalPolicy, placed);
      diagnostics.push(...read.diagnostics);
      if (read.value === undefined) continue;
      const policy = policyAt(placed, [], name, read.value.type);
      diagnostics.push(
        ...policyProblems(policy, read.value.properties !== undefined, originAt(placed, ['type'])),
        ...doubleOf(policies.get(id), policy, 'Policy'),
      );
      policies.set(id, policies.get(id) ?? policy);
    }
    if (kind === 'Workflow') {
      const read = readNative(ExternalWorkflow, placed);
      diagnostics.push(...read.diagnostics);
      if (read.value === undefined) continue;
      const { steps, mode } = read.value;
      diagnostics.push(...doubleOf(workflows.get(id)?.placed, placed, 'Workflow'));
      workflows.set(id, workflows.get(id) ?? { placed, steps, mode: mode ?? {} });
    }
  }
  const namesIn = (namespace: string): readonly string[] =>
    [...policies.keys()].flatMap((id) => (id.startsWith(`${namespace}/`) ? [id.slice(namespace.length + 1)] : []));
  return {
    value: {
      policy: (namespace, name) => policies.get(idOf(namespace, name)),
      workflow: (namespace, name) => workflows.get(idOf(namespace, name)),
      guessPolicy: (namespace, name, own) => {
        const guess = nearest(name, [...own.map((policy) => policy.name), ...namesIn(namespace)]);
        return guess === undefined ? undefined : `did you mean \`${guess}\`?`;
      },
    },
    diagnostics,
  };
}

const idOf = (namespace: string, name: string): string => `${namespace}/${name}`;

type Declared = { readonly origin: Diagnostic['origin'] };

function doubleOf(first: Declared | undefined, second: Declared, kind: string): readonly Diagnostic[] {
  if (first === undefined) return [];
  const message = `this ${kind} is also declared in ${first.origin.path}:${first.origin.line}`;
  return [problem('A1208', second.origin, message, 'give each its own name')];
}
