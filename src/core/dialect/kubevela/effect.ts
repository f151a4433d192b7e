/** What one trait does: changes to the workload, and objects beside it. */
import type { z } from 'zod';
import { applyEdits, type Change, type Edit, type Step } from '../../json/edit.ts';
import { fieldOf, isArray, isObject, type JsonObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Origin } from '../../model/source.ts';
import type { Written } from '../native/read.ts';
import { problem } from './problem.ts';
import { readParameters } from './written.ts';

/** An object beside the workload; `key` tells those of one trait apart. */
export type Output = { readonly key: string; readonly object: JsonObject };

/** What a trait says twice of one object is one object, as far as both say the same. */
export function unifiedOutputs(outputs: readonly Output[], origin: Origin): Findings<readonly Output[]> {
  const diagnostics: Diagnostic[] = [];
  const value = [...Map.groupBy(outputs, ({ key }) => key)].flatMap(([key, same]): readonly Output[] => {
    const edits = same.map(({ object }) => change([], { do: 'unify', value: object }));
    const result = applyEdits({}, edits);
    if (result.kind === 'edited' && isObject(result.value)) return [{ key, object: result.value }];
    const why = result.kind === 'refused' ? result.message : '';
    diagnostics.push(problem('A1515', origin, `${key} is written twice: ${why}`));
    return [];
  });
  return { value, diagnostics };
}

export type Effect = { readonly edits: readonly Edit[]; readonly objects: readonly Output[] };

/** What a component is rendered for. */
export type Context = {
  /** Of the component. */
  readonly name: string;
  readonly app: string;
  /** Where its objects go. */
  readonly namespace: string;
  readonly appNamespace: string;
};

export type Trait = (given: Written, context: Context) => Findings<Effect>;

export const noEffect: Effect = { edits: [], objects: [] };

export function trait<Schema extends z.ZodType>(
  schema: Schema,
  make: (parameters: z.output<Schema>, context: Context) => Partial<Effect>,
): Trait {
  return (given, context) => {
    const { value, diagnostics } = readParameters(schema, given);
    return { value: value === undefined ? noEffect : { ...noEffect, ...make(value, context) }, diagnostics };
  };
}

/** A trait that is for one container, by default the component's own, or that lists several. */
export function containerTrait<Schema extends z.ZodType<{ readonly containerName: string }>>(
  schema: Schema,
  make: (parameters: z.output<Schema>, at: readonly Step[], context: Context) => readonly Edit[],
  list = 'containers',
): Trait {
  return (given, context) => {
    const edits: Edit[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const each of containersIn(given, list)) {
      const { value, diagnostics: found } = readParameters(schema, each);
      diagnostics.push(...found);
      if (value === undefined) continue;
      const name = value.containerName === '' ? context.name : value.containerName;
      edits.push(...make(value, [...containers, { field: 'name', is: name }], context));
    }
    return { value: { ...noEffect, edits }, diagnostics };
  };
}

function containersIn(given: Written, list: string): readonly Written[] {
  const several = fieldOf(given.value, list);
  if (!isArray(several)) return [given];
  return several.map((value, index) => ({
    value,
    called: given.called,
    originAt: (path) => given.originAt([list, index, ...path]),
  }));
}

export const pod: readonly string[] = ['spec', 'template', 'spec'];
export const containers: readonly string[] = [...pod, 'containers'];

export const change = (at: readonly Step[], what: Change, where?: readonly string[]): Edit => ({
  kind: 'change',
  at,
  ...(where === undefined ? {} : { where }),
  change: what,
});
