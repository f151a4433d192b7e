/** What one trait does: changes to the workload, and objects beside it. */
import type { z } from 'zod';
import type { Change, Edit, Step } from '../../json/edit.ts';
import { fieldOf, isArray, type JsonObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Written } from '../native/read.ts';
import { readParameters } from './written.ts';

/** An object beside the workload; `key` tells those of one trait apart. */
export type Output = { readonly key: string; readonly object: JsonObject };

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
