/** A person's clone with many branches: each is made from main, changed, and pushed by Git itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloneOf } from '../../cluster/story/working-copy.ts';

export type Branches = {
  /** Files on a branch that begins where main is, in one commit more than it had. Shape: its head. */
  readonly push: (branch: string, files: Readonly<Record<string, string>>, message?: string) => Promise<string>;
  /** Another commit on a branch that there is. */
  readonly add: (branch: string, files: Readonly<Record<string, string>>, message?: string) => Promise<string>;
  readonly remove: (branch: string) => Promise<void>;
  /** What a ref of the server points to; undefined where there is none. */
  readonly at: (ref: string) => Promise<string | undefined>;
  /** A file as it is on a branch of the server. */
  readonly read: (branch: string, path: string) => Promise<string>;
  /** Subjects of the commits of a branch, newest first, as far as `count`. */
  readonly subjects: (branch: string, count: number) => Promise<readonly string[]>;
};

/** Knows what it has pushed itself, and fetches main, which others change. */
export async function branchesOf(url: string, folder: string): Promise<Branches> {
  const { git } = await cloneOf(url, folder);
  let isEmpty = true;
  const commit: Branches['add'] = async (branch, files, message = 'Change') => {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '-m', message);
    await git('push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`);
    isEmpty = false;
    return git('rev-parse', 'HEAD');
  };
  const fetched = async (branch: string): Promise<string> => {
    await git('fetch', '--quiet', 'origin', `+refs/heads/${branch}:refs/remotes/origin/${branch}`);
    return `refs/remotes/origin/${branch}`;
  };
  return {
    push: async (branch, files, message) => {
      if (!isEmpty) await git('checkout', '--quiet', '--detach', await fetched('main'));
      return commit(branch, files, message);
    },
    add: async (branch, files, message) => {
      await git('checkout', '--quiet', '--detach', `refs/remotes/origin/${branch}`);
      return commit(branch, files, message);
    },
    remove: async (branch) => void (await git('push', '--quiet', 'origin', `:refs/heads/${branch}`)),
    at: async (ref) => (await git('ls-remote', 'origin', ref)).split('\t')[0] || undefined,
    read: async (branch, path) => git('show', `${await fetched(branch)}:${path}`),
    subjects: async (branch, count) =>
      (await git('log', `-${count}`, '--format=%s', await fetched(branch))).split('\n').filter((line) => line !== ''),
  };
}
