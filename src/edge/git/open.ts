/** Opens a repository: polls from here, all that takes apart what others wrote in a process of its own. */
import { access, constants, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import type { CommitSha } from '../../core/model/id.ts';
import type { Clock } from '../../seam/clock.ts';
import type { GitBlob, GitRepository, Head } from '../../seam/git.ts';
import type { Log } from '../../seam/log.ts';
import { credentialFor } from './credentials.ts';
import { headIn, headOf } from './head.ts';
import { linkTo } from './http/link.ts';
import { refLister } from './http/refs.ts';
import { placeOf } from './local/place.ts';
import { branchRef } from './local/ref-name.ts';
import type { OperationName, Operations } from './operations.ts';
import type { GitProcesses } from './processes.ts';
import { nativeGit, nativeLister } from './remote/native.ts';
import type { Call, Credential } from './remote/remote.ts';
import { type GitSettings, misconfigured, type WorkSettings } from './settings.ts';
import { type GitURL, parseGitURL } from './url.ts';
import { watchBranch } from './watch.ts';

export type OpenDeps = { readonly clock: Clock; readonly log: Log; readonly processes: GitProcesses };

// These read what is here already, whatever has become of a token.
const offline: ReadonlySet<OperationName> = new Set<OperationName>(['files', 'blobs']);

/**
 * Opens a repository. Nothing is asked of the server yet, and nothing written.
 *
 * Polls (`head`) read a few short lines, which this process does by itself; a poll costs no process. Fetched commits,
 * trees and blobs are unpacked, checked and read by `processes`.
 * Errors: `misconfigured`, when the address or the branch is none.
 */
export function openRepository(settings: GitSettings, deps: OpenDeps): GitRepository {
  const url = parseGitURL(settings.url);
  if (settings.branch !== undefined) branchRef(settings.branch);
  const work = workSettingsOf(settings, url, deps.log);
  const poll = poller(settings, url, work, deps);
  let lastHead: CommitSha | undefined;

  const perform = async <Name extends OperationName>(
    name: Name,
    ask: Operations[Name]['ask'],
    signal: AbortSignal,
  ): Promise<Operations[Name]['answer']> => {
    signal.throwIfAborted();
    const credential: Credential = offline.has(name)
      ? { kind: 'none' }
      : await credentialFor(url, settings.credentials, signal);
    return deps.processes.perform(await work(), credential, name, ask, signal);
  };

  return {
    id: settings.id,
    head: async (signal) => {
      signal.throwIfAborted();
      const head = await poll.head({ credential: await credentialFor(url, settings.credentials, signal), signal });
      lastHead = head.kind === 'commit' ? head.commit : undefined;
      return head;
    },
    fetch: (commit, signal) => perform('fetch', { commit, isHead: commit === lastHead }, signal),
    files: (commit, signal) => perform('files', { commit }, signal),
    changes: (from, to, signal) => perform('changes', { from, to }, signal),
    blobs: async (oids, signal) => {
      const blobs: GitBlob[] = [];
      while (blobs.length < oids.length) {
        blobs.push(...(await perform('blobs', { oids: oids.slice(blobs.length) }, signal)));
      }
      return blobs;
    },
    history: (from, until, limit, signal) => perform('history', { from, until, limit }, signal),
    mergeBase: (a, b, signal) => perform('mergeBase', { a, b }, signal),
    contributions: (from, to, paths, signal) => perform('contributions', { from, to, paths }, signal),
    readNotes: (ref, commits, signal) => perform('readNotes', { ref, commits }, signal),
    writeNotes: (ref, notes, signal) => perform('writeNotes', { ref, notes }, signal),
    push: (branch, parent, change, signal) => perform('push', { branch, parent, change }, signal),
    propose: (branch, base, change, signal) => perform('propose', { branch, base, change }, signal),
    watch: url.kind === 'local' ? (wake) => watchPath(url.path, settings.branch, wake, deps) : undefined,
    close: async () => {
      poll.close();
      const settled = await work().catch(() => undefined);
      if (settled === undefined) return;
      deps.processes.release(settled);
      if (isPassing(settled)) await rm(settled.cacheFolder, { recursive: true, force: true });
    },
  };
}

/** A repository that is not there yet is found by polls. */
function watchPath(path: string, branch: string | undefined, wake: () => void, deps: OpenDeps): () => void {
  try {
    return watchBranch(placeOf(path), branch, wake, deps);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    deps.log.warn('cannot watch a repository; it is still polled', { path, why: error.fault.detail });
    return () => {};
  }
}

type Poller = { readonly head: (call: Call) => Promise<Head>; readonly close: () => void };

function poller(settings: GitSettings, url: GitURL, work: () => Promise<WorkSettings>, deps: OpenDeps): Poller {
  const { branch, caFile, proxyURL, limits } = settings;
  switch (url.kind) {
    case 'local':
      return { head: async () => headIn(placeOf(url.path), branch), close: () => {} };
    case 'ssh':
      return {
        head: async (call) => {
          const here = await work();
          const git = nativeGit(here, { isSSH: true, folder: here.cacheFolder }, deps.clock);
          return headOf(nativeLister(git, url.url), branch, call);
        },
        close: () => {},
      };
    case 'http': {
      const link = linkTo({ url: url.url, caFile, proxyURL, limits }, deps.clock);
      const list = refLister(link, limits.refsBytesMax);
      return { head: (call) => headOf(list, branch, call), close: link.close };
    }
  }
}

/** Settles, once, where local copies go: the folder of the settings, or a passing one when that cannot be written. */
function workSettingsOf(settings: GitSettings, url: GitURL, log: Log): () => Promise<WorkSettings> {
  const { credentials, ...plain } = settings;
  let settled: Promise<WorkSettings> | undefined;
  const settle = async (): Promise<WorkSettings> => ({
    ...plain,
    url: url.kind === 'local' ? url.path : settings.url,
    caFile: settings.caFile === undefined ? undefined : resolve(settings.caFile),
    knownHostsFile: credentials.kind === 'ssh' ? resolve(credentials.knownHostsFile) : undefined,
    cacheFolder: url.kind === 'local' ? '' : await writableFolder(resolve(settings.cacheFolder), log),
  });
  return async () => {
    settled ??= settle();
    try {
      return await settled;
    } catch (cause) {
      settled = undefined;
      throw misconfigured('there is no folder to keep local copies in', cause);
    }
  };
}

const passingPrefix = join(tmpdir(), 'landfall-git-');
const isPassing = ({ cacheFolder }: WorkSettings): boolean => cacheFolder.startsWith(passingPrefix);

async function writableFolder(folder: string, log: Log): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    const passing = await mkdtemp(passingPrefix);
    log.warn('cannot write the cache folder; repositories are fetched anew at each start', {
      folder,
      why: error instanceof Error ? error.message : String(error),
    });
    return passing;
  }
}
