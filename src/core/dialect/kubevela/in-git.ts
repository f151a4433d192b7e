/** Objects of this repository that components refer to: what is written need not be read from a cluster. */
import { isArray, isObject, type JsonObject, textOf } from '../../json/value.ts';
import { groupOf } from '../../model/object.ts';
import type { Files } from '../files.ts';
import { kindOfDocument } from '../placed.ts';

export type Wanted = {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
};

/** Shape: undefined when it is not here, or here more than once: then only a cluster knows which one it has. */
export type InGit = (wanted: Wanted) => JsonObject | undefined;

/** `kinds`: those that are ever asked for. */
export function objectsInGit(files: Files, kinds: readonly string[]): InGit {
  const found = new Map<string, JsonObject | undefined>();
  const note = (object: JsonObject, fallback: string): void => {
    const { apiVersion, kind, metadata } = object;
    const name = isObject(metadata) ? textOf(metadata.name) : undefined;
    if (typeof kind !== 'string' || name === undefined || !kinds.includes(kind)) return;
    const namespace = (isObject(metadata) ? textOf(metadata.namespace) : undefined) || fallback;
    const key = keyOf({ group: groupOf(textOf(apiVersion) ?? ''), kind, namespace, name });
    // What is encrypted says nothing.
    found.set(key, found.has(key) || isObject(object.sops) ? undefined : object);
  };
  for (const { document } of files.all.flatMap(files.documentsOf)) {
    note(document.value, 'default');
    const { kind, namespace } = kindOfDocument(document);
    if (kind === 'Application') for (const object of objectsOf(document.value)) note(object, namespace || 'default');
  }
  return (wanted) => found.get(keyOf(wanted));
}

const keyOf = ({ group, kind, namespace, name }: Wanted): string => [group, kind, namespace, name].join('/');

/** Of its `k8s-objects` components. */
function objectsOf({ spec }: JsonObject): readonly JsonObject[] {
  const components = isObject(spec) && isArray(spec.components) ? spec.components : [];
  return components.flatMap((component) => {
    const properties = isObject(component) && component.type === 'k8s-objects' ? component.properties : undefined;
    const objects = isObject(properties) ? properties.objects : undefined;
    return isArray(objects) ? objects.filter(isObject) : [];
  });
}
