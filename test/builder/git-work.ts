/** Repositories opened for tests: settings that wait for nothing long, and processes that can be this one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryId } from '../../src/core/model/id.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { openRepository } from '../../src/edge/git/open.ts';
import type { Operations } from '../../src/edge/git/operations.ts';
import { performers } from '../../src/edge/git/perform.ts';
import type { GitProcesses } from '../../src/edge/git/processes.ts';
import { defaultLimits, type GitLimits, type GitSettings, type WorkSettings } from '../../src/edge/git/settings.ts';
import { openWork, type Work } from '../../src/edge/git/work.ts';
import type { GitRepository } from '../../src/seam/git.ts';
import { silentLog } from '../../src/seam/log.ts';

export const testLimits: GitLimits = {
  ...defaultLimits,
  connectTimeoutMs: 2_000,
  requestTimeoutMs: 10_000,
  workTimeoutMs: 30_000,
};

/** A folder that is gone after the tests. */
export type Scratch = { readonly folder: string; readonly path: (name: string) => string; readonly close: () => void };

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'landfall-test-'));
  return {
    folder,
    path: (name) => join(folder, name),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Works in this process: quick, and as right, where it is not the processes that are tested. */
export function inThisProcess(): GitProcesses {
  const works = new Map<WorkSettings, Promise<Work>>();
  const release = (settings: WorkSettings): void => {
    const work = works.get(settings);
    works.delete(settings);
    work?.then(({ holding }) => holding.close()).catch(() => {});
  };
  return {
    perform: async (settings, credential, name, ask, signal) => {
      const opening = works.get(settings) ?? openWork(settings, systemClock);
      works.set(settings, opening);
      const work = await opening.catch((error: unknown) => {
        works.delete(settings);
        throw error;
      });
      const performer = performers[name] as (
        bench: object,
        ask: unknown,
        call: object,
      ) => Promise<Operations[typeof name]['answer']>;
      return performer({ ...work, nowMs: systemClock.nowMs }, ask, { credential, signal });
    },
    release,
    close: () => {
      for (const settings of [...works.keys()]) release(settings);
    },
  };
}

let opened = 0;

/** Opens a repository with a local copy of its own. */
export function openForTest(
  settings: Partial<GitSettings> & Pick<GitSettings, 'url' | 'cacheFolder'>,
  processes: GitProcesses,
): GitRepository {
  return openRepository(
    {
      id: repositoryId(`repository-${++opened}`),
      branch: 'main',
      transport: 'isomorphic',
      credentials: { kind: 'none' },
      caFile: undefined,
      proxyURL: undefined,
      identity: { name: 'Landfall', email: 'landfall@example.com' },
      limits: testLimits,
      ...settings,
    },
    { clock: systemClock, log: silentLog, processes },
  );
}
