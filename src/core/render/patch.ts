/** One patch of a variant on one object. */
import { type Amendment, amend } from '../json/amend.ts';
import { mergePatch } from '../json/merge.ts';
import { applyPatch } from '../json/patch.ts';
import type { PatchOperation } from '../json/patch-operation.ts';
import { isObject, type Json } from '../json/value.ts';
import type { Patch } from '../model/intent.ts';
import { isKubeObject, type KubeObject, keyOf } from '../model/object.ts';
import { substituteIn, type Variables } from './substitute.ts';

export type PatchOutcome =
  | { readonly kind: 'patched'; readonly object: KubeObject }
  | { readonly kind: 'refused'; readonly message: string };

/** Shape: a patch may change anything but what the object is: its group, kind, namespace and name. */
export function patchObject(object: KubeObject, { change }: Patch, variables: Variables): PatchOutcome {
  if (change.kind === 'amend') return amendObject(object, change.amendments);
  const unknown: string[] = [];
  const filled = (value: Json): Json => {
    const done = substituteIn(value, variables);
    unknown.push(...done.unknown);
    return done.value;
  };
  const result =
    change.kind === 'merge' ? mergePatch(object, filled(change.patch)) : patchJson(object, change.patch, filled);
  if (unknown.length > 0) return { kind: 'refused', message: unknownVariable(unknown) };
  if (typeof result === 'string') return { kind: 'refused', message: result };
  if (!isKubeObject(result) || keyOf(result) !== keyOf(object)) {
    return { kind: 'refused', message: 'a patch cannot change the kind, namespace or name of an object' };
  }
  return { kind: 'patched', object: result };
}

function amendObject(object: KubeObject, amendments: readonly Amendment[]): PatchOutcome {
  const result = amend(object, amendments);
  if (result.kind === 'refused') return { kind: 'refused', message: `${result.path || '/'}: ${result.message}` };
  const { value } = result;
  const isSame = isKubeObject(value) && keyOf({ ...value, apiVersion: object.apiVersion }) === keyOf(object);
  if (isSame) return { kind: 'patched', object: value };
  return { kind: 'refused', message: 'an override cannot change the kind, namespace or name of an object' };
}

export const unknownVariable = (names: readonly string[]): string =>
  `there is no variable ${[...new Set(names)].map((name) => `\${${name}}`).join(', ')}`;

function patchJson(object: KubeObject, patch: readonly PatchOperation[], filled: (value: Json) => Json): Json {
  const operations = patch.map((operation) =>
    'value' in operation ? { ...operation, value: filled(operation.value) } : operation,
  );
  const result = applyPatch(object, operations);
  if (result.kind === 'refused') return `${result.problem.path || '/'}: ${result.problem.message}`;
  return isObject(result.value) ? result.value : 'the patch leaves no object';
}
