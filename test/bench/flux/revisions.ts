/** The states of a repository that contestants are led through. */
import { fieldOf, textOf } from '../../../src/core/json/value.ts';
import { type KubeObject, textMapOf, withMetadata } from '../../../src/core/model/object.ts';
import { appFiles, appsOf, documents, type Files, objectsOf, objectsPerApp } from '../workload.ts';

export const appNames = (objects: number): readonly string[] =>
  Array.from({ length: appsOf(objects) }, (_, index) => `app-${index}`);

/** Every App is there, with its first object alone: nobody is measured for learning what there is. */
export const seedFiles = (objects: number, namespace: string): Files =>
  revision(objects, namespace, (all) => all.slice(0, 1));

export const wholeFiles = (objects: number, namespace: string): Files => revision(objects, namespace, (all) => all);

export const labelledFiles = (objects: number, namespace: string): Files =>
  revision(objects, namespace, (all) => all.map((object) => withMetadata(object, { labels: { bench: 'changed' } })));

export const isLabelled = (object: KubeObject): boolean => textMapOf(object, 'labels').bench === 'changed';

/** As `changedFile` sets it. */
export const hasValue =
  (value: string) =>
  (object: KubeObject): boolean =>
    textOf(fieldOf(fieldOf(object, 'data'), 'value')) === value;

function revision(
  count: number,
  namespace: string,
  change: (objects: readonly KubeObject[]) => readonly KubeObject[],
): Files {
  const all = objectsOf(count);
  const contents = appNames(count).map((name, index) => {
    const own = all.slice(index * objectsPerApp, (index + 1) * objectsPerApp);
    return [`apps/${name}/objects.yaml`, documents(...change(own))] as const;
  });
  return { ...appFiles(count, namespace), ...Object.fromEntries(contents) };
}
