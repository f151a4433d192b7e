/** A clone of the demo's repository, used as a person would: with `git`, over HTTP. */
import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import { parseNote } from '../../core/report/note.ts';
import type { Told } from '../../core/report/status.ts';

/** By path; a text of undefined removes the file, or the folder. */
export type FileChanges = Readonly<Record<string, string | undefined>>;

export type Commit = { readonly sha: string; readonly subject: string };

export type WorkingCopy = {
  /** Writes the files, commits them and pushes. Errors: misconfigured, with git's own words. */
  readonly push: (subject: string, files: FileChanges) => Promise<Commit>;
  /** Takes what others have pushed to the branch. Shape: what its head is now. */
  readonly pull: () => Promise<Commit>;
  /** The subject of whatever commit somebody has pushed. */
  readonly subjectOf: (sha: string) => Promise<string>;
  /** What the repository's notes say: by commit, then by context. Commits of which nothing is said are left out. */
  readonly statuses: () => Promise<ReadonlyMap<string, ReadonlyMap<string, Told>>>;
};

export async function cloneRepository(url: string, folder: string, signal: AbortSignal): Promise<WorkingCopy> {
  await git(['clone', '--quiet', url, folder], signal);
  const inside = (...args: readonly string[]): Promise<string> => git(['-C', folder, ...args], signal);
  await inside('checkout', '--quiet', '-B', 'main');
  return {
    push: async (subject, files) => {
      for (const [path, text] of Object.entries(files)) await put(join(folder, path), text);
      await inside('add', '--all');
      await inside('commit', '--quiet', '--message', subject);
      await inside('push', '--quiet', 'origin', 'main');
      return { sha: await inside('rev-parse', 'HEAD'), subject };
    },
    pull: async () => {
      await inside('pull', '--quiet', '--ff-only', 'origin', 'main');
      const [sha = '', subject = ''] = (await inside('log', '--max-count=1', '--format=%H%n%s')).split('\n');
      return { sha, subject };
    },
    subjectOf: async (sha) => {
      await inside('fetch', '--quiet', 'origin');
      return inside('log', '--max-count=1', '--format=%s', sha);
    },
    statuses: async () => {
      // Until the first note is pushed there is no such ref.
      if ((await inside('ls-remote', 'origin', notesRef)) === '') return new Map();
      await inside('fetch', '--quiet', 'origin', `+${notesRef}:${notesRef}`);
      const log = await inside('log', `--notes=${notesRef}`, '--format=%H%n%N%x00');
      const entries = log.split('\0').map((entry) => entry.trim().split('\n'));
      return new Map(entries.map(([sha = '', ...lines]) => [sha, parseNote(lines.join('\n'))]));
    },
  };
}

const notesRef = 'refs/notes/landfall';

async function put(path: string, text: string | undefined): Promise<void> {
  if (text === undefined) return rm(path, { recursive: true });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Nothing of the user's own Git settings changes what the demo does, nor signs its commits. */
const environment = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Quickstart',
  GIT_AUTHOR_EMAIL: 'quickstart@localhost',
  GIT_COMMITTER_NAME: 'Quickstart',
  GIT_COMMITTER_EMAIL: 'quickstart@localhost',
  LC_ALL: 'C',
};

/** Shape: what it prints, trimmed. */
function git(args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, ...environment };
    const child = spawn('git', args, { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      texts.out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      texts.err += chunk;
    });
    const fail = (why: string, cause?: unknown): void =>
      reject(new FaultError({ kind: 'misconfigured', detail: `git ${verbOf(args)}: ${why}` }, { cause }));
    child.on('error', (error) => (signal.aborted ? reject(signal.reason) : fail(error.message, error)));
    child.on('close', (code) => (code === 0 ? resolve(texts.out.trim()) : fail(texts.err.trim())));
  });
}

const verbOf = (args: readonly string[]): string => (args[0] === '-C' ? args[2] : args[0]) ?? '';
