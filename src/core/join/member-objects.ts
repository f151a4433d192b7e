/** What Landfall needs on a member: the manifests of `config/deploy/member`, put together, for one installation. */
import { at, isArray, isObject, type Json, textOf, withFields } from '../json/value.ts';
import { asKubeObject, type KubeObject, textMapOf, withMetadata } from '../model/object.ts';

/** What Landfall may do there; each is a folder of `config/deploy/member`. */
export const rights = ['single', 'tenant', 'cluster-admin'] as const;
export type Rights = (typeof rights)[number];

export const systemNamespace = 'landfall-system';

/** On everything that `config/deploy` makes; an object without it is somebody else's. */
export const nameLabel = 'app.kubernetes.io/name';
export const isOurs = (object: KubeObject): boolean => textMapOf(object, 'labels')[nameLabel] === 'landfall';

/**
 * The objects of a kustomization, in the order it names them: `resources` and `labels`, which is all that ours use.
 *
 * `read` gives the documents of a file by its path from the same root as `folder`.
 */
export function kustomized(folder: string, read: (path: string) => readonly Json[]): readonly KubeObject[] {
  const [kustomization = null] = read(`${folder}/kustomization.yaml`);
  const labels = Object.fromEntries(
    listAt(kustomization, 'labels').flatMap((each) => Object.entries(objectAt(each, 'pairs'))),
  );
  return listAt(kustomization, 'resources').flatMap((resource) => {
    const path = joined(folder, textOf(resource) ?? '');
    const objects = path.endsWith('.yaml') ? read(path).map(asKubeObject) : kustomized(path, read);
    return objects.map((object) => labelled(object, labels));
  });
}

const listAt = (value: Json, field: string): readonly Json[] => {
  const list = at(value, field);
  return isArray(list) ? list : [];
};
const objectAt = (value: Json, field: string): Readonly<Record<string, Json>> => {
  const found = at(value, field);
  return isObject(found) ? found : {};
};

const labelled = (object: KubeObject, labels: Readonly<Record<string, Json>>): KubeObject =>
  withMetadata(object, { labels: withFields(textMapOf(object, 'labels'), labels) });

/** `a/b` and `../c` are `a/c`. */
function joined(folder: string, path: string): string {
  const parts = folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/**
 * The same for another installation than `default`, which has accounts, roles and records of its own. The namespace is
 * everybody's.
 */
export function forInstallation(objects: readonly KubeObject[], installation: string): readonly KubeObject[] {
  if (installation === 'default') return objects;
  return objects.map((object) => {
    if (object.kind === 'Namespace') return object;
    const renamed = withMetadata(object, { name: nameFor(object.metadata.name, installation) });
    return asKubeObject(
      withFields(renamed, {
        rules: mapList(renamed.rules, (rule) => withMapped(rule, 'resourceNames', installation)),
        roleRef: withMapped(renamed.roleRef, 'name', installation),
        subjects: mapList(renamed.subjects, (subject) => withMapped(subject, 'name', installation)),
      }),
    );
  });
}

const mapList = (list: Json | undefined, change: (item: Json) => Json | undefined): Json | undefined =>
  isArray(list) ? list.flatMap((item) => change(item) ?? []) : list;

function withMapped(value: Json | undefined, field: string, installation: string): Json | undefined {
  if (!isObject(value)) return value;
  const names = value[field];
  if (names === undefined) return value;
  const renamed = isArray(names)
    ? names.map((name) => nameFor(textOf(name) ?? '', installation))
    : nameFor(textOf(names) ?? '', installation);
  return withFields(value, { [field]: renamed });
}

/** `landfall-default` is named after the installation already; `cluster-admin` is not ours. */
function nameFor(name: string, installation: string): string {
  if (name === 'landfall-default') return `landfall-${installation}`;
  return name.replace(/^landfall(?=-|$)/, `landfall-${installation}`);
}

/** What `few` has not of `all`, by kind and name. */
export function without(all: readonly KubeObject[], few: readonly KubeObject[]): readonly KubeObject[] {
  const kept = new Set(few.map(identityOf));
  return [...new Map(all.map((object) => [identityOf(object), object])).values()].filter(
    (object) => !kept.has(identityOf(object)),
  );
}

const identityOf = ({ apiVersion, kind, metadata }: KubeObject): string =>
  `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
