/** `landfall sandbox`: pretend API servers, for trying things out. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import { serveSandbox } from '../../sandbox/serve/serve-sandbox.ts';
import type { ExitCode, Surroundings } from '../surroundings.ts';

export type SandboxOptions = {
  readonly clusters: number;
  readonly dir?: string | undefined;
  readonly port: number;
};

/** Runs until it is told to stop. Shape: one line of JSON when all are up. */
export async function sandbox(options: SandboxOptions, around: Surroundings): Promise<ExitCode> {
  const { clock, rng, folder, signal, stdout } = around;
  const passing = options.dir === undefined ? await mkdtemp(join(tmpdir(), 'landfall-sandbox-')) : undefined;
  const dir = passing ?? resolve(folder, options.dir ?? '');
  try {
    const served = await serveSandbox({ clusters: options.clusters, port: options.port, dir }, { clock, rng }).catch(
      (cause: unknown) => {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new FaultError({ kind: 'misconfigured', detail: `the sandbox cannot start: ${why}` }, { cause });
      },
    );
    const clusters = served.clusters.map(({ name, server, kubeconfig }) => ({ name, server, kubeconfig }));
    stdout.write(`${JSON.stringify({ ready: true, clusters })}\n`);
    await stopped(signal);
    await served.close();
    return 0;
  } finally {
    if (passing !== undefined) await rm(passing, { recursive: true, force: true });
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  // A timer that waits keeps nobody alive, and neither does a listener: the server's socket does.
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
