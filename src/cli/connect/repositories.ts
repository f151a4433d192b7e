/** The repositories of the settings, opened. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import { repositoryId } from '../../core/model/id.ts';
import type { OpenForge } from '../../edge/forge/open.ts';
import { openRepository } from '../../edge/git/open.ts';
import { type GitProcesses, gitProcesses } from '../../edge/git/processes.ts';
import { defaultLimits, type GitCredentials, type GitSettings } from '../../edge/git/settings.ts';
import type { RepositorySettings } from '../../engine/source/repository.ts';
import type { Clock } from '../../seam/clock.ts';
import type { GitRepository } from '../../seam/git.ts';
import type { Log } from '../../seam/log.ts';
import type { RepositoryAuth, RepositoryChoice, Settings } from '../settings/settings.ts';
import type { Forges } from './forges.ts';

export type Repositories = {
  readonly settings: readonly RepositorySettings[];
  /** Errors: misconfigured. */
  readonly open: (settings: RepositorySettings) => GitRepository;
  readonly close: () => void;
};

/** Repositories at work at the same time, and how long an idle process stays. */
const processSettings = { processesMax: 4, idleMs: 30_000 };

export type RepositoriesDeps = {
  readonly clock: Clock;
  readonly log: Log;
  readonly forges: Forges['of'];
};

export function repositoriesOf(settings: Settings, { forges, ...deps }: RepositoriesDeps): Repositories {
  const byName = new Map(settings.repositories.map((choice) => [choice.name, choice]));
  const processes: GitProcesses = gitProcesses(processSettings, deps);
  return {
    settings: settings.repositories.map(followSettings),
    open: ({ id }) => {
      const choice = byName.get(id);
      if (choice === undefined)
        throw new FaultError({ kind: 'misconfigured', detail: `the settings name no repository ${id}` });
      return openRepository(gitSettings(choice, settings, forges), { ...deps, processes });
    },
    close: () => processes.close(),
  };
}

function followSettings(choice: RepositoryChoice): RepositorySettings {
  const { name, url, branch, role, isPlain, root, schedule, timeoutMs } = choice;
  // A branch that nobody named is whatever HEAD says; Tenants call it so, too.
  return { id: repositoryId(name), url, branch: branch ?? 'HEAD', role, isPlain, root, schedule, timeoutMs };
}

function gitSettings(choice: RepositoryChoice, { stateDir }: Settings, forges: Forges['of']): GitSettings {
  const { name, address, branch, transport, caFile, proxyURL, timeoutMs } = choice;
  return {
    id: repositoryId(name),
    url: address,
    branch,
    transport,
    credentials: credentialsOf(choice.auth, forges.get(name)?.forge),
    caFile,
    proxyURL,
    cacheFolder: join(stateDir, 'git'),
    identity: { name: 'Landfall', email: 'landfall@localhost' },
    limits: { ...defaultLimits, workTimeoutMs: timeoutMs },
  };
}

/** A token goes as the password of this user; Bitbucket takes no other, everybody else takes any. */
const tokenUser = 'x-token-auth';

/** So GitHub calls whoever comes with the token of an App. */
const appUser = 'x-access-token';

function credentialsOf(auth: RepositoryAuth, forge: Pick<OpenForge, 'token'> | undefined): GitCredentials {
  switch (auth.kind) {
    case 'none':
      return { kind: 'none' };
    case 'token':
      return { kind: 'basic', username: tokenUser, password: { kind: 'file', path: auth.tokenFile } };
    case 'app':
      // The schema holds that there is one.
      if (forge === undefined) return { kind: 'none' };
      return { kind: 'basic', username: appUser, password: { kind: 'source', read: forge.token } };
    case 'password':
      return {
        kind: 'basic',
        username: usernameIn(auth.usernameFile),
        password: { kind: 'file', path: auth.passwordFile },
      };
    case 'ssh':
      return { kind: 'ssh', key: { kind: 'file', path: auth.keyFile }, knownHostsFile: auth.knownHostsFile };
  }
}

function usernameIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new FaultError({ kind: 'misconfigured', detail: `\`usernameFile\` ${path} cannot be read` }, { cause });
  }
}
