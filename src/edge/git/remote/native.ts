/** A server spoken to by the system's `git`: over ssh, or over http(s) where the settings say so. */
import { FaultError } from '../../../core/model/fault.ts';
import { type Clock, DeadlineError, deadlineOf } from '../../../seam/clock.ts';
import { isOid } from '../objects/object.ts';
import type { GitLimits, WorkSettings } from '../settings.ts';
import { keepPacks } from './bare-folder.ts';
import { faultOfGit } from './native-faults.ts';
import { type GitOutcome, runGit } from './native-git.ts';
import { refusalOf } from './push-refusal.ts';
import { asListed, type Call, type RefLister, type Refs, type Remote } from './remote.ts';
import { withSSH } from './ssh.ts';

export type NativeWay = {
  readonly isSSH: boolean;
  /** Where a key lies for the time of a run. */
  readonly folder: string;
};

/** One run of git, with the credentials of this attempt. */
export type NativeGit = (args: readonly string[], call: Call, limits?: RunLimits) => Promise<GitOutcome>;
type RunLimits = { readonly fileMax: number; readonly timeoutMs: number };

const incoming = 'refs/landfall/incoming';
// So that git is told to stop before the process that runs it is.
const marginMs = 5_000;

export function nativeGit(settings: WorkSettings, way: NativeWay, clock: Clock): NativeGit {
  const { limits, knownHostsFile = '' } = settings;
  const once = { fileMax: limits.refsBytesMax, timeoutMs: limits.requestTimeoutMs };
  return async (args, call, { fileMax, timeoutMs } = once) => {
    using deadline = deadlineOf(clock, timeoutMs, call.signal);
    const run = (environment: Readonly<Record<string, string>>): Promise<GitOutcome> =>
      runGit(
        {
          args,
          settings: configOf(settings, way, call),
          environment,
          outputMax: limits.refsBytesMax,
          fileMax,
          memoryMax: limits.memoryBytesMax,
          processorMax: Math.ceil(timeoutMs / 1000),
        },
        deadline.signal,
      );
    const ssh = { folder: way.folder, knownHostsFile, connectTimeoutMs: limits.connectTimeoutMs };
    try {
      return await (way.isSSH ? withSSH(ssh, call.credential, run) : run({}));
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      throw new FaultError({ kind: 'unreachable', detail: `the server was not done within ${timeoutMs} ms` });
    }
  };
}

function configOf(settings: WorkSettings, way: NativeWay, { credential }: Call): ReadonlyMap<string, string> {
  const { limits, caFile, proxyURL } = settings;
  const config = new Map<string, string>([
    ['http.lowSpeedLimit', String(limits.lowSpeedBytesPerSecond)],
    ['http.lowSpeedTime', String(Math.max(1, Math.round(limits.lowSpeedWindowMs / 1000)))],
    ['http.proxy', proxyURL ?? ''],
  ]);
  for (const scheme of way.isSSH ? ['ssh'] : ['http', 'https']) {
    config.set(`protocol.${scheme}.allow`, 'always');
  }
  if (caFile !== undefined) config.set('http.sslCAInfo', caFile);
  if (credential.kind === 'header') config.set('http.extraHeader', `Authorization: ${credential.value}`);
  return config;
}

/** Lists refs by `git ls-remote`. Cost: a connection each time. */
export function nativeLister(git: NativeGit, url: string): RefLister {
  return async (prefixes, call) => {
    const { code, output, complaint } = await git(
      ['ls-remote', '--quiet', '--symref', '--end-of-options', url, ...prefixes],
      call,
    );
    if (code !== 0) throw faultOfGit(complaint, 'such repository');
    return refsIn(output.toString('latin1'), prefixes);
  };
}

/** Lines of `ref: <target>\t<name>` and `<oid>\t<name>`. */
function refsIn(text: string, prefixes: readonly string[]): Refs {
  const lines = text.split('\n').filter((line) => line.includes('\t'));
  const targets = new Map<string, string>();
  const wanted = prefixes.map(asListed);
  const refs = new Map<string, { readonly oid: string; readonly target: string | undefined }>();
  for (const line of lines) {
    const [what = '', name = ''] = line.split('\t');
    const isAsked = wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix));
    if (what.startsWith('ref: ')) targets.set(name, what.slice(5));
    else if (isOid(what) && isAsked) refs.set(name, { oid: what, target: targets.get(name) });
    else if (!isOid(what))
      throw new FaultError({ kind: 'misconfigured', detail: 'the repository does not name its objects by SHA-1' });
  }
  return refs;
}

export function nativeRemote(git: NativeGit, url: string, list: RefLister, limits: GitLimits): Remote {
  const timeoutMs = Math.max(limits.workTimeoutMs - marginMs, limits.workTimeoutMs / 2);
  return {
    list,
    fetch: (folder, want, call) =>
      keepPacks(folder, async () => {
        const depth = want.depth === undefined ? [] : [`--depth=${want.depth}`];
        const tip = want.have === undefined ? [] : [`--negotiation-tip=${want.have}`];
        const { code, complaint } = await git(
          [
            `--git-dir=${folder}`,
            'fetch',
            ...['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--no-auto-maintenance'],
            ...['--refmap=', '--update-shallow', ...depth, ...tip, '--end-of-options'],
            url,
            `+${want.name}:${incoming}`,
          ],
          call,
          { fileMax: want.packMax, timeoutMs },
        );
        if (code !== 0) throw faultOfGit(complaint, isOid(want.name) ? `commit ${want.name}` : want.name);
      }),
    push: async (folder, move, call) => {
      const { code, output, complaint } = await git(
        [
          `--git-dir=${folder}`,
          'push',
          ...['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'],
          `--force-with-lease=${move.ref}:${move.from ?? ''}`,
          '--end-of-options',
          url,
          `${move.to}:${move.ref}`,
        ],
        call,
        { fileMax: limits.packBytesMax, timeoutMs },
      );
      if (code === 0) return 'pushed';
      const reason = /^!\t[^\t]*\t(.*)$/m.exec(output.toString('latin1'))?.[1];
      if (reason !== undefined) return refusalOf(reason);
      throw faultOfGit(complaint, 'such branch');
    },
    close: () => {},
  };
}
