/** Opens a repository of any kind, in its own process. */
import type { Clock } from '../../seam/clock.ts';
import { mirrorFolder, openGenerations } from './generations.ts';
import type { Holding } from './holding.ts';
import { linkTo } from './http/link.ts';
import { refLister } from './http/refs.ts';
import { openInPlace } from './in-place.ts';
import { placeOf } from './local/place.ts';
import { branchRef } from './local/ref-name.ts';
import { openMirror } from './mirror.ts';
import { isomorphicRemote } from './remote/isomorphic.ts';
import { nativeGit, nativeLister, nativeRemote } from './remote/native.ts';
import type { Remote } from './remote/remote.ts';
import type { GitLimits, WorkSettings } from './settings.ts';
import { type GitURL, parseGitURL } from './url.ts';
import type { Author } from './write/edit.ts';

export type Work = { readonly holding: Holding; readonly limits: GitLimits; readonly identity: Author };

/** Errors: `misconfigured`. */
export async function openWork(settings: WorkSettings, clock: Clock): Promise<Work> {
  const { limits, identity } = settings;
  const url = parseGitURL(settings.url);
  if (url.kind === 'local') return { holding: openInPlace(placeOf(url.path), limits), limits, identity };
  const folder = mirrorFolder(settings.cacheFolder, settings.id, settings.url);
  const remote = remoteOf(settings, url, folder, clock);
  const branch = settings.branch === undefined ? 'HEAD' : branchRef(settings.branch);
  return {
    holding: openMirror({ branchRef: branch, limits }, remote, await openGenerations(folder)),
    limits,
    identity,
  };
}

function remoteOf(
  settings: WorkSettings,
  url: Exclude<GitURL, { kind: 'local' }>,
  folder: string,
  clock: Clock,
): Remote {
  const { caFile, proxyURL, limits } = settings;
  if (url.kind === 'ssh') {
    const git = nativeGit(settings, { isSSH: true, folder }, clock);
    return nativeRemote(git, url.url, nativeLister(git, url.url), limits);
  }
  const link = linkTo({ url: url.url, caFile, proxyURL, limits }, clock);
  const list = refLister(link, limits.refsBytesMax);
  if (settings.transport === 'isomorphic') return isomorphicRemote(link, list, limits);
  return nativeRemote(nativeGit(settings, { isSSH: false, folder }, clock), url.url, list, limits);
}
