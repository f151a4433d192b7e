/** The local copies of one remote repository: the one in use, the one before it, and where the next is made. */
import { createHash } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeBare, sweep } from './remote/bare-folder.ts';
import { misconfigured } from './settings.ts';

/**
 * Every fetch leaves a pack behind, and without Git nobody tidies them up: so now and then a new copy is made. The one
 * before stays until the next time, because commits that are still in use may be in it alone.
 */
export type Generations = {
  /** Newest first, at most two. */
  readonly folders: () => readonly string[];
  /** Makes an empty bare repository for the next one. */
  readonly begin: () => Promise<string>;
  /** Puts it in use. */
  readonly adopt: (folder: string) => Promise<void>;
  /** Takes away one that came to nothing. */
  readonly abandon: (folder: string) => Promise<void>;
};

const adoptedMark = 'adopted';
const keptMax = 2;

/** The folder of one repository in the cache folder; another address is another folder. */
export function mirrorFolder(cacheFolder: string, id: string, url: string): string {
  const readable = id.replaceAll(/[^A-Za-z0-9.-]+/g, '_').slice(0, 40);
  return join(cacheFolder, `${readable}-${createHash('sha256').update(`${id}\0${url}`).digest('hex').slice(0, 12)}`);
}

/** Errors of all methods: `misconfigured`, when the folder cannot be written. */
export async function openGenerations(root: string): Promise<Generations> {
  let numbers: readonly number[] = [];
  let newest = 0;
  const folderOf = (number: number): string => join(root, String(number));
  const dropped = (number: number): Promise<void> => rm(folderOf(number), { recursive: true, force: true });

  const found = await guarded(root, async () => {
    await makeBare(folderOf(0));
    return numbersIn(root);
  });
  await guarded(root, async () => {
    const adopted = found.filter(({ isAdopted }) => isAdopted).map(({ number }) => number);
    numbers = adopted.slice(0, keptMax);
    newest = Math.max(0, ...found.map(({ number }) => number));
    for (const { number } of found) if (!numbers.includes(number)) await dropped(number);
    for (const number of numbers) await sweep(folderOf(number));
  });

  return {
    folders: () => numbers.map(folderOf),
    begin: () =>
      guarded(root, async () => {
        const folder = folderOf(++newest);
        await makeBare(folder);
        return folder;
      }),
    adopt: (folder) =>
      guarded(root, async () => {
        await writeFile(join(folder, adoptedMark), '');
        const all = [Number(basename(folder)), ...numbers];
        numbers = all.slice(0, keptMax);
        for (const number of all.slice(keptMax)) await dropped(number);
      }),
    abandon: (folder) => rm(folder, { recursive: true, force: true }),
  };
}

/** Newest first. */
async function numbersIn(root: string): Promise<readonly { readonly number: number; readonly isAdopted: boolean }[]> {
  const names = (await readdir(root)).filter((name) => /^[0-9]{1,9}$/.test(name));
  const found = names.map(async (name) => {
    return { number: Number(name), isAdopted: (await readdir(join(root, name))).includes(adoptedMark) };
  });
  return (await Promise.all(found)).toSorted((a, b) => b.number - a.number);
}

async function guarded<T>(root: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw misconfigured(`cannot write the folder of local copies ${root}`, cause);
  }
}
