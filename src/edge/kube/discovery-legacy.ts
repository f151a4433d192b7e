/** Discovery by one request for each group and version, for servers that know no other. */
import { fieldOf, type Json, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { Found } from './discovery-aggregated.ts';
import { listOf, textsOf } from './lists.ts';

/** Reads one path of the API. */
export type ReadPath = (path: string) => Promise<Json>;

type GroupVersion = { readonly group: string; readonly version: string };

/**
 * Shape: as `readAggregated`. A group that does not answer is unavailable; the core group must.
 * Errors: FaultError.
 */
export async function discoverLegacy(core: Json, groups: Json, read: ReadPath): Promise<Found> {
  const served: GroupVersion[] = [
    ...textsOf(fieldOf(core, 'versions')).map((version) => ({ group: '', version })),
    ...listOf(groups, 'groups').flatMap(versionsOf),
  ];
  const unavailable: string[] = [];
  const kinds = await Promise.all(
    served.map(async ({ group, version }) => {
      try {
        const body = await read(group === '' ? `/api/${version}` : `/apis/${group}/${version}`);
        return kindsOf(group, version, listOf(body, 'resources'));
      } catch (error) {
        const isPartial = error instanceof FaultError && group !== '' && error.fault.kind !== 'unauthenticated';
        if (!isPartial) throw error;
        unavailable.push(`${group}/${version}`);
        return [];
      }
    }),
  );
  return { kinds: kinds.flat(), unavailable: unavailable.toSorted() };
}

/** The preferred version first. */
function versionsOf(entry: Json): readonly GroupVersion[] {
  const group = textOf(fieldOf(entry, 'name')) ?? '';
  const preferred = textOf(fieldOf(fieldOf(entry, 'preferredVersion'), 'version'));
  const versions = listOf(entry, 'versions').flatMap((served) => textOf(fieldOf(served, 'version')) ?? []);
  const ordered = [
    ...versions.filter((version) => version === preferred),
    ...versions.filter((version) => version !== preferred),
  ];
  return ordered.map((version) => ({ group, version }));
}

function kindsOf(group: string, version: string, resources: readonly Json[]): readonly Kind[] {
  const nameOf = (resource: Json): string => textOf(fieldOf(resource, 'name')) ?? '';
  const names = resources.map(nameOf);
  return resources.flatMap((resource) => {
    const plural = nameOf(resource);
    const kind = textOf(fieldOf(resource, 'kind')) ?? '';
    if (plural === '' || kind === '' || plural.includes('/')) return [];
    return {
      group,
      version,
      kind,
      resource: plural,
      singular: textOf(fieldOf(resource, 'singularName')) || kind.toLowerCase(),
      shortNames: textsOf(fieldOf(resource, 'shortNames')),
      isNamespaced: fieldOf(resource, 'namespaced') === true,
      verbs: textsOf(fieldOf(resource, 'verbs')),
      subresources: names.filter((name) => name.startsWith(`${plural}/`)).map((name) => name.slice(plural.length + 1)),
    };
  });
}
