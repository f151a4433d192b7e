/** The overrides of a federated object: edits for one cluster at a time. */
import type { Amendment } from '../../json/amend.ts';
import { parsePointer, valueAt } from '../../json/pointer.ts';
import { excerpt } from '../../model/excerpt.ts';
import { type ClusterId, clusterId } from '../../model/id.ts';
import type { Patch, Target, Variant } from '../../model/intent.ts';
import { nearest } from '../nearest.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { hasDottedPaths } from './group.ts';
import type { Problems } from './read.ts';
import type { Federated, FederatedOverride } from './schema.ts';

export const anyObject: Target = {
  group: undefined,
  version: undefined,
  kind: undefined,
  namespace: undefined,
  name: undefined,
  selector: [],
};

type Given = readonly (Override | Override2018)[];
type Override = NonNullable<Federated['spec']['overrides']>[number];
type Override2018 = NonNullable<FederatedOverride['spec']['overrides']>[number];

/** What the fields of 2018 are about. */
const fieldPaths = { replicas: ['spec', 'replicas'], parallelism: ['spec', 'parallelism'], data: ['data'] } as const;
const fields = Object.keys(fieldPaths) as readonly (keyof typeof fieldPaths)[];

/** Shape: one variant a cluster, in their order. `known`: clusters of the same repository; none says nothing. */
export function variantsOf(
  overrides: Given,
  placed: Placed,
  known: ReadonlySet<ClusterId>,
  problems: Problems,
): readonly Variant[] {
  const seen = new Set<string>();
  return overrides.map((override, index): Variant => {
    const path = ['spec', 'overrides', index];
    const clusterName = override.clusterName ?? ('clustername' in override ? override.clustername : undefined) ?? '';
    if (seen.has(clusterName))
      problems.error('A1555', [...path, 'clusterName'], `cluster ${excerpt(clusterName)} is overridden twice`);
    seen.add(clusterName);
    if (known.size > 0 && !known.has(clusterId(clusterName))) {
      const guess = nearest(clusterName, [...known]);
      const hint = guess === undefined ? undefined : `did you mean \`${guess}\`?`;
      problems.warn('A1561', [...path, 'clusterName'], `there is no cluster ${excerpt(clusterName)}`, hint);
    }
    return {
      origin: originAt(placed, path),
      clusters: { kind: 'names', names: [clusterId(clusterName)] },
      images: [],
      patches: [
        ...fieldPatches(override, path, placed),
        ...patchesOf(override.clusterOverrides ?? [], [...path, 'clusterOverrides'], placed, problems),
      ],
    };
  });
}

function fieldPatches(override: Given[number], path: readonly (string | number)[], placed: Placed): readonly Patch[] {
  return fields.flatMap((field): readonly Patch[] => {
    const here = [...path, field];
    const value = field in override ? valueAt(placed.document.value, here.map(String)) : undefined;
    if (value === undefined || value === null) return [];
    const amendments: readonly Amendment[] = [{ op: 'replace', path: fieldPaths[field], value }];
    return [{ origin: originAt(placed, here), target: anyObject, change: { kind: 'amend', amendments } }];
  });
}

type Item = NonNullable<Given[number]['clusterOverrides']>[number];

function patchesOf(
  items: readonly Item[],
  path: readonly (string | number)[],
  placed: Placed,
  problems: Problems,
): readonly Patch[] {
  const seen = new Set<string>();
  return items.flatMap((item, index): readonly Patch[] => {
    const here = [...path, index];
    if (seen.has(item.path))
      problems.error('A1556', [...here, 'path'], `the path ${excerpt(item.path)} is overridden twice`);
    seen.add(item.path);
    const amendment = amendmentOf(item, here, placed, problems);
    if (amendment === undefined) return [];
    return [{ origin: originAt(placed, here), target: anyObject, change: { kind: 'amend', amendments: [amendment] } }];
  });
}

function amendmentOf(
  { op, path: written }: Item,
  here: readonly (string | number)[],
  placed: Placed,
  problems: Problems,
): Amendment | undefined {
  const { group } = kindOfDocument(placed.document);
  const isDotted = !written.startsWith('/') && written !== '' && hasDottedPaths(group);
  const path = isDotted ? written.split('.') : parsePointer(written);
  if (path === undefined) {
    const hint = 'it begins with a slash, as /spec/replicas; a slash inside of a name is written ~1, a tilde ~0';
    problems.error('A1558', [...here, 'path'], `${excerpt(written)} is no path`, hint);
    return undefined;
  }
  if (isIdentity(path)) {
    problems.error('A1557', [...here, 'path'], `${excerpt(written)} says which object it is, and cannot be overridden`);
    return undefined;
  }
  if (op === 'remove') return { op, path };
  // As written, not as the schema gives it: a field named `__proto__` stays one. None at all writes null.
  const value = valueAt(placed.document.value, [...here, 'value'].map(String)) ?? null;
  return { op: op || 'replace', path, value };
}

const identity: ReadonlySet<string> = new Set(['name', 'namespace', 'generateName']);

/** `/apiVersion` is none of these: one kind may be in another group on an older cluster. */
function isIdentity([first, second]: readonly string[]): boolean {
  if (first === 'kind') return true;
  return first === 'metadata' && (second === undefined || identity.has(second));
}
