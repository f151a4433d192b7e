/** A person's clone: files are changed, committed and pushed by Git itself, over HTTP. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** By path; undefined removes the file. */
export type Edits = Readonly<Record<string, string | undefined>>;

export type WorkingCopy = {
  /** Changes files, commits and pushes to main, or to another branch. Shape: the commit. */
  readonly push: (edits: Edits, message?: string, branch?: string) => Promise<string>;
  /** What `git notes show` says of a commit; empty where there is no note yet. */
  readonly note: (commit: string) => Promise<string>;
  /** Runs git. Shape: what it prints, trimmed. Errors: throws what it complains of. */
  readonly git: (...args: readonly string[]) => Promise<string>;
};

const notes = 'refs/notes/landfall';
const timeoutMs = 30_000;

export async function cloneOf(url: string, folder: string): Promise<WorkingCopy> {
  mkdirSync(folder, { recursive: true });
  const git = (...args: readonly string[]): Promise<string> => run(folder, args);
  await git('clone', '--quiet', url, '.');
  // A clone of an empty repository stands on a branch of the user's own choice.
  await git('checkout', '--quiet', '-B', 'main');
  return {
    git,
    push: async (edits, message = 'Change', branch = 'main') => {
      for (const [path, text] of Object.entries(edits)) put(join(folder, path), text);
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '-m', message);
      await git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
      return git('rev-parse', 'HEAD');
    },
    note: async (commit) => {
      const [known] = (await git('ls-remote', 'origin', notes)).split('\t');
      if (known === '') return '';
      await git('fetch', '--quiet', 'origin', `+${notes}:${notes}`);
      return git('notes', '--ref', notes, 'show', commit).catch(() => '');
    },
  };
}

function put(path: string, text: string | undefined): void {
  if (text === undefined) return rmSync(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function run(folder: string, args: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Ann Author',
    GIT_AUTHOR_EMAIL: 'ann@example.com',
    GIT_COMMITTER_NAME: 'Ann Author',
    GIT_COMMITTER_EMAIL: 'ann@example.com',
    LC_ALL: 'C',
  };
  return new Promise((resolve, reject) =>
    execFile('git', args, { cwd: folder, env, timeout: timeoutMs }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(`git ${args.join(' ')}: ${stderr.trim() || error.message}`));
    }),
  );
}
