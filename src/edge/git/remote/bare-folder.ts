/** The bare repository that a local copy is: made by hand, so that both transports find the same. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const config = `[core]
\trepositoryformatversion = 0
\tbare = true
[remote "origin"]
\tfetch = +refs/heads/*:refs/remotes/origin/*
`;

/** Makes an empty bare repository, or leaves the one that is there. */
export async function makeBare(folder: string): Promise<void> {
  await mkdir(join(folder, 'objects', 'pack'), { recursive: true });
  await mkdir(join(folder, 'refs', 'landfall'), { recursive: true });
  await writeFile(join(folder, 'config'), config);
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
}

/** Points one of our own refs at a commit. */
export async function writeRef(folder: string, ref: string, oid: string): Promise<void> {
  const path = join(folder, ref);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.draft`, `${oid}\n`);
  await rename(`${path}.draft`, path);
}

export async function readRefFile(folder: string, ref: string): Promise<string | undefined> {
  const path = join(folder, ref);
  return existsSync(path) ? (await readFile(path, 'utf8')).trim() : undefined;
}

/** How many packs have gathered. */
export async function countPacks(folder: string): Promise<number> {
  return (await packFiles(folder)).filter((name) => name.endsWith('.idx')).length;
}

/**
 * Runs something that adds a pack. When it fails, what it left is taken away: a damaged copy of an object must not
 * stand before a good one that comes later, nor a commit be called shallow that never came.
 */
export async function keepPacks(folder: string, run: () => Promise<void>): Promise<void> {
  const before = new Set(await packFiles(folder));
  const shallow = await shallowText(folder);
  try {
    await run();
  } catch (error) {
    for (const name of await packFiles(folder)) {
      if (!before.has(name)) await rm(join(folder, 'objects', 'pack', name), { force: true });
    }
    await dropLocks(folder);
    if (shallow === undefined) await rm(join(folder, 'shallow'), { force: true });
    else await writeFile(join(folder, 'shallow'), shallow);
    throw error;
  }
}

/** Takes away what a process that was stopped left half-written. */
export async function sweep(folder: string): Promise<void> {
  const packs = await packFiles(folder);
  for (const name of packs) {
    const isHalf = name.endsWith('.pack') && !packs.includes(name.replace(/pack$/, 'idx'));
    if (isHalf || name.endsWith('.draft') || name.startsWith('tmp_')) {
      await rm(join(folder, 'objects', 'pack', name), { force: true });
    }
  }
  await dropLocks(folder);
}

/** Locks of a git that was killed: nobody else writes here. */
async function dropLocks(folder: string): Promise<void> {
  const ours = await readdir(join(folder, 'refs', 'landfall')).catch(() => []);
  const refs = ours.map((name) => `refs/landfall/${name}`);
  for (const name of [...refs, 'shallow.lock', 'config.lock', 'packed-refs.lock']) {
    if (name.endsWith('.lock')) await rm(join(folder, name), { force: true });
  }
}

async function packFiles(folder: string): Promise<readonly string[]> {
  return readdir(join(folder, 'objects', 'pack')).catch(() => []);
}

async function shallowText(folder: string): Promise<string | undefined> {
  return readFile(join(folder, 'shallow'), 'utf8').catch(() => undefined);
}
