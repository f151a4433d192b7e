/** Values that pass from one component to another, where they follow from what Git says. */
import type { Json } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Path } from '../../model/locate.ts';
import type { Origin } from '../../model/source.ts';
import type { Written } from '../native/read.ts';
import type { Component, GivenTrait, Input } from './loaded.ts';
import { problem } from './problem.ts';
import { parsePath, type ValuePath, withValueIn } from './value-path.ts';
import { mergedFrom } from './written.ts';

/** A value that something gives, and what; undefined is one that only a running cluster knows. */
export type Given = { readonly value: Json | undefined; readonly valueFrom: string; readonly component: string };

/** By name; the copies of one component have each their own. */
export class Scope {
  readonly #given: Map<string, Given>;

  constructor(outer?: Scope) {
    this.#given = new Map(outer?.entries);
  }

  get entries(): ReadonlyMap<string, Given> {
    return this.#given;
  }

  give(name: string, replicaKey: string | undefined, given: Given): void {
    this.#given.set(keyOf(name, replicaKey), given);
  }

  take(name: string, replicaKey?: string): Given | undefined {
    return this.#given.get(keyOf(name, replicaKey)) ?? this.#given.get(keyOf(name, undefined));
  }
}

const keyOf = (name: string, replicaKey: string | undefined): string => `${replicaKey ?? ''}/${name}`;

export type Evaluate = (valueFrom: string, component: Component) => Json | undefined;

/**
 * Components with the values they take, each after those that it takes from.
 *
 * Shape: one that takes what there is not, or what only a running cluster knows, is left as it is, with an error. `scope`
 *   has more afterwards: all that they give.
 */
export function passed(
  components: readonly Component[],
  scope: Scope,
  evaluate: Evaluate,
): Findings<readonly Component[]> {
  const diagnostics: Diagnostic[] = [];
  const filled = new Map<Component, Component>();
  let pending = components;
  for (;;) {
    const ready = pending.filter(({ inputs, replicaKey }) =>
      inputs.every(({ from }) => scope.take(from, replicaKey) !== undefined),
    );
    for (const component of ready) {
      const { value, diagnostics: found } = filledComponent(component, scope);
      diagnostics.push(...found);
      filled.set(component, value);
      for (const { name, valueFrom } of value.outputs) {
        const given = found.length > 0 ? undefined : evaluate(valueFrom, value);
        scope.give(name, value.replicaKey, { value: given, valueFrom, component: value.name });
      }
    }
    pending = pending.filter((component) => !ready.includes(component));
    if (ready.length === 0) break;
  }
  for (const { name, inputs, replicaKey } of pending)
    for (const { from, origin } of inputs.filter((input) => scope.take(input.from, replicaKey) === undefined))
      diagnostics.push(missing(`component ${name}`, from, origin));
  return { value: components.map((component) => filled.get(component) ?? component), diagnostics };
}

const missing = (who: string, from: string, origin: Origin): Diagnostic =>
  problem(
    'A1519',
    origin,
    `${who} waits for \`${from}\` in vain: nothing gives it there before`,
    'a component of the same step must have it in its `outputs`, or an `apply-component` before',
  );

function filledComponent(component: Component, scope: Scope): Findings<Component> {
  const diagnostics: Diagnostic[] = [];
  let result = component;
  for (const input of component.inputs) {
    const given = scope.take(input.from, component.replicaKey);
    if (given === undefined) continue;
    const { value, diagnostics: found } = filledPart(result, input, given);
    diagnostics.push(...found);
    result = value;
  }
  return { value: result, diagnostics };
}

function filledPart(component: Component, input: Input, given: Given): Findings<Component> {
  const { trait, path } = placeIn(component, input.parameterKey);
  const who = `component ${component.name}`;
  const { value, diagnostics } = filledWritten(trait?.given ?? component.properties, { ...input, path }, given, who);
  const isKnown = [component, ...component.dependsOn].some(({ name }) => name === given.component);
  const filled: Component = {
    ...component,
    // Who gives it comes first, as if that were written.
    dependsOn: isKnown
      ? component.dependsOn
      : [...component.dependsOn, { name: given.component, origin: input.origin }],
  };
  if (trait === undefined) return { value: { ...filled, properties: value }, diagnostics };
  const traits = filled.traits.map((each) => (each === trait ? { ...each, given: value } : each));
  return { value: { ...filled, traits }, diagnostics };
}

/** `properties.` may stand before a path, and `traits[0].properties.` leads into a trait. */
function placeIn(
  { traits }: Component,
  key: string | undefined,
): { readonly trait: GivenTrait | undefined; readonly path: ValuePath | undefined } {
  const path = pathOf(key);
  const [root, index, field, ...rest] = path ?? [];
  if (root === 'properties') return { trait: undefined, path: path?.slice(1) };
  const trait = root === 'traits' && field === 'properties' ? traits[Number(index)] : undefined;
  return { trait, path: trait === undefined ? path : rest };
}

const pathOf = (key: string | undefined): ValuePath | undefined => (key === undefined ? [] : parsePath(key));

type Place = Input & { readonly path: ValuePath | undefined };

function filledWritten(written: Written, { from, path, origin }: Place, given: Given, who: string): Findings<Written> {
  const refuse = (message: string, hint: string): Findings<Written> => ({
    value: written,
    diagnostics: [problem('A1519', origin, message, hint)],
  });
  const { value, valueFrom, component } = given;
  if (value === undefined)
    return refuse(
      `${who} takes \`${from}\`, which is no value that a manifest says: ${valueFrom} of component ${component}`,
      'a text, a number, true or false passes, but nothing that only a running cluster knows; write it in, or into a ConfigMap that both read',
    );
  if (path === undefined) return refuse(`the \`parameterKey\` of \`${from}\` is no path`, 'as `env[0].value`');
  if (path.length === 0) return { value: written, diagnostics: [] };
  const changed = withValueIn(written.value, path, value);
  if (changed === undefined)
    return refuse(`${who} has no place for \`${from}\``, 'its `parameterKey` is a path in the properties');
  const originAt = (at: Path): Origin => (isUnder(at, path) ? origin : written.originAt(at));
  return { value: { ...mergedFrom(written, written, changed), originAt }, diagnostics: [] };
}

const isUnder = (at: Path, path: ValuePath): boolean => path.every((step, index) => String(at[index]) === String(step));

/** Properties of a step, with the values it takes. */
export function filledStep(written: Written, inputs: readonly Input[], scope: Scope, step: string): Findings<Written> {
  const diagnostics: Diagnostic[] = [];
  const value = inputs.reduce((filled, input) => {
    const given = scope.take(input.from);
    const result =
      given === undefined
        ? { value: filled, diagnostics: [missing(`step ${step}`, input.from, input.origin)] }
        : filledWritten(filled, { ...input, path: pathOf(input.parameterKey) }, given, `step ${step}`);
    diagnostics.push(...result.diagnostics);
    return result.value;
  }, written);
  return { value, diagnostics };
}
