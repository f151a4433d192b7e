/** Names of things. A branded string cannot be mistaken for another kind of name; this file alone makes them. */

declare const kind: unique symbol;
type Id<Kind extends string> = string & { readonly [kind]: Kind };

/** A cluster's name in the inventory. */
export type ClusterId = Id<'cluster'>;
/** 40 or 64 hex digits. */
export type CommitSha = Id<'commit'>;
/** A repository's name in the settings. */
export type RepositoryId = Id<'repository'>;
/** `<namespace>/<name>` of an App, or what stands in for one; the same in statuses, pins, records and commands. */
export type AppId = Id<'app'>;
/** `<app>@<cluster>`, the unit of work. */
export type CellId = Id<'cell'>;
/** `group/Kind/namespace/name`; empty group and namespace stay empty. No version: one object can be read at many. */
export type ObjectKey = Id<'object'>;
/** `group/Kind`. */
export type GroupKind = Id<'groupKind'>;
/** What `core/json/digest.ts` makes: equal for equal content, and only then. */
export type Digest = Id<'digest'>;
/** Which Landfall this is; several may share a cluster. Part of the field manager's name and of labels. */
export type InstallationId = Id<'installation'>;

export const clusterId = (text: string): ClusterId => text as ClusterId;
export const commitSha = (text: string): CommitSha => text as CommitSha;
export const repositoryId = (text: string): RepositoryId => text as RepositoryId;
export const installationId = (text: string): InstallationId => text as InstallationId;
export const digest = (text: string): Digest => text as Digest;
export const appId = (namespace: string, name: string): AppId => `${namespace}/${name}` as AppId;
export const appIdOf = (text: string): AppId => text as AppId;
export const cellId = (app: AppId, cluster: ClusterId): CellId => `${app}@${cluster}` as CellId;
export const groupKind = (group: string, kindName: string): GroupKind => `${group}/${kindName}` as GroupKind;
export const objectKey = (group: string, kindName: string, namespace: string, name: string): ObjectKey =>
  `${group}/${kindName}/${namespace}/${name}` as ObjectKey;

export type ObjectKeyParts = {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
};

/** A key that was written out before. */
export const objectKeyOf = (text: string): ObjectKey => text as ObjectKey;

/** The parts of an object key. None of them can hold a slash: the API server refuses such names. */
export function partsOf(key: ObjectKey): ObjectKeyParts {
  const [group = '', kindName = '', namespace = '', name = ''] = key.split('/');
  return { group, kind: kindName, namespace, name };
}

export function groupKindOf(key: ObjectKey): GroupKind {
  const { group, kind: kindName } = partsOf(key);
  return groupKind(group, kindName);
}

/** The app and the cluster of a cell. */
export function partsOfCell(cell: CellId): { readonly app: AppId; readonly cluster: ClusterId } {
  const at = cell.lastIndexOf('@');
  return { app: cell.slice(0, at) as AppId, cluster: cell.slice(at + 1) as ClusterId };
}
