/** A sandbox behind one port: a path prefix and a kubeconfig for each cluster. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../../seam/clock.ts';
import type { Rng } from '../../seam/rng.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import type { SandboxSettings } from '../settings.ts';
import type { Router } from './exchange-http.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { type Listener, listen } from './listener.ts';

export type ServedCluster = {
  readonly name: string;
  readonly server: string;
  /** Path of its file; undefined when no folder was named. */
  readonly kubeconfig: string | undefined;
};
export type ServedSandbox = {
  readonly url: string;
  readonly clusters: readonly ServedCluster[];
  readonly sandbox: Sandbox;
  /** Takes the network away, with every connection, and gives it back at the same address. */
  readonly setListening: (isListening: boolean) => Promise<void>;
  readonly close: () => Promise<void>;
};
export type ServeOptions = {
  /** Names, or how many: `cluster-1`, `cluster-2`, … */
  readonly clusters: number | readonly string[];
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where to write `<name>.kubeconfig`; made when it is not there. */
  readonly dir?: string | undefined;
  readonly settings?: Partial<SandboxSettings>;
};

/** Errors: what listening or writing the files throws. */
export async function serveSandbox(
  options: ServeOptions,
  deps: { readonly clock: Clock; readonly rng: Rng },
): Promise<ServedSandbox> {
  const names = typeof options.clusters === 'number' ? clusterNames(options.clusters) : options.clusters;
  const sandbox = createSandbox({ ...deps, clusters: names, ...(options.settings && { settings: options.settings }) });
  const router = prefixed(sandbox);
  let listener: Listener | undefined = await listen(router, options.port ?? 0);
  const { url } = listener;
  const setListening = async (isListening: boolean): Promise<void> => {
    const before = listener;
    listener = undefined;
    await before?.close();
    if (isListening) listener = await listen(router, Number(new URL(url).port));
  };
  const token = options.settings?.tokens?.keys().next().value;
  const clusters: ServedCluster[] = [];
  if (options.dir !== undefined) await mkdir(options.dir, { recursive: true });
  for (const name of names) {
    const server = `${url}/clusters/${name}`;
    const kubeconfig = options.dir === undefined ? undefined : resolve(join(options.dir, `${name}.kubeconfig`));
    // A kubeconfig is a credential, even one for a sandbox: nobody else needs to read it.
    if (kubeconfig !== undefined) await writeFile(kubeconfig, kubeconfigText({ name, server, token }), { mode: 0o600 });
    clusters.push({ name, server, kubeconfig });
  }
  const close = async (): Promise<void> => {
    await setListening(false);
    sandbox.close();
  };
  return { url, clusters, sandbox, setListening, close };
}

const clusterNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `cluster-${index + 1}`);

const prefix = '/clusters/';

/** `/clusters/<name>/…` to that cluster; any other path to the first, so that one cluster needs no prefix. */
function prefixed(sandbox: Sandbox): Router {
  const byName = new Map(sandbox.clusters.map((cluster) => [cluster.name, cluster]));
  const [first] = sandbox.clusters;
  return (url) => {
    if (!url.startsWith(prefix)) return first && { handle: first.handle, path: url };
    const end = url.slice(prefix.length).search(/[/?]|$/) + prefix.length;
    const cluster = byName.get(decodeName(url.slice(prefix.length, end)));
    return cluster && { handle: cluster.handle, path: url.slice(end) || '/' };
  };
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
