/** Discovery in two answers, as servers since 1.26 give it. */
import { at, fieldOf, type Json, textOf } from '../../core/json/value.ts';
import type { Kind } from '../../core/model/kinds.ts';
import { listOf, textsOf } from './lists.ts';

/** What was found, best version of each group first, and the `group/version`s whose kinds nobody could tell. */
export type Found = { readonly kinds: readonly Kind[]; readonly unavailable: readonly string[] };

const form = 'application/json;g=apidiscovery.k8s.io';

/** Older servers answer to the last of these, in the old form. */
export const acceptAggregated = `${form};v=v2;as=APIGroupDiscoveryList,${form};v=v2beta1;as=APIGroupDiscoveryList,application/json`;

/** Undefined when the answer has the old form. Source: k8s.io/api, apidiscovery/v2. */
export function readAggregated(body: Json): Found | undefined {
  if (fieldOf(body, 'kind') !== 'APIGroupDiscoveryList') return undefined;
  const kinds: Kind[] = [];
  const unavailable: string[] = [];
  for (const item of listOf(body, 'items')) {
    const group = textOf(at(item, 'metadata', 'name')) ?? '';
    for (const served of listOf(item, 'versions')) {
      const version = textOf(fieldOf(served, 'version')) ?? '';
      // The aggregator could not ask the server behind it: what is listed is old or nothing.
      if (fieldOf(served, 'freshness') === 'Stale') unavailable.push(group === '' ? version : `${group}/${version}`);
      for (const resource of listOf(served, 'resources')) {
        const kind = kindOf(group, version, resource);
        if (kind !== undefined) kinds.push(kind);
      }
    }
  }
  return { kinds, unavailable };
}

function kindOf(group: string, version: string, resource: Json): Kind | undefined {
  const plural = textOf(fieldOf(resource, 'resource')) ?? '';
  const kind = textOf(at(resource, 'responseKind', 'kind')) ?? '';
  const verbs = textsOf(fieldOf(resource, 'verbs'));
  // A resource that only holds subresources is listed too, without verbs.
  if (plural === '' || kind === '' || verbs.length === 0) return undefined;
  return {
    group,
    version,
    kind,
    resource: plural,
    singular: textOf(fieldOf(resource, 'singularResource')) || kind.toLowerCase(),
    shortNames: textsOf(fieldOf(resource, 'shortNames')),
    isNamespaced: fieldOf(resource, 'scope') === 'Namespaced',
    verbs,
    subresources: listOf(resource, 'subresources').flatMap((part) => textOf(fieldOf(part, 'subresource')) ?? []),
  };
}
