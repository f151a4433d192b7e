/** Kinds that hold others: at the first DELETE they only say that they are going, and are emptied before they go. */
import { at, isArray, isObject } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import {
  cleanupFinalizer,
  finalizersOf,
  foregroundFinalizer,
  orphanFinalizer,
  type Propagation,
} from './finalizers.ts';
import { partOf, withMetadata, withParts } from './objects.ts';
import { timeOf, type World } from './world.ts';

type Announce = (
  world: Pick<World, 'clock'>,
  object: KubeObject,
  options: { readonly propagation: Propagation | undefined },
) => KubeObject;

/** By place. */
export const announcements: Readonly<Record<string, Announce>> = {
  namespaces: (world, object, { propagation }) => {
    const others = finalizersOf(object).filter((each) => each !== orphanFinalizer && each !== foregroundFinalizer);
    const asked =
      propagation === 'Orphan' ? [orphanFinalizer] : propagation === 'Foreground' ? [foregroundFinalizer] : [];
    const finalizers = [...others, ...asked];
    const going = withMetadata(object, {
      deletionTimestamp: timeOf(world.clock.nowMs()),
      finalizers: finalizers.length === 0 ? undefined : finalizers,
    });
    return withParts(going, { status: { ...partOf(object, 'status'), phase: 'Terminating' } });
  },
  'customresourcedefinitions.apiextensions.k8s.io': (world, object) => {
    const time = timeOf(world.clock.nowMs());
    const finalizers = [...new Set([...finalizersOf(object), cleanupFinalizer])];
    const status = partOf(object, 'status');
    const others = isArray(status.conditions) ? status.conditions.filter(isObject) : [];
    const terminating = {
      type: 'Terminating',
      status: 'True',
      lastTransitionTime: time,
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    };
    const conditions = [...others.filter(({ type }) => type !== terminating.type), terminating];
    const going = withMetadata(object, { deletionTimestamp: time, finalizers });
    return withParts(going, { status: { ...status, conditions } });
  },
};

/** A namespace's content holds it in another place than metadata. */
export function hasContentFinalizers(namespace: KubeObject): boolean {
  const finalizers = at(namespace, 'spec', 'finalizers');
  return isArray(finalizers) && finalizers.length > 0;
}
