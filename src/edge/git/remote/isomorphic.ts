/** A server spoken to by isomorphic-git over http(s): needs no Git installed. */
import * as git from 'isomorphic-git';
import { FaultError } from '../../../core/model/fault.ts';
import type { Link } from '../http/link.ts';
import { isOid } from '../objects/object.ts';
import type { GitLimits } from '../settings.ts';
import { keepPacks, writeRef } from './bare-folder.ts';
import { confinedFiles } from './confined-files.ts';
import { address, capabilitiesOf, httpForFetch, httpForPush } from './isomorphic-http.ts';
import { refusalOf } from './push-refusal.ts';
import { type Call, type Move, type RefLister, RefusedError, type Remote, tipOf, type Want } from './remote.ts';

const remoteName = 'origin';
const outgoing = 'refs/landfall/outgoing';
const nothing = 'refs/landfall/nothing';

export function isomorphicRemote(link: Link, list: RefLister, limits: GitLimits): Remote {
  // It keeps every index it has read, so one cache for each folder, dropped with the folder.
  let cache: { readonly folder: string; readonly held: object } | undefined;
  const cacheOf = (folder: string): object => {
    if (cache?.folder !== folder) cache = { folder, held: {} };
    return cache.held;
  };
  const place = (folder: string): { fs: git.PromiseFsClient; gitdir: string; cache: object } => ({
    fs: confinedFiles(folder),
    gitdir: folder,
    cache: cacheOf(folder),
  });

  const push = async (folder: string, move: Move, call: Call): Promise<'pushed' | 'stale'> => {
    await writeRef(folder, outgoing, move.to);
    let hasMoved = false;
    try {
      await git.push({
        ...place(folder),
        http: httpForPush(link, limits.refsBytesMax, call),
        url: address,
        remote: remoteName,
        ref: outgoing,
        remoteRef: move.ref,
        // Forced, but only over what we mean to follow; the server compares once more, so nothing is lost between.
        force: true,
        onPrePush: ({ remoteRef }) => {
          hasMoved = remoteRef.oid !== (move.from ?? '0'.repeat(40));
          return !hasMoved;
        },
      });
      return 'pushed';
    } catch (error) {
      if (hasMoved) return 'stale';
      if (!(error instanceof git.Errors.GitPushError)) throw asFault(error);
      const { result } = error.data;
      return refusalOf(Object.values(result.refs).find(({ ok }) => !ok)?.error ?? result.error ?? 'no reason given');
    }
  };

  // Asked for once, and again after anything went wrong: another server may answer by then.
  let capabilities: string | undefined;
  const fetch = async (folder: string, want: Want, call: Call): Promise<void> => {
    const oid = isOid(want.name) ? want.name : await tipOf(list, want.name, call);
    if (oid === undefined) throw new RefusedError(want.name);
    try {
      capabilities ??= await capabilitiesOf(link, limits.refsBytesMax, call);
      await git.fetch({
        ...place(folder),
        http: httpForFetch(link, oid, capabilities, want.packMax, call),
        url: address,
        remote: remoteName,
        // What this ref holds is not asked for; left out, it would be HEAD.
        ref: want.have ?? nothing,
        remoteRef: oid,
        singleBranch: true,
        tags: false,
        ...(want.depth === undefined ? {} : { depth: want.depth }),
      });
    } catch (error) {
      capabilities = undefined;
      cache = undefined;
      throw asFault(error);
    }
  };

  return {
    list,
    fetch: (folder, want, call) => keepPacks(folder, () => fetch(folder, want, call)),
    push,
    close: link.close,
  };
}

/** Memory that is not to be had is the process's trouble; whatever else isomorphic-git trips over, the server sent. */
function asFault(error: unknown): unknown {
  if (error instanceof FaultError || error instanceof RangeError || !(error instanceof Error)) return error;
  if (error.name === 'AbortError') return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (code === 'ENOSPC' || code === 'EROFS' || code === 'EACCES' || code === 'EDQUOT') {
    return new FaultError({ kind: 'misconfigured', detail: `cannot write the local copy: ${code}` }, { cause: error });
  }
  return new FaultError({ kind: 'protocol', detail: `what the server sent cannot be read: ${code}` }, { cause: error });
}
