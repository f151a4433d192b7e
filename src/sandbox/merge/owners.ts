/** The owners of an object while one operation decides over them: by identity, and open to change. */
import { fieldElement } from './element.ts';
import { difference, emptySet, type FieldSet, leaf, union } from './fieldset.ts';
import { intern } from './fieldset-text.ts';
import { identityOf, type Managed, type ManagedEntry, sortedManaged } from './managed.ts';

export type Owners = Map<string, ManagedEntry>;

export const ownersOf = (managed: Managed): Owners => new Map(managed.map((entry) => [identityOf(entry), entry]));

/** Back to the form that is kept: sorted, every set shared. */
export function managedOf(owners: Owners): Managed {
  return sortedManaged([...owners.values()].map((entry) => ({ ...entry, fields: intern(entry.fields) })));
}

/** Sets what an entry owns; an entry without fields goes. */
export function setFields(owners: Owners, id: string, entry: ManagedEntry, fields: FieldSet): void {
  if (fields.size === 0) owners.delete(id);
  else owners.set(id, fields === entry.fields ? entry : { ...entry, fields });
}

// What says which object this is, and what only the server writes, belongs to nobody.
const unowned: FieldSet = new Map([
  [fieldElement('apiVersion'), leaf],
  [fieldElement('kind'), leaf],
  [
    fieldElement('metadata'),
    {
      isOwned: true,
      below: new Map(
        [
          'name',
          'namespace',
          'creationTimestamp',
          'selfLink',
          'uid',
          'clusterName',
          'generation',
          'managedFields',
          'resourceVersion',
        ].map((name) => [fieldElement(name), leaf]),
      ),
    },
  ],
]);

export const withoutIdentity = (fields: FieldSet): FieldSet => difference(fields, unowned);

// Real API servers keep ten updaters, and merge the oldest into one entry a version.
const updatersMax = 10;
const bucketName = 'ancient-changes';

/** Merges the oldest updaters until there are no more than ten, where their versions allow. */
export function capUpdaters(owners: Owners): void {
  const updaters = [...owners].filter(([, entry]) => entry.operation === 'Update');
  let count = updaters.length;
  if (count <= updatersMax) return;
  const byAge = updaters.toSorted(([a, left], [b, right]) => {
    const [older, newer] = [left.time ?? '', right.time ?? ''];
    return older === newer ? (a < b ? -1 : 1) : older < newer ? -1 : 1;
  });
  const firsts = new Map<string, string>();
  for (const [id, entry] of byAge) {
    if (count <= updatersMax) return;
    const first = firsts.get(entry.apiVersion);
    if (first === undefined) {
      firsts.set(entry.apiVersion, id);
      continue;
    }
    const identity = {
      manager: bucketName,
      operation: 'Update',
      apiVersion: entry.apiVersion,
      subresource: '',
    } as const;
    const bucketId = identityOf(identity);
    const bucket = owners.get(bucketId) ?? owners.get(first);
    if (!owners.has(bucketId)) owners.delete(first);
    owners.delete(id);
    const fields = union(entry.fields, bucket?.fields ?? emptySet);
    owners.set(bucketId, { ...identity, time: entry.time, fields });
    count -= 1;
  }
}
