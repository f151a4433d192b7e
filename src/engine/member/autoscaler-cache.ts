/** The workloads of one member that an autoscaler keeps: their replica count is not ours. */
import type { Pointer } from '../../core/json/pointer.ts';
import { at, textOf } from '../../core/json/value.ts';
import { type ObjectKey, objectKey } from '../../core/model/id.ts';
import type { Kind, Kinds } from '../../core/model/kinds.ts';
import { groupOf, type KubeObject } from '../../core/model/object.ts';
import type { FollowEvent } from '../../edge/kube/track.ts';

/** One HorizontalPodAutoscaler, KEDA's among them. */
export type Autoscaler = { readonly name: string; readonly target: ObjectKey };

const replicas: readonly Pointer[] = [['spec', 'replicas']];
const nothing: readonly Pointer[] = [];

/** Every autoscaler counts, whoever made it: watches of them take no selector. */
export function autoscalerOf(object: KubeObject): Autoscaler {
  const reference = at(object, 'spec', 'scaleTargetRef');
  const text = (field: string): string => textOf(at(reference, field)) ?? '';
  const namespace = object.metadata.namespace ?? '';
  return {
    name: `${namespace}/${object.metadata.name}`,
    target: objectKey(groupOf(text('apiVersion')), text('kind'), namespace, text('name')),
  };
}

export const autoscalerKind = (kinds: Kinds): Kind | undefined =>
  kinds.named('horizontalpodautoscalers', 'autoscaling');

export class AutoscalerCache {
  readonly #byName = new Map<string, ObjectKey>();
  /** Found by who wrote, where no HorizontalPodAutoscaler says so. */
  readonly #seen = new Map<ObjectKey, readonly Pointer[]>();
  readonly #onChange: (targets: readonly ObjectKey[]) => void;

  constructor(onChange: (targets: readonly ObjectKey[]) => void) {
    this.#onChange = onChange;
  }

  /** The fields of an object that are an autoscaler's. */
  fieldsOf(key: ObjectKey): readonly Pointer[] {
    const seen = this.#seen.get(key);
    if (seen !== undefined) return seen;
    for (const target of this.#byName.values()) if (target === key) return replicas;
    return nothing;
  }

  /** Another program scales this object; from now on these fields are left to it. */
  note(key: ObjectKey, fields: readonly Pointer[]): void {
    this.#seen.set(key, fields);
  }

  /** `namespace`: where the event was seen; undefined when all namespaces are looked at in one. */
  take(event: FollowEvent<Autoscaler>, namespace?: string): void {
    switch (event.kind) {
      case 'listed': {
        const before = [...this.#byName].filter(([name]) => isIn(name, namespace));
        for (const [name] of before) this.#byName.delete(name);
        for (const { name, target } of event.items) this.#byName.set(name, target);
        this.#tell([...before.map(([, target]) => target), ...event.items.map(({ target }) => target)]);
        return;
      }
      case 'set': {
        const before = this.#byName.get(event.item.name);
        if (before === event.item.target) return;
        this.#byName.set(event.item.name, event.item.target);
        this.#tell(before === undefined ? [event.item.target] : [before, event.item.target]);
        return;
      }
      case 'gone':
        this.#byName.delete(event.item.name);
        this.#tell([event.item.target]);
        return;
      default:
        return;
    }
  }

  #tell(targets: readonly ObjectKey[]): void {
    if (targets.length > 0) this.#onChange(targets);
  }
}

const isIn = (name: string, namespace: string | undefined): boolean =>
  namespace === undefined || name.startsWith(`${namespace}/`);
