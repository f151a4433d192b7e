/** Which objects of a collection a request is about. */
import { at, isArray, textOf } from '../../core/json/value.ts';
import type { Entry } from '../store/entry.ts';
import type { Call } from './call.ts';
import { parseFieldSelector } from './field-selector.ts';
import { parseLabelSelector, SelectorError } from './label-selector.ts';
import type { ListOptions } from './query.ts';
import { badRequest } from './refusals.ts';

export type Selection = {
  /** Nothing is left out but by namespace. */
  readonly isAll: boolean;
  readonly matches: (entry: Entry) => boolean;
  /** In the namespace asked for, at a revision; undefined when that is forgotten. Selectors are not applied but for names. */
  readonly list: (revision: number) => readonly Entry[] | undefined;
  /** Undefined: all. */
  readonly namespace: string | undefined;
};

/** Errors: 400 for selectors that cannot be read. */
export function selectionOf(call: Call, options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>): Selection {
  const { world, kind, path } = call;
  const { store } = world;
  try {
    const labels = parseLabelSelector(options.labelSelector);
    const fields = parseFieldSelector(options.fieldSelector, kind.resource, selectableFieldsOf(call));
    const namespace = path.namespace === '' ? fields?.namespace : path.namespace;
    const matches = (entry: Entry): boolean =>
      (namespace === undefined || entry.namespace === namespace) &&
      (labels === undefined || labels(entry.labels)) &&
      (fields === undefined || fields.matches(entry, store.read));
    const list = (revision: number): readonly Entry[] | undefined => {
      if (revision !== store.revision()) return store.listAt(kind.place, namespace, revision);
      if (fields?.name === undefined || (namespace === undefined && kind.resource.isNamespaced)) {
        return store.list(kind.place, namespace);
      }
      const only = store.get(kind.place, namespace ?? '', fields.name);
      return only === undefined ? [] : [only];
    };
    return { isAll: labels === undefined && fields === undefined, matches, list, namespace };
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

/** What the kind's CRD lets one select by, if it is a custom kind. */
function selectableFieldsOf({ world, kind }: Call): readonly string[] {
  if (kind.schema.custom === undefined) return [];
  const crd = world.store.get('customresourcedefinitions.apiextensions.k8s.io', '', kind.place);
  const versions = crd === undefined ? undefined : at(world.store.read(crd), 'spec', 'versions');
  const version = isArray(versions) ? versions.find((each) => at(each, 'name') === kind.schema.version) : undefined;
  const fields = at(version, 'selectableFields');
  return isArray(fields) ? fields.flatMap((field) => textOf(at(field, 'jsonPath'))?.replace(/^\./, '') ?? []) : [];
}
