/** The components of an Application, before a policy changes them. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Path } from '../../model/locate.ts';
import type { Origin } from '../../model/source.ts';
import type { Written } from '../native/read.ts';
import { originAt, type Placed } from '../placed.ts';
import { caution, problem } from './problem.ts';
import type { Application, GivenComponent } from './schema/application.ts';
import { writtenAt } from './written.ts';

export type GivenTrait = { readonly type: string; readonly given: Written };

/** `parameterKey` is a path in the properties; without one it is only waited for. */
export type Input = { readonly from: string; readonly parameterKey: string | undefined; readonly origin: Origin };

export type Output = { readonly name: string; readonly valueFrom: string };

export type Component = {
  readonly name: string;
  readonly type: string;
  readonly origin: Origin;
  readonly properties: Written;
  readonly traits: readonly GivenTrait[];
  readonly dependsOn: readonly { readonly name: string; readonly origin: Origin }[];
  /** Of several that a policy made of one. */
  readonly replicaKey: string | undefined;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  /** A step of the workflow makes it by itself: the Application has no such component. */
  readonly isOfStep?: true;
};

export const propertiesOf = (type: string): string => `the properties of ${type}`;

export function loadComponents({ spec }: Application, placed: Placed): Findings<readonly Component[]> {
  const components = spec.components.map((given, index) => loaded(given, index, placed));
  const isTaken = takenBy(spec);
  const diagnostics = spec.components.flatMap(({ name, outputs, externalRevision }, index) => {
    const at = (field: string): Origin => originAt(placed, ['spec', 'components', index, field]);
    const isUseless = (outputs ?? []).length > 0 && !isTaken(outputs);
    const useless = caution(
      'A1531',
      at('outputs'),
      `nothing takes the \`outputs\` of component ${name}, so they say nothing`,
    );
    const first = spec.components.findIndex((each) => each.name === name);
    const double = problem('A1202', at('name'), `two components are named ${name}`);
    return [
      ...(isUseless ? [useless] : []),
      ...(externalRevision ? [revisionless(name, at('externalRevision'))] : []),
      ...(first === index ? [] : [double]),
    ];
  });
  return { value: components, diagnostics };
}

export const revisionless = (name: string, origin: Origin): Diagnostic =>
  caution(
    'A1514',
    origin,
    `component ${name} names a revision of the old control plane, which says nothing here`,
    'what runs is what Git says; an older revision comes back by a revert',
  );

/** Does anything of the Application take one of these outputs? What a workflow beside it takes, nobody knows. */
function takenBy({ components, workflow }: Application['spec']): (outputs: GivenComponent['outputs']) => boolean {
  const steps = (workflow?.steps ?? []).flatMap((step) => [step, ...(step.subSteps ?? [])]);
  const taken = new Set([...components, ...steps].flatMap(({ inputs }) => (inputs ?? []).map(({ from }) => from)));
  const isElsewhere = (workflow?.ref ?? '') !== '';
  return (outputs) => isElsewhere || (outputs ?? []).some(({ name }) => taken.has(name));
}

function loaded(given: GivenComponent, index: number, placed: Placed): Component {
  const path = ['spec', 'components', index];
  return {
    name: given.name,
    type: given.type,
    origin: originAt(placed, path),
    properties: writtenAt(placed, [...path, 'properties'], propertiesOf(given.type)),
    traits: (given.traits ?? []).map(({ type }, at) => ({
      type,
      given: writtenAt(placed, [...path, 'traits', at, 'properties'], propertiesOf(type)),
    })),
    dependsOn: (given.dependsOn ?? []).map((name, at) => ({
      name,
      origin: originAt(placed, [...path, 'dependsOn', at]),
    })),
    replicaKey: undefined,
    inputs: inputsAt(placed, path, given.inputs),
    outputs: given.outputs ?? [],
  };
}

/** `path`: of what takes them. */
export const inputsAt = (placed: Placed, path: Path, inputs: GivenComponent['inputs']): readonly Input[] =>
  (inputs ?? []).map(({ from, parameterKey }, index) => ({
    from,
    parameterKey,
    origin: originAt(placed, [...path, 'inputs', index]),
  }));
