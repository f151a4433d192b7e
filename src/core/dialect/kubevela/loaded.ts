/** The components of an Application, before a policy changes them. */
import { isObject, type Json, type JsonObject } from '../../json/value.ts';
import type { Findings } from '../../model/diagnostic.ts';
import type { Origin } from '../../model/source.ts';
import type { Written } from '../native/read.ts';
import { originAt, type Placed } from '../placed.ts';
import { caution, problem } from './problem.ts';
import type { Application, GivenComponent } from './schema/application.ts';
import { writtenAt } from './written.ts';

export type GivenTrait = { readonly type: string; readonly given: Written };

export type Component = {
  readonly name: string;
  readonly type: string;
  readonly origin: Origin;
  readonly properties: Written;
  readonly traits: readonly GivenTrait[];
  readonly dependsOn: readonly { readonly name: string; readonly origin: Origin }[];
  /** Of several that a policy made of one. */
  readonly replicaKey: string | undefined;
};

export const propertiesOf = (type: string): string => `the properties of ${type}`;

/** What passes between components at run time cannot be known from Git. */
export function loadComponents({ spec }: Application, placed: Placed): Findings<readonly Component[]> {
  const components = spec.components.map((given, index) => loaded(given, index, placed));
  const isTaken = takenBy(spec);
  const diagnostics = spec.components.flatMap((given, index) => {
    const path = ['spec', 'components', index];
    const fields = (['inputs', 'outputs'] as const).filter((field) => (given[field] ?? []).length > 0);
    const passing = fields.map((field) => {
      const origin = originAt(placed, [...path, field]);
      if (field === 'outputs' && !isTaken(given.outputs))
        return caution(
          'A1531',
          origin,
          `nothing takes the \`outputs\` of component ${given.name}, so they say nothing`,
        );
      return problem(
        'A1519',
        origin,
        `component ${given.name} has \`${field}\`: values that pass from one to another while they run`,
        'write the value into the manifest, or into a ConfigMap that both read',
      );
    });
    const first = spec.components.findIndex(({ name }) => name === given.name);
    const double = problem('A1202', originAt(placed, [...path, 'name']), `two components are named ${given.name}`);
    return first === index ? passing : [...passing, double];
  });
  return { value: components, diagnostics };
}

/** Does anything of the Application take one of these outputs? What a workflow beside it takes, nobody knows. */
function takenBy({ components, workflow }: Application['spec']): (outputs: GivenComponent['outputs']) => boolean {
  const steps = (workflow?.steps ?? []).flatMap((step) => [step, ...(step.subSteps ?? [])]);
  const inputs = [...components, ...steps].flatMap((each) => each.inputs ?? []);
  const taken = new Set(inputs.map((input) => (isObject(input as Json) ? (input as JsonObject).from : undefined)));
  const isElsewhere = (workflow?.ref ?? '') !== '';
  return (outputs) =>
    isElsewhere ||
    (outputs ?? []).some((output) => !isObject(output as Json) || taken.has((output as JsonObject).name));
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
  };
}
