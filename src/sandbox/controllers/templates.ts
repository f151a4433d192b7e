/** From a workload's pod template to pods, and the hash by which templates are told apart. */
import { digestOf } from '../../core/json/digest.ts';
import { at, isArray, isObject, type Json, type JsonObject, numberOf, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { partOf } from '../registry/objects.ts';
import { controllerReference } from './actor.ts';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Ten characters, equal for equal templates. The real hash is another; nothing may depend on which. */
export function templateHash(template: Json): string {
  const digest = digestOf(template);
  return Array.from(digest.slice(0, 10), (letter) => alphabet[letter.charCodeAt(0) % alphabet.length]).join('');
}

export type PodMaking = {
  readonly owner: KubeObject;
  readonly template: JsonObject;
  readonly labels?: Readonly<Record<string, string>>;
  /** Absent: a name is made from the owner's. */
  readonly name?: string;
  readonly spec?: JsonObject;
};

/** A pod as its controller creates it. */
export function podFrom({ owner, template, labels = {}, name, spec = {} }: PodMaking): JsonObject {
  const metadata = partOf(template, 'metadata');
  const annotations = metadata.annotations;
  return {
    metadata: {
      ...(name === undefined ? { generateName: `${owner.metadata.name}-` } : { name }),
      namespace: owner.metadata.namespace ?? '',
      labels: { ...partOf(metadata, 'labels'), ...labels },
      ...(isObject(annotations) ? { annotations } : {}),
      ownerReferences: [controllerReference(owner)],
    },
    spec: { ...partOf(template, 'spec'), ...spec },
  };
}

export const templateOf = (object: KubeObject): JsonObject => partOf(partOf(object, 'spec'), 'template');
export const specOf = (object: KubeObject): JsonObject => partOf(object, 'spec');
export const statusOf = (object: KubeObject): JsonObject => partOf(object, 'status');
export const generationOf = (object: KubeObject): number => numberOf(object.metadata.generation) ?? 0;
export const replicasOf = (object: KubeObject): number => numberOf(at(object, 'spec', 'replicas')) ?? 1;
export const numberAt = (object: Json, ...path: readonly string[]): number => numberOf(at(object, ...path)) ?? 0;
export const listAt = (object: Json, ...path: readonly string[]): readonly JsonObject[] => {
  const list = at(object, ...path);
  return isArray(list) ? list.filter(isObject) : [];
};

/** What an image's tag says of the container it would run. */
export type Fate = 'runs' | 'cannotPull' | 'crashes';

/** Images whose tag ends in `-broken` cannot be pulled; in `-failing`, they exit at once. */
export function fateOf(spec: JsonObject): Fate {
  const images = listAt(spec, 'containers').map((container) => textOf(container.image) ?? '');
  if (images.some((image) => image.endsWith('-broken'))) return 'cannotPull';
  return images.some((image) => image.endsWith('-failing')) ? 'crashes' : 'runs';
}
