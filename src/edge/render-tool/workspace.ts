/** A fresh folder for one run: the files that it is given, and nothing else of this machine. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type InputFile = { readonly path: string; readonly bytes: Uint8Array };

export type Workspace = {
  readonly folder: string;
  /** Where a file of the repository is. */
  readonly pathOf: (path: string) => string;
  /** Writes a text beside the repository's files. Shape: its path. */
  readonly write: (name: string, text: string) => Promise<string>;
};

/** Makes it, hands it to `use`, and takes it away. Errors: what `use` throws. */
export async function withWorkspace<T>(
  files: readonly InputFile[],
  use: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-tool-'));
  try {
    const root = join(folder, 'files');
    for (const name of ['files', 'home', 'tmp', 'own']) await mkdir(join(folder, name));
    const made = new Set<string>([root]);
    for (const { path, bytes } of files) {
      if (!staysInside(path)) continue;
      const target = join(root, path);
      const parent = dirname(target);
      if (!made.has(parent)) await mkdir(parent, { recursive: true });
      made.add(parent);
      // A path twice, or one through a file, is no tree that Git would make: then nothing is overwritten.
      await writeFile(target, bytes, { flag: 'wx' });
    }
    return await use({
      folder,
      pathOf: (path) => join(root, path),
      write: async (name, text) => {
        const target = join(folder, 'own', name);
        await writeFile(target, text);
        return target;
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A path that Git lists is relative and has no steps up; it is looked at again before anything is written. */
export const staysInside = (path: string): boolean =>
  path !== '' &&
  !path.includes('\0') &&
  !path.includes('\\') &&
  path.split('/').every((step) => step !== '' && step !== '.' && step !== '..');
