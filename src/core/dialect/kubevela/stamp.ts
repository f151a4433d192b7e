/** Labels and annotations that every object of an Application gets. */
import type { Edit } from '../../json/edit.ts';
import { isObject, type JsonObject, withFields } from '../../json/value.ts';
import type { CopyEdit, MadeEdit } from '../../model/intent.ts';
import { type KubeObject, textMapOf, withMetadata } from '../../model/object.ts';
import type { Application } from './schema/application.ts';

export type Marks = {
  readonly labels: JsonObject;
  readonly annotations: JsonObject;
  /** Of the labels those that name the Application: all that an object has that a step makes. */
  readonly names: JsonObject;
};

const filterKey = 'filter.oam.dev/annotation-keys';

/**
 * Those of the Application itself, and what names it. Selectors of policies, dashboards and Services may rely on them.
 *
 * Shape: without what only said something to the old control plane, and without what changes with each revision.
 */
export function marksOf({ metadata }: Application): Marks {
  const filtered = new Set((metadata.annotations[filterKey] ?? '').split(',').map((key) => key.trim()));
  const names = { 'app.oam.dev/name': metadata.name, 'app.oam.dev/namespace': metadata.namespace };
  const own = (map: Readonly<Record<string, string>>): JsonObject =>
    Object.fromEntries(Object.entries(map).filter(([key]) => !isForControlPlane(key) && !filtered.has(key)));
  return {
    labels: { ...own(metadata.labels), ...names },
    annotations: own(metadata.annotations),
    names,
  };
}

const isForControlPlane = (key: string): boolean =>
  /(?:^|\.)oam\.dev\//.test(key) || key.startsWith('landfall.dev/') || key.startsWith('kubectl.kubernetes.io/');

/** Which of the objects of a component it is. */
export type Role =
  | { readonly kind: 'workload' }
  | { readonly kind: 'trait'; readonly type: string; readonly key: string };

/** What a component makes beside its workload by itself. */
export const auxiliary = 'AuxiliaryWorkload';

export type Marked = {
  readonly name: string;
  readonly type: string;
  readonly replicaKey: string | undefined;
  readonly marks: Marks;
  readonly isOfStep: boolean;
};

export function labelsFor({ name, type, replicaKey, marks, isOfStep }: Marked, role: Role): JsonObject {
  if (isOfStep) return marks.names;
  const about =
    role.kind === 'workload'
      ? { 'app.oam.dev/resourceType': 'WORKLOAD', 'workload.oam.dev/type': type }
      : {
          'app.oam.dev/resourceType': 'TRAIT',
          'trait.oam.dev/type': role.type,
          'trait.oam.dev/resource': role.key,
        };
  const replica = replicaKey === undefined ? {} : { 'app.oam.dev/replicaKey': replicaKey };
  return { ...marks.labels, 'app.oam.dev/component': name, ...about, ...replica };
}

export function stamped(object: JsonObject, marked: Marked, role: Role): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const merged = (field: 'labels' | 'annotations', more: JsonObject): JsonObject | undefined => {
    const all = { ...(isObject(metadata[field]) ? metadata[field] : {}), ...more };
    return Object.keys(all).length === 0 ? undefined : all;
  };
  const labels = merged('labels', labelsFor(marked, role));
  const annotations = merged('annotations', marked.isOfStep ? {} : marked.marks.annotations);
  return withFields(object, { metadata: withFields(metadata, { labels, annotations }) });
}

/** The same for objects that are only known when they are copied. */
export function stampsOfCopies(marked: Marked, origin: CopyEdit['origin']): readonly CopyEdit[] {
  const { marks } = marked;
  const merge = (field: string, value: JsonObject): Edit => ({
    kind: 'change',
    at: ['metadata', field],
    change: { do: 'merge', value },
  });
  const { 'trait.oam.dev/resource': _, ...rest } = labelsFor(marked, { kind: 'trait', type: auxiliary, key: '' });
  const annotations = Object.keys(marks.annotations).length === 0 ? [] : [merge('annotations', marks.annotations)];
  return [
    { origin, to: 'first', edits: [merge('labels', labelsFor(marked, { kind: 'workload' })), ...annotations] },
    { origin, to: 'rest', edits: [merge('labels', rest), ...annotations] },
  ];
}

type Mark = { readonly key: string; readonly value: string };

const annotationsOf = (marks: readonly Mark[]): JsonObject =>
  Object.fromEntries(marks.map(({ key, value }) => [key, value]));

/** What an object says of itself to whoever applies it. */
export function withAnnotations(object: KubeObject, marks: readonly Mark[]): KubeObject {
  if (marks.length === 0) return object;
  return withMetadata(object, { annotations: { ...textMapOf(object, 'annotations'), ...annotationsOf(marks) } });
}

export const annotationsOfCopies = (marks: readonly Mark[], origin: CopyEdit['origin']): readonly CopyEdit[] =>
  annotating(marks).flatMap((edit) => (['first', 'rest'] as const).map((to) => ({ origin, to, edits: [edit] })));

export const annotationsOfMade = (marks: readonly Mark[], origin: MadeEdit['origin']): readonly MadeEdit[] =>
  annotating(marks).map((edit) => ({ origin, to: 'each', edits: [edit] }));

function annotating(marks: readonly Mark[]): readonly Edit[] {
  if (marks.length === 0) return [];
  return [{ kind: 'change', at: ['metadata', 'annotations'], change: { do: 'merge', value: annotationsOf(marks) } }];
}
