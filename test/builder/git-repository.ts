/** Repositories for tests, honest ones by `git fast-import` and others by writing objects that Git would not. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { type CommitSha, commitSha } from '../../src/core/model/id.ts';

/** A text; bytes; a file of another mode (a symlink's text is its target, a submodule's a commit); undefined removes. */
export type BuiltFile = string | Uint8Array | { readonly mode: string; readonly text: string } | undefined;

export type CommitOptions = {
  readonly branch?: string;
  /** Instead of the branch's commit; empty for a commit without one. Later ones are merged in. */
  readonly parents?: readonly string[];
  readonly message?: string;
};

export type BuiltRepository = {
  readonly folder: string;
  /** Runs git in it. Shape: what it prints, trimmed. */
  readonly git: (...args: readonly string[]) => string;
  /** Commits changes on a branch, `main` if not said. */
  readonly commit: (files: Readonly<Record<string, BuiltFile>>, options?: CommitOptions) => CommitSha;
  /** Writes an object, whatever it is, and returns its name. */
  readonly object: (type: string, bytes: Uint8Array) => string;
  /** Writes a tree as it is told: names may be bytes, order is kept. */
  readonly tree: (entries: readonly (readonly [mode: string, name: string | Uint8Array, oid: string])[]) => string;
  /** Commits a tree and moves the branch there. */
  readonly commitTree: (tree: string, options?: CommitOptions) => CommitSha;
};

const environment = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ann Author',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Carl Committer',
  GIT_COMMITTER_EMAIL: 'carl@example.com',
  LC_ALL: 'C',
};

/** Each commit is one second after the one before. */
let seconds = 1_700_000_000;

/** Makes an empty repository, bare if not said. */
export function buildRepository(folder: string, options: { readonly isBare?: boolean } = {}): BuiltRepository {
  mkdirSync(folder, { recursive: true });
  const isBare = options.isBare ?? true;
  run(folder, ['init', '--quiet', '--initial-branch=main', ...(isBare ? ['--bare'] : [])]);
  return repositoryIn(folder, isBare ? folder : join(folder, '.git'));
}

/** A repository that is there already. */
export function repositoryIn(folder: string, gitFolder = folder): BuiltRepository {
  const git = (...args: readonly string[]): string => run(folder, args).toString('utf8').trim();
  const object = (type: string, bytes: Uint8Array): string => writeLoose(join(gitFolder, 'objects'), type, bytes);
  const tipOf = (branch: string): readonly string[] => {
    const loose = join(gitFolder, 'refs', 'heads', branch);
    const tip = existsSync(loose)
      ? readFileSync(loose, 'utf8').trim()
      : git('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`);
    return tip === '' ? [] : [tip];
  };
  return {
    folder,
    git,
    object,
    commit: (files, { branch = 'main', parents = tipOf(branch), message = 'change' } = {}) =>
      commitSha(
        run(folder, ['fast-import', '--quiet', '--force'], importOf(files, branch, parents, message))
          .toString('latin1')
          .trim(),
      ),
    tree: (entries) =>
      object(
        'tree',
        Buffer.concat(
          entries.flatMap(([mode, name, oid]) => [
            Buffer.from(`${mode} `),
            Buffer.from(name),
            Buffer.from([0]),
            Buffer.from(oid, 'hex'),
          ]),
        ),
      ),
    commitTree: (tree, { branch = 'main', parents = tipOf(branch), message = 'change' } = {}) => {
      const person = `Ann Author <ann@example.com> ${++seconds} +0000`;
      const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${person}`];
      const oid = object('commit', Buffer.from(`${lines.join('\n')}\ncommitter ${person}\n\n${message}\n`));
      git('update-ref', `refs/heads/${branch}`, oid);
      return commitSha(oid);
    },
  };
}

function run(folder: string, args: readonly string[], input?: Uint8Array): Buffer {
  const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe'];
  const env = { ...environment, GIT_AUTHOR_DATE: `${++seconds} +0000`, GIT_COMMITTER_DATE: `${seconds} +0000` };
  return execFileSync('git', args, {
    cwd: folder,
    env,
    stdio,
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });
}

/** Source: git-fast-import(1). */
function importOf(
  files: Readonly<Record<string, BuiltFile>>,
  branch: string,
  parents: readonly string[],
  message: string,
): Buffer {
  const [first, ...merged] = parents;
  const parts: (string | Uint8Array)[] = [
    ...(first === undefined ? [`reset refs/heads/${branch}\n`] : []),
    `commit refs/heads/${branch}\nmark :1\n`,
    `author Ann Author <ann@example.com> ${++seconds} +0000\n`,
    `committer Carl Committer <carl@example.com> ${seconds} +0000\n`,
    ...data(Buffer.from(message)),
    ...(first === undefined ? [] : [`from ${first}\n`]),
    ...merged.map((parent) => `merge ${parent}\n`),
  ];
  for (const [path, file] of Object.entries(files)) {
    if (file === undefined) parts.push(`D ${path}\n`);
    else if (typeof file === 'string' || file instanceof Uint8Array) {
      parts.push(`M 100644 inline ${path}\n`, ...data(Buffer.from(file)));
    } else if (file.mode === '160000') parts.push(`M 160000 ${file.text} ${path}\n`);
    else parts.push(`M ${file.mode} inline ${path}\n`, ...data(Buffer.from(file.text)));
  }
  parts.push('\nget-mark :1\n');
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

const data = (bytes: Uint8Array): readonly (string | Uint8Array)[] => [`data ${bytes.length}\n`, bytes, '\n'];

function writeLoose(folder: string, type: string, bytes: Uint8Array): string {
  const whole = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);
  const oid = createHash('sha1').update(whole).digest('hex');
  mkdirSync(join(folder, oid.slice(0, 2)), { recursive: true });
  writeFileSync(join(folder, oid.slice(0, 2), oid.slice(2)), deflateSync(whole));
  return oid;
}
