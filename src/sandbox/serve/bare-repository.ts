/** A forge's repository: a bare one on disk, worked on by the system's `git` without a work tree. */
import type { ForgeRepository, Identity, NewCommit, StoredCommit } from '../forge/repository.ts';
import { type GitRun, runGit } from './git-program.ts';

/** Who commits when a forge merges. */
const forgeIdentity = { name: 'Forge', email: 'forge@localhost' };
const diffCharactersMax = 200_000;

export function bareRepository(folder: string): ForgeRepository {
  const run = (args: readonly string[], more: Parameters<typeof runGit>[1] = {}): Promise<GitRun> =>
    runGit(['-C', folder, ...args], more);
  /** Shape: what it prints, trimmed. */
  const git = async (args: readonly string[], more: Parameters<typeof runGit>[1] = {}): Promise<string> => {
    const { code, out, complaint } = await run(args, more);
    if (code !== 0) throw new Error(`git ${args[0]}: ${complaint}`);
    return out.trim();
  };

  return {
    branches: async () => {
      const text = await git(['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads']);
      const lines = text.split('\n').filter((line) => line !== '');
      return new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]));
    },
    hasCommit: async (id) => (await run(['cat-file', '-e', `${id}^{commit}`])).code === 0,
    treeOf: (commit) => git(['rev-parse', '--verify', `${commit}^{tree}`]),
    mergeBase: async (one, other) => {
      const { code, out } = await run(['merge-base', one, other]);
      return code === 0 ? out.trim() : undefined;
    },
    commitsBetween: async (base, head) => {
      const ids = await git(['rev-list', '--reverse', '--topo-order', `${base}..${head}`]);
      const commits = ids
        .split('\n')
        .filter((id) => id !== '')
        .map(async (id) => commitIn(id, await git(['cat-file', 'commit', id])));
      return Promise.all(commits);
    },
    mergedTree: async (ours, theirs) => {
      const { code, out, complaint } = await run(['merge-tree', '--write-tree', '--no-messages', ours, theirs]);
      if (code === 0) return out.trim();
      if (code === 1) return undefined;
      throw new Error(`git merge-tree: ${complaint}`);
    },
    commit: (commit, atMs) => {
      const parents = commit.parents.flatMap((parent) => ['-p', parent]);
      return git(['commit-tree', ...parents, commit.tree], { env: signedBy(commit, atMs), input: commit.message });
    },
    setRef: async (ref, id, before) => {
      const { code } = await run(['update-ref', ref, id, ...(before === undefined ? [] : [before])]);
      return code === 0;
    },
    diff: async (base, head) => {
      const text = await git(['diff', '--no-color', '--no-ext-diff', `${base}...${head}`, '--']);
      return text.length > diffCharactersMax ? `${text.slice(0, diffCharactersMax)}\n…` : text;
    },
  };
}

function signedBy({ author }: NewCommit, atMs: number): NodeJS.ProcessEnv {
  const now = `${Math.floor(atMs / 1_000)} +0000`;
  const { name, email, date }: Identity = author ?? { ...forgeIdentity, date: now };
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: forgeIdentity.name,
    GIT_COMMITTER_EMAIL: forgeIdentity.email,
    GIT_COMMITTER_DATE: now,
  };
}

/** Shape: of a commit as Git stores it: header lines, an empty line, the message. */
function commitIn(id: string, text: string): StoredCommit {
  const end = text.indexOf('\n\n');
  const lines = (end < 0 ? text : text.slice(0, end)).split('\n');
  const valuesOf = (name: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const {
    name = '',
    email = '',
    date = '',
  } = /^(?<name>.*?) ?<(?<email>[^>]*)> (?<date>\d+ [+-]\d+)$/.exec(valuesOf('author')[0] ?? '')?.groups ?? {};
  return {
    id,
    tree: valuesOf('tree')[0] ?? '',
    parents: valuesOf('parent'),
    author: { name, email, date },
    message: end < 0 ? '' : text.slice(end + 2),
  };
}
