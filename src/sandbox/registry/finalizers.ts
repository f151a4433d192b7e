/** What holds an object back from going. */
import { isArray, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';

/** What becomes of the objects that one owns. */
export type Propagation = 'Orphan' | 'Foreground' | 'Background';

/** Dependents are to stay. */
export const orphanFinalizer = 'orphan';
/** Dependents are to go first. */
export const foregroundFinalizer = 'foregroundDeletion';
/** Holds a CustomResourceDefinition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export function finalizersOf(object: KubeObject): readonly string[] {
  const { finalizers } = object.metadata;
  return isArray(finalizers) ? finalizers.flatMap((each) => textOf(each) ?? []) : [];
}
