/** Override policies: other properties and traits, other components. */
import { isObject, type Json, type JsonObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { readWritten, type Written } from '../native/read.ts';
import { type Component, type GivenTrait, propertiesOf, revisionless } from './loaded.ts';
import { problem } from './problem.ts';
import { Override } from './schema/policy.ts';
import { mergedFrom } from './written.ts';

type Patch = {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly written: Written;
  readonly properties: Written;
  readonly traits: readonly (GivenTrait & { readonly isDisabled: boolean })[];
};

/** Applies one policy; policies see what the ones before them left. */
export function override(components: readonly Component[], policy: Written): Findings<readonly Component[]> {
  const { value, diagnostics } = readWritten(Override, policy);
  if (value === undefined) return { value: components, diagnostics };
  const problems: Diagnostic[] = [];
  let result = components;
  for (const [index, given] of (value.components ?? []).entries()) {
    if (given.externalRevision)
      problems.push(revisionless(given.name || '*', policy.originAt(['components', index, 'externalRevision'])));
    const patch = patchOf(given.name ?? undefined, given.type ?? undefined, index, policy);
    result = applyPatch(result, patch, problems);
  }
  const { selector } = value;
  const kept =
    selector === undefined || selector === null ? result : result.filter(({ name }) => selector.includes(name));
  return { value: kept, diagnostics: problems };
}

function patchOf(name: string | undefined, type: string | undefined, index: number, policy: Written): Patch {
  const written = inside(policy, ['components', index]);
  const listed = isObject(written.value) && Array.isArray(written.value.traits) ? written.value.traits : [];
  return {
    name: name === '' ? undefined : name,
    type: type === '' ? undefined : type,
    written,
    properties: { ...inside(written, ['properties']), called: propertiesOf(type ?? 'the component') },
    traits: listed.flatMap((trait: Json, at): Patch['traits'] => {
      if (!isObject(trait) || typeof trait.type !== 'string') return [];
      const given = { ...inside(written, ['traits', at, 'properties']), called: propertiesOf(trait.type) };
      return [{ type: trait.type, given, isDisabled: trait.disable === true }];
    }),
  };
}

export function inside(written: Written, path: readonly (string | number)[]): Written {
  let value: Json | undefined = written.value;
  for (const step of path)
    value = Array.isArray(value) ? value[Number(step)] : isObject(value) ? value[String(step)] : undefined;
  return { value: value ?? {}, called: written.called, originAt: (more) => written.originAt([...path, ...more]) };
}

function applyPatch(components: readonly Component[], patch: Patch, problems: Diagnostic[]): readonly Component[] {
  const { name, type } = patch;
  if (name === undefined)
    return components.map((each) => (type === undefined || each.type === type ? merged(each, patch) : each));
  const matched = components.filter((each) => isNameOf(name, each.name));
  if (matched.length > 0) {
    return components.map((each) => {
      if (!matched.includes(each)) return each;
      return type === undefined || each.type === type ? merged(each, patch) : made(each.name, type, patch);
    });
  }
  if (name.includes('*')) {
    const origin = patch.written.originAt(['name']);
    problems.push(problem('A1203', origin, `no component is named like ${name}`));
    return components;
  }
  if (type === undefined) {
    const hint = 'a component that only a policy has needs a `type`';
    problems.push(problem('A1203', patch.written.originAt(['name']), `there is no component ${name}`, hint));
    return components;
  }
  return [...components, made(name, type, patch)];
}

/** `*` stands for any letters, everything else for itself. Cost: linear, however many stars. */
export function isNameOf(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return pattern === name;
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  let from = head.length;
  const end = name.length - tail.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, from);
    if (found === -1 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
}

function made(name: string, type: string, patch: Patch): Component {
  return {
    name,
    type,
    origin: patch.written.originAt([]),
    properties: { ...patch.properties, called: propertiesOf(type) },
    traits: patch.traits
      .filter(({ isDisabled }) => !isDisabled)
      .map(({ type: trait, given }) => ({ type: trait, given })),
    dependsOn: [],
    replicaKey: undefined,
    inputs: [],
    outputs: [],
  };
}

/** Traits meet by type; of several of one type the first is changed. */
function merged(component: Component, patch: Patch): Component {
  let { traits } = component;
  for (const { type, given, isDisabled } of patch.traits) {
    const index = traits.findIndex((trait) => trait.type === type);
    const met = traits[index];
    if (isDisabled) traits = traits.filter((trait) => trait.type !== type);
    else if (met === undefined) traits = [...traits, { type, given }];
    else traits = traits.with(index, { type, given: mergedWritten(met.given, given) });
  }
  return { ...component, traits, properties: mergedWritten(component.properties, patch.properties) };
}

const mergedWritten = (older: Written, newer: Written): Written =>
  mergedFrom(older, newer, deepMerge(older.value, newer.value));

/** Objects field by field; anything else, null and lists too, takes the place of what was there. */
export function deepMerge(base: Json, patch: Json): Json {
  if (!isObject(base) || !isObject(patch)) return patch;
  const fields = new Map<string, Json>(Object.entries(base));
  for (const [field, part] of Object.entries(patch)) {
    const met = fields.get(field);
    fields.set(field, met === undefined ? part : deepMerge(met, part));
  }
  return Object.fromEntries(fields) satisfies JsonObject;
}
