/** Writes manifests into a folder, and over nothing that a person may have changed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { equal } from '../../core/json/equal.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { formatYamlDocuments } from '../../core/yaml/format.ts';
import { readManifests } from '../../core/yaml/read.ts';

/** `kept`: what is there says something else; with `--force` it would have been written over. */
export type WrittenFile = { readonly path: string; readonly state: 'created' | 'changed' | 'unchanged' | 'kept' };

export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, readonly JsonObject[]>,
  isForced: boolean,
): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const [path, documents] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    written.push({ path, state: await writeOne(join(folder, path), documents, isForced) });
  return written;
}

async function writeOne(
  file: string,
  documents: readonly JsonObject[],
  isForced: boolean,
): Promise<WrittenFile['state']> {
  const before = await textOf(file);
  if (before !== undefined) {
    const found = readManifests(file, before).documents.map(({ value }) => value);
    if (equal(found, documents)) return 'unchanged';
    if (!isForced) return 'kept';
  }
  await mkdir(dirname(file), { recursive: true });
  const hasSecret = documents.some(({ kind }) => kind === 'Secret');
  await writeFile(file, `${headOf(documents)}${formatYamlDocuments(documents)}`, {
    ...(hasSecret ? { mode: 0o600 } : {}),
  });
  return before === undefined ? 'created' : 'changed';
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Why a Placement is as it is. */
const headOf = (documents: readonly JsonObject[]): string =>
  documents.some(({ kind, apiVersion }) => kind === 'Placement' && apiVersion === 'landfall.dev/v1alpha1')
    ? '# Taking this back leaves what runs. When Git is to rule, deletions too, take `onDelete: Orphan` out.\n'
    : '';
