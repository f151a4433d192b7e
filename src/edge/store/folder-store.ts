/** A store in a folder: one file for each name, replaced whole. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfText } from '../../core/json/digest.ts';
import type { Log } from '../../seam/log.ts';
import type { Store } from '../../seam/store.ts';

// The first line of a file says what the rest must be: a power cut can leave a whole name on half a content.
const headerLength = 23;
const draft = /^\..*\.draft$/;

/**
 * Opens a folder, made when something is first written.
 *
 * Shape: any text is a name. A damaged value reads as none.
 * Errors: none. A folder that cannot be read or written is said once in the log, and once more when it works again.
 */
export function folderStore(folder: string, log: Log): Store {
  let isDegraded = false;
  let swept: Promise<void> | undefined;
  const said = (problem: unknown): void => {
    if (isDegraded) return;
    isDegraded = true;
    log.warn('cannot use the store; work goes on without it', { folder, why: reasonOf(problem) });
  };
  const recovered = (): void => {
    if (isDegraded) log.info('the store works again', { folder });
    isDegraded = false;
  };

  return {
    read: async (name) => {
      try {
        return contentOf(await readFile(join(folder, fileOf(name)), 'utf8'));
      } catch (error) {
        if (!isAbsent(error)) said(error);
        return undefined;
      }
    },
    write: async (name, text) => {
      const path = join(folder, fileOf(name));
      const passing = join(folder, `.${randomUUID()}.draft`);
      try {
        await mkdir(folder, { recursive: true });
        // Before the first draft of ours, and never after it.
        swept ??= sweep(folder);
        await swept;
        await writeWhole(passing, `${digestOfText(text)}\n${text}`);
        await rename(passing, path);
        recovered();
      } catch (error) {
        said(error);
        await rm(passing, { force: true }).catch(() => {});
      }
    },
  };
}

/** A readable beginning, and a digest that tells names apart whatever the file system folds or forbids. */
function fileOf(name: string): string {
  const readable = name.replaceAll(/[^A-Za-z0-9-]+/g, '_').slice(0, 60);
  return `${readable}.${Buffer.from(digestOfText(name), 'base64url').toString('hex')}`;
}

function contentOf(text: string): string | undefined {
  const content = text.slice(headerLength);
  return text.slice(0, headerLength) === `${digestOfText(content)}\n` ? content : undefined;
}

async function writeWhole(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(text);
  await file.sync();
}

/** Takes away what a process that was stopped left half-written. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (draft.test(name)) await rm(join(folder, name), { force: true });
}

const reasonOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));
const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
