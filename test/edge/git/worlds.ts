/** The ways to a repository that must all behave the same. */
import { join } from 'node:path';
import type { GitProcesses } from '../../../src/edge/git/processes.ts';
import type { GitSettings } from '../../../src/edge/git/settings.ts';
import { serveGit } from '../../../src/sandbox/serve-git.ts';
import type { GitRepository } from '../../../src/seam/git.ts';
import { type BuiltRepository, buildRepository, repositoryIn } from '../../builder/git-repository.ts';
import { inThisProcess, openForTest, scratch } from '../../builder/git-work.ts';
import { startSSH, whyNoSSH } from '../../builder/ssh-server.ts';

export type World = {
  /** Makes an empty bare repository that can be reached. */
  readonly create: () => Promise<BuiltRepository>;
  readonly open: (repository: BuiltRepository, settings?: Partial<GitSettings>) => GitRepository;
  /** Ends everything that was opened. */
  readonly close: () => Promise<void>;
};

type Ways = {
  readonly create: (folder: string) => Promise<BuiltRepository>;
  readonly settings: (repository: BuiltRepository) => Partial<GitSettings> & Pick<GitSettings, 'url'>;
  readonly close: () => Promise<void>;
};

/** By name; each is started by its own suite. */
export const worlds: readonly { readonly name: string; readonly start: () => Promise<World> }[] = [
  { name: 'isomorphic http', start: () => world((root) => overHTTP(root, 'isomorphic')) },
  { name: 'native http', start: () => world((root) => overHTTP(root, 'native')) },
  { name: 'local', start: () => world(onDisk) },
  { name: 'ssh', start: () => world(overSSH) },
];

/** Why a world cannot be had here, printed once. */
export function whyNot(name: string): string | undefined {
  const reason = name === 'ssh' ? whyNoSSH() : undefined;
  if (reason !== undefined) console.log(`SKIPPED: no Git over ssh was tested (${reason})`);
  return reason;
}

async function world(
  begin: (root: string) => Promise<Ways>,
  processes: GitProcesses = inThisProcess(),
): Promise<World> {
  const place = scratch();
  const ways = await begin(place.path('server'));
  const open: GitRepository[] = [];
  let made = 0;
  return {
    create: () => ways.create(`repository-${++made}`),
    open: (repository, settings = {}) => {
      const opened = openForTest(
        { cacheFolder: place.path('cache'), ...ways.settings(repository), ...settings },
        processes,
      );
      open.push(opened);
      return opened;
    },
    close: async () => {
      for (const opened of open) await opened.close();
      processes.close();
      await ways.close();
      place.close();
    },
  };
}

async function overHTTP(root: string, transport: GitSettings['transport']): Promise<Ways> {
  const server = await serveGit({ root });
  const urls = new Map<string, string>();
  return {
    create: async (name) => {
      const { url, folder } = await server.createRepository(name);
      urls.set(folder, url);
      return repositoryIn(folder);
    },
    settings: ({ folder }) => ({ url: urls.get(folder) ?? '', transport }),
    close: server.close,
  };
}

async function onDisk(root: string): Promise<Ways> {
  return {
    create: async (name) => buildRepository(join(root, name)),
    settings: ({ folder }) => ({ url: folder }),
    close: async () => {},
  };
}

async function overSSH(root: string): Promise<Ways> {
  const server = await startSSH(join(root, 'ssh'));
  return {
    create: async (name) => buildRepository(join(root, name)),
    settings: ({ folder }) => ({
      url: server.url + folder,
      credentials: { kind: 'ssh', key: { kind: 'file', path: server.keyFile }, knownHostsFile: server.knownHostsFile },
    }),
    close: server.close,
  };
}
