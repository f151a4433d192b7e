/** The variants of a native App: images and patches for some clusters. */
import type { z } from 'zod';
import { readPatch } from '../../json/patch-operation.ts';
import type { JsonObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Patch, Variant } from '../../model/intent.ts';
import { originAt, type Placed } from '../placed.ts';
import { clusterMatchOf, targetOf } from './matching.ts';
import type { App } from './schema/app.ts';

type Given = z.output<typeof App>['spec']['variants'][number];

export function readVariant(given: Given, index: number, placed: Placed): Findings<Variant> {
  const patches = given.patches.map((patch, at) => readOne(patch, ['spec', 'variants', index, 'patches', at], placed));
  const variant: Variant = {
    origin: originAt(placed, ['spec', 'variants', index]),
    clusters: clusterMatchOf(given),
    images: given.images.map(({ name, newName, newTag, digest }) => ({ name, newName, newTag, digest })),
    patches: patches.flatMap(({ value }) => (value === undefined ? [] : [value])),
  };
  return { value: variant, diagnostics: patches.flatMap(({ diagnostics }) => diagnostics) };
}

function readOne(
  given: Given['patches'][number],
  path: readonly (string | number)[],
  placed: Placed,
): Findings<Patch | undefined> {
  const base = { origin: originAt(placed, path), target: targetOf(given.target) };
  if (!isList(given.patch))
    return { value: { ...base, change: { kind: 'merge', patch: given.patch } }, diagnostics: [] };
  const read = readPatch(given.patch);
  if (read.kind === 'read') return { value: { ...base, change: { kind: 'json', patch: read.patch } }, diagnostics: [] };
  const diagnostics = read.problems.map(
    ({ operation, message }): Diagnostic => ({
      code: 'A1106',
      severity: 'error',
      origin: originAt(placed, [...path, 'patch', operation]),
      message,
    }),
  );
  return { value: undefined, diagnostics };
}

const isList = (patch: JsonObject | readonly JsonObject[]): patch is readonly JsonObject[] => Array.isArray(patch);
