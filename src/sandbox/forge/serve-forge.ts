/** A sandbox forge over HTTP, on this machine only: API, web pages, and Git itself behind one address. */
import type { Clock } from '../../seam/clock.ts';
import type { Rng } from '../../seam/rng.ts';
import { bareRepository } from '../serve/bare-repository.ts';
import { exchange } from '../serve/exchange-http.ts';
import { hookDelivery } from '../serve/hook-delivery.ts';
import { type Listener, listen } from '../serve/listener.ts';
import { type GitServer, type GitServerRepository, serveGit } from '../serve-git.ts';
import { createForge, type ForgeOptions, type SandboxForge } from './forge.ts';
import { defaultBranch } from './render.ts';
import type { ForgeRepository } from './repository.ts';

export type ServeForgeOptions = ForgeOptions & {
  /** The first project, `owner/name`. */
  readonly project: string;
  /** Folder of its repositories; made when absent. Without one there is no Git, and nothing but statuses. */
  readonly root?: string;
  /** Without Git: all others are unknown. Absent: every commit there could be is there. */
  readonly commits?: ReadonlySet<string>;
  /** 0, the default, takes a free one. */
  readonly port?: number;
};

export type ServedForge = Listener & {
  readonly forge: SandboxForge;
  /** Of the first project; undefined without Git. */
  readonly repository: GitServerRepository | undefined;
  /** One more project, with an empty repository. */
  readonly addProject: (name: string) => Promise<GitServerRepository>;
};

export type ServeForgeDeps = { readonly clock: Clock; readonly rng: Rng };

/** Shape: `url` is the forge's; its API is below `/api/v1`. Errors: as `serveGit`. */
export async function serveForge(options: ServeForgeOptions, { clock, rng }: ServeForgeDeps): Promise<ServedForge> {
  const hooks = hookDelivery();
  let url = '';
  const forge = createForge(options, { clock, rng, origin: () => url, deliver: hooks.deliver });
  const route = (path: string) => ({ handle: forge.handle, path });
  const git =
    options.root === undefined
      ? undefined
      : await serveGit({
          root: options.root,
          port: options.port ?? 0,
          beside: (incoming, outgoing) => void exchange(incoming, outgoing, route),
          // When that fails, whoever asks next is told.
          onPushed: (name) => void forge.follow(name).catch(() => undefined),
        });
  const listener = git ?? (await listen(route, options.port ?? 0));
  url = listener.url;
  const addProject = async (name: string): Promise<GitServerRepository> => {
    const repository = await madeIn(git, name);
    forge.addProject(name, bareRepository(repository.folder));
    return repository;
  };
  if (git === undefined) forge.addProject(options.project, withoutGit(options.commits));
  return {
    url,
    forge,
    repository: git === undefined ? undefined : await addProject(options.project),
    addProject,
    close: async () => {
      await listener.close();
      await hooks.close();
    },
  };
}

function madeIn(git: GitServer | undefined, name: string): Promise<GitServerRepository> {
  if (git === undefined) throw new RangeError('a forge without Git has one project');
  return git.createRepository(name, defaultBranch);
}

/** Nothing to merge; all there is to know is whether a commit is there. */
function withoutGit(commits: ReadonlySet<string> | undefined): ForgeRepository {
  const refuse = (): Promise<never> => Promise.reject(new RangeError('a forge without Git has no branches'));
  return {
    branches: async () => new Map(),
    hasCommit: async (id) => commits?.has(id) ?? true,
    treeOf: refuse,
    mergeBase: refuse,
    commitsBetween: refuse,
    mergedTree: refuse,
    commit: refuse,
    setRef: refuse,
    diff: refuse,
  };
}
