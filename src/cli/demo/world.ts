/** What the demo plays on: sandbox clusters and a Git forge in this process, files in a folder that goes with it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import { formatYaml } from '../../core/yaml/format.ts';
import { serveForge } from '../../sandbox/forge/serve-forge.ts';
import { type ServedCluster, type ServedSandbox, serveSandbox } from '../../sandbox/serve/serve-sandbox.ts';
import type { Surroundings } from '../surroundings.ts';
import { cloneRepository, type FileChanges, type WorkingCopy } from './working-copy.ts';

export type DemoCluster = Omit<ServedCluster, 'kubeconfig'> & { readonly kubeconfig: string };

export type World = {
  readonly clusters: readonly DemoCluster[];
  /** To clone from and push to. */
  readonly repositoryUrl: string;
  /** The pull requests, for a browser. */
  readonly pullRequestsUrl: string;
  /** For `landfall … --config` in another terminal. */
  readonly settingsFile: string;
  readonly workingCopy: WorkingCopy;
  /** Merges a pull request as its page does. */
  readonly merge: (number: number) => Promise<void>;
  /** Takes a cluster's network away, or gives it back. */
  readonly setReachable: (cluster: string, isReachable: boolean) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type WorldOptions = {
  /** Where Landfall itself listens; 0 takes a free one. */
  readonly port: number;
};

/** As forges call a repository. */
const project = 'team/fleet';

export const clusterNames = ['eu-1', 'us-1', 'ap-1'] as const;

const root = resolve(import.meta.dirname, '../../..');
const quickstart = join(root, 'examples/quickstart');

/** Errors: misconfigured, when `git` is missing or something cannot be started. */
export async function openWorld({ port }: WorldOptions, around: Surroundings): Promise<World> {
  const { clock, rng, signal } = around;
  const folder = await mkdtemp(join(tmpdir(), 'landfall-demo-'));
  const closing: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })];
  const close = async (): Promise<void> => {
    for (const end of closing.toReversed()) await end();
  };
  try {
    const dir = join(folder, 'kubeconfigs');
    // A port each, so that one of them can be lost.
    const served = new Map<string, ServedSandbox>();
    for (const name of clusterNames) {
      const each = await serveSandbox({ clusters: [name], dir }, { clock, rng });
      closing.push(each.close);
      served.set(name, each);
    }
    const token = Buffer.from(rng.bytes(20)).toString('hex');
    const forge = await serveForge({ root: join(folder, 'git'), project, token }, { clock, rng });
    closing.push(forge.close);
    const url = `${forge.url}/${project}.git`;
    await writeFile(join(folder, 'forge-token'), `${token}\n`, { mode: 0o600 });
    const settingsFile = join(folder, 'landfall.yaml');
    await writeFile(settingsFile, settingsText(url, port));
    return {
      clusters: [...served.values()].flatMap(({ clusters }) => clusters).map(withFile),
      repositoryUrl: url,
      pullRequestsUrl: `${forge.url}/${project}/pulls`,
      settingsFile,
      workingCopy: await cloneRepository(url, join(folder, 'clone'), signal),
      merge: (number) => mergePullRequest(`${forge.url}/api/v1/repos/${project}/pulls/${number}/merge`, token, signal),
      setReachable: async (cluster, isReachable) => served.get(cluster)?.setListening(isReachable),
      close,
    };
  } catch (error) {
    await close();
    if (error instanceof FaultError || signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new FaultError({ kind: 'misconfigured', detail: `the demo cannot start: ${why}` }, { cause: error });
  }
}

/** As anybody may, with a token of the forge. */
async function mergePullRequest(url: string, token: string, signal: AbortSignal): Promise<void> {
  const headers = { authorization: `token ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ Do: 'merge' }), signal });
  if (answer.ok) return;
  throw new FaultError({
    kind: 'protocol',
    detail: `the forge does not merge: ${answer.status} ${await answer.text()}`,
  });
}

const withFile = (cluster: ServedCluster): DemoCluster => ({ ...cluster, kubeconfig: cluster.kubeconfig ?? '' });

/** As in production, in more of a hurry. */
const settingsText = (url: string, port: number): string =>
  formatYaml({
    stateDir: 'state',
    repositories: [{ name: 'fleet', url, pollInterval: '1s', forge: { kind: 'gitea', tokenFile: 'forge-token' } }],
    limits: { retryMin: '250ms', retryMax: '2s' },
    // Where the forge's statuses link to; a port that is found only while listening is known too late.
    server: { listen: `127.0.0.1:${port}`, ...(port === 0 ? {} : { publicURL: `http://127.0.0.1:${port}` }) },
    log: { level: 'error' },
  });

/** The manifests of the quickstart, by path. Schemas are named from wherever the clone is. */
export async function quickstartFiles(): Promise<FileChanges> {
  const names = await readdir(quickstart, { recursive: true });
  const manifests = names.filter((name) => name.endsWith('.yaml')).toSorted();
  const schemas = `$schema=${join(root, 'config/schema')}/`;
  const texts = manifests.map(async (name) => {
    const text = await readFile(join(quickstart, name), 'utf8');
    return [name.replaceAll('\\', '/'), text.replaceAll(/\$schema=(?:\.\.\/)+config\/schema\//g, schemas)] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}
