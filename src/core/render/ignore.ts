/** Fields that an App leaves to others. */
import { type Pointer, parsePointer } from '../json/pointer.ts';
import { withoutPointers } from '../json/remove.ts';
import { type IgnoreRule, isReleasable } from '../model/intent.ts';
import { asKubeObject, type KubeObject } from '../model/object.ts';
import { isTarget } from './target.ts';

export type Released = { readonly object: KubeObject; readonly released: readonly Pointer[] };

/** Dialects refuse what is no pointer and what cannot be left to others; here it is left alone. */
function pointerOf(path: string): readonly Pointer[] {
  const pointer = parsePointer(path);
  return pointer !== undefined && isReleasable(pointer) ? [pointer] : [];
}

/** Takes the ignored fields out. Shape: `released` lists them all, also those that the manifest does not have. */
export function releaseIgnored(object: KubeObject, rules: readonly IgnoreRule[]): Released {
  const meant = rules.filter((rule) => isTarget(rule.target, object));
  const released = meant.flatMap((rule) => rule.paths.flatMap(pointerOf));
  return { object: asKubeObject(withoutPointers(object, released)), released };
}
