/** The kinds that a cluster serves, as its discovery lists them. */
import { type GroupKind, groupKind } from './id.ts';
import { groupOf, versionOf } from './object.ts';

export type Kind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, as in paths. */
  readonly resource: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly isNamespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
};

/** Lookups over one cluster's kinds. Where a kind is served at several versions, the preferred one comes first. */
export type Kinds = {
  readonly all: readonly Kind[];
  /** At exactly this version. */
  readonly at: (apiVersion: string, kind: string) => Kind | undefined;
  /** At the preferred version. */
  readonly of: (groupKind: GroupKind) => Kind | undefined;
  /** By plural, singular, short or kind name, in any case; `group` undefined looks in all, the core group first. */
  readonly named: (resource: string, group?: string) => Kind | undefined;
};

/** Shape: `all` in order of preference, best version of a group first. Cost: linear to build, constant to ask. */
export function kindsOf(all: readonly Kind[]): Kinds {
  const byVersion = new Map<string, Kind>();
  const byGroupKind = new Map<GroupKind, Kind>();
  const byName = new Map<string, Kind[]>();
  for (const kind of all) {
    const id = groupKind(kind.group, kind.kind);
    byVersion.set(`${id}/${kind.version}`, kind);
    if (!byGroupKind.has(id)) byGroupKind.set(id, kind);
    for (const name of new Set([kind.resource, kind.singular, kind.kind.toLowerCase(), ...kind.shortNames])) {
      byName.set(name, [...(byName.get(name) ?? []), kind]);
    }
  }
  return {
    all,
    at: (apiVersion, kind) => byVersion.get(`${groupKind(groupOf(apiVersion), kind)}/${versionOf(apiVersion)}`),
    of: (id) => byGroupKind.get(id),
    named: (resource, group) => {
      const found = byName.get(resource.toLowerCase()) ?? [];
      if (group !== undefined) return found.find((kind) => kind.group === group);
      return found.find((kind) => kind.group === '') ?? found[0];
    },
  };
}
