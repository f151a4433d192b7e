/** `landfall sandbox`: pretend API servers and a pretend forge, for trying things out. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import { type ServedForge, serveForge } from '../../sandbox/forge/serve-forge.ts';
import { serveSandbox } from '../../sandbox/serve/serve-sandbox.ts';
import { UsageError } from '../failure.ts';
import type { ExitCode, Surroundings } from '../surroundings.ts';

export type SandboxOptions = {
  /** How many, or their names. */
  readonly clusters: number | readonly string[];
  readonly dir?: string | undefined;
  /** `owner/name` of its first repository. */
  readonly forge?: string | undefined;
  readonly port: number;
};

/** Runs until it is told to stop. Shape: one line of JSON when all are up. */
export async function sandbox(options: SandboxOptions, around: Surroundings): Promise<ExitCode> {
  const { clock, rng, folder, signal, stdout } = around;
  if (options.forge !== undefined && !/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(options.forge))
    throw new UsageError(`${JSON.stringify(options.forge)} is no repository: name it <owner>/<name>`);
  if (options.forge !== undefined && options.dir === undefined)
    throw new UsageError('--forge needs --dir: its token is written there');
  const passing = options.dir === undefined ? await mkdtemp(join(tmpdir(), 'landfall-sandbox-')) : undefined;
  const dir = passing ?? resolve(folder, options.dir ?? '');
  let forge: Forge | undefined;
  try {
    const served = await serveSandbox({ clusters: options.clusters, port: options.port, dir }, { clock, rng }).catch(
      (cause: unknown) => refuse('the sandbox', cause),
    );
    try {
      forge = options.forge === undefined ? undefined : await openForge(options.forge, dir, around);
      const clusters = served.clusters.map(({ name, server, kubeconfig }) => ({ name, server, kubeconfig }));
      const { served: _served, ...told } = forge ?? {};
      stdout.write(`${JSON.stringify({ ready: true, clusters, ...(forge === undefined ? {} : { forge: told }) })}\n`);
      await stopped(signal);
    } finally {
      await forge?.served.close();
      await served.close();
    }
    return 0;
  } finally {
    if (passing !== undefined) await rm(passing, { recursive: true, force: true });
  }
}

type Forge = {
  readonly served: ServedForge;
  /** Its pages. */
  readonly url: string;
  /** For Git. */
  readonly repository: string;
  readonly tokenFile: string;
};

/** Its repositories and its token are in the folder of the kubeconfigs. */
async function openForge(
  project: string,
  dir: string,
  { clock, rng }: Pick<Surroundings, 'clock' | 'rng'>,
): Promise<Forge> {
  const token = Buffer.from(rng.bytes(20)).toString('hex');
  const tokenFile = join(dir, 'forge-token');
  const root = join(dir, 'git');
  try {
    await mkdir(root, { recursive: true });
    await writeFile(tokenFile, `${token}\n`, { mode: 0o600 });
    const served = await serveForge({ root, project, token }, { clock, rng });
    return { served, url: `${served.url}/${project}`, repository: served.repository?.url ?? '', tokenFile };
  } catch (cause) {
    return refuse('the forge', cause);
  }
}

function refuse(what: string, cause: unknown): never {
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new FaultError({ kind: 'misconfigured', detail: `${what} cannot start: ${why}` }, { cause });
}

function stopped(signal: AbortSignal): Promise<void> {
  // A timer that waits keeps nobody alive, and neither does a listener: the server's socket does.
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
