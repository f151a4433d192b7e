/** Fields that an App leaves to others. */
import { type Pointer, parsePointer, valueAt } from '../json/pointer.ts';
import { withoutPointers } from '../json/remove.ts';
import type { InitialValue } from '../model/cell.ts';
import { type Cluster, matches } from '../model/fleet.ts';
import { type IgnoreRule, isReleasable } from '../model/intent.ts';
import { asKubeObject, type KubeObject } from '../model/object.ts';
import { isTarget } from './target.ts';

export type Released = {
  readonly object: KubeObject;
  readonly released: readonly Pointer[];
  /** Of those, what the object is made with. */
  readonly initial: readonly InitialValue[];
};

export const isIgnoredOn = ({ clusters }: IgnoreRule, cluster: Cluster): boolean =>
  clusters === undefined || matches(clusters, cluster);

/** Dialects refuse what is no pointer and what cannot be left to others; here it is left alone. */
function pointerOf(path: string): readonly Pointer[] {
  const pointer = parsePointer(path);
  return pointer !== undefined && isReleasable(pointer) ? [pointer] : [];
}

/** Takes the ignored fields out. Shape: `released` lists them all, also those that the manifest does not have. */
export function releaseIgnored(object: KubeObject, rules: readonly IgnoreRule[]): Released {
  const meant = rules.filter((rule) => isTarget(rule.target, object));
  const released = meant.flatMap((rule) => rule.paths.flatMap(pointerOf));
  const initial = meant
    .filter(({ since }) => since === 'creation')
    .flatMap(({ paths }) => paths.flatMap(pointerOf))
    .flatMap((path): readonly InitialValue[] => {
      const value = valueAt(object, path);
      return value === undefined ? [] : [{ path, value }];
    });
  return { object: asKubeObject(withoutPointers(object, released)), released, initial };
}
