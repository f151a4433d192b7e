/** The repository of a benchmark: on a Git server on the loopback, and a clone to push from. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type GitServer, serveGit } from '../../src/sandbox/serve-git.ts';
import { execute } from './program.ts';
import type { Files } from './workload.ts';

export type BenchRepository = {
  readonly url: string;
  /** Commits without pushing; the result is the SHA. */
  readonly commit: (files: Files) => Promise<string>;
  /** The newest commit here. */
  readonly head: () => Promise<string>;
  /** `git push`, as a person runs it. */
  readonly push: () => Promise<void>;
};

export async function benchRepository(server: GitServer, name: string, folder: string): Promise<BenchRepository> {
  const { url } = await server.createRepository(name);
  const clone = join(folder, name);
  await mkdir(clone, { recursive: true });
  const git = (...args: readonly string[]): Promise<string> => execute('git', args, clone);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', url);
  const head = async (): Promise<string> => (await git('rev-parse', 'HEAD')).trim();
  return {
    url,
    head,
    commit: async (files) => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(clone, path)), { recursive: true });
        await writeFile(join(clone, path), text);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--message=change');
      return head();
    },
    push: async () => void (await git('push', '--quiet', 'origin', 'main')),
  };
}

export const gitServer = (folder: string): Promise<GitServer> => serveGit({ root: join(folder, 'git') });
