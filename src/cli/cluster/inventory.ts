/** The Cluster manifests of a folder: looked up by name, and written. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  clusterIDOf,
  isCluster,
  type JoinedCluster,
  joinedAgain,
  nameOf,
  newCluster,
} from '../../core/join/cluster-manifest.ts';
import { equal } from '../../core/json/equal.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { formatYaml } from '../../core/yaml/format.ts';
import { UsageError } from '../failure.ts';
import { openFolder } from '../offline/folder.ts';

/** A Cluster, and where it is written. */
export type Declared = {
  /** From the folder. */
  readonly path: string;
  readonly line: number;
  readonly value: JsonObject;
  /** Nothing else is in its file. */
  readonly isAlone: boolean;
};

/** Errors: UsageError, for a file that cannot be read: a Cluster may be in it. */
export async function clustersIn(folder: string, signal: AbortSignal): Promise<readonly Declared[]> {
  await mkdir(folder, { recursive: true });
  const opened = await openFolder(folder, undefined, signal);
  opened.close();
  return opened.snapshot.files.flatMap(({ path, documents, problems }) => {
    const [problem] = problems;
    if (problem !== undefined) throw new UsageError(`${join(folder, path)}:${problem.line} ${problem.message}`);
    return documents.flatMap(({ value, marks }) =>
      isCluster(value) ? [{ path, line: marks[0] ?? 1, value, isAlone: documents.length === 1 }] : [],
    );
  });
}

export const declaredAs = (name: string, clusters: readonly Declared[]): Declared | undefined =>
  clusters.find(({ value }) => nameOf(value) === name);

/** Errors: UsageError, when the name is another cluster's, or this cluster has another name. */
export function refuseMix(name: string, clusterID: string, clusters: readonly Declared[]): void {
  const same = declaredAs(name, clusters);
  const known = same && clusterIDOf(same.value);
  if (same !== undefined && known !== undefined && known !== clusterID)
    throw new UsageError(
      `${same.path}:${same.line} says that ${name} is cluster ${known}, and the context leads to ${clusterID}`,
    );
  const other = clusters.find(({ value }) => clusterIDOf(value) === clusterID && nameOf(value) !== name);
  if (other !== undefined)
    throw new UsageError(`${other.path}:${other.line} has this cluster already, as ${nameOf(other.value)}`);
}

export type Written = {
  /** From the folder. */
  readonly path: string;
  /** `other`: it says something else, in a file with other manifests; a person has to change it. */
  readonly state: 'created' | 'changed' | 'unchanged' | 'other';
  readonly manifest: JsonObject;
};

/** What would be written, and where; nothing is yet. */
export function manifestFor(joined: JoinedCluster, declared: Declared | undefined): Written {
  if (declared === undefined)
    return { path: `clusters/${joined.name}.yaml`, state: 'created', manifest: newCluster(joined) };
  const manifest = joinedAgain(declared.value, joined);
  const { path, isAlone } = declared;
  if (equal(manifest, declared.value)) return { path, state: 'unchanged', manifest };
  return { path, state: isAlone ? 'changed' : 'other', manifest };
}

/** Keeps the comment lines that a file begins with. */
export async function writeManifest(folder: string, { path, state, manifest }: Written): Promise<void> {
  if (state === 'unchanged' || state === 'other') return;
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  const head = state === 'created' ? '' : headOf(await readFile(file, 'utf8'));
  await writeFile(file, `${head}${formatYaml(manifest)}`);
}

const headOf = (text: string): string => text.match(/^(?:#.*\n)*/)?.[0] ?? '';
