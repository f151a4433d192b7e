/** An example of this repository on real clusters: its manifests in Git, its clusters' names on servers, and what must be there. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, type Json } from '../../../src/core/json/value.ts';
import type { ApiServer } from '../api-server.ts';
import { type Controller, controller } from './controller.ts';
import { differences } from './differences.ts';
import { kubectlOf } from './witness.ts';
import { cloneOf, type Edits, type WorkingCopy } from './working-copy.ts';

export type Example = {
  /** A folder of examples. */
  readonly name: string;
  /** As the example calls them. The first is the hub too. */
  readonly clusters: readonly string[];
  /** Folders of the example, a commit for each; without: all of it is one commit. */
  readonly steps?: readonly string[];
  /** Where the example looks for kubeconfigs, from the settings on. */
  readonly kubeconfigs?: (cluster: string) => string;
  /** The Secret on the hub that a cluster is reached with. */
  readonly secret?: (cluster: string, server: ApiServer) => Json;
  /** The kubeconfig that Landfall reads the hub with; without: its administrator's. */
  readonly hubAccess?: string;
  /** What of the manifests cannot be as it is: addresses. */
  readonly readdress?: (text: string, servers: ReadonlyMap<string, ApiServer>) => string;
  readonly settings?: Readonly<Record<string, Json>>;
  /** What the example takes for granted, by cluster. */
  readonly given?: Readonly<Record<string, readonly Json[]>>;
  /** Objects are copied from what is given, which `build` must then be told. */
  readonly isCopying?: boolean;
  /** A second commit, which names the first. */
  readonly promotion?: (commit: string) => Edits;
  /** What kubectl scales then. */
  readonly scaled: { readonly cluster: string; readonly namespace: string; readonly object: string };
  /** More than `kinds`. */
  readonly moreKinds?: readonly string[];
  /** All that it may leave anywhere, besides `default`. */
  readonly namespaces: readonly string[];
};

export type Stage = Pick<WorkingCopy, 'push' | 'note'> & {
  readonly controller: Controller;
  /** What `landfall build` prints, by cluster. */
  readonly built: () => Promise<Json>;
  /** What differs between that and what a cluster holds. */
  readonly differs: (cluster: string, built: Json) => Promise<readonly string[]>;
  readonly serverOf: (cluster: string) => ApiServer;
  readonly close: () => Promise<void>;
};

const examples = join(import.meta.dirname, '../../../examples');
const kinds = ['configmaps', 'secrets', 'services', 'deployments', 'replicasets', 'ingresses'];
const ours = ['-l', 'landfall.dev/installation=default'];

/** What is in a folder of examples, by path. */
export function manifestsOf(folder: string): Readonly<Record<string, string>> {
  const cwd = join(examples, folder);
  return Object.fromEntries(
    globSync('**/*.yaml', { cwd }).map((path) => [path, readFileSync(join(cwd, path), 'utf8')]),
  );
}

/** The clusters are made ready for the example. Nothing is committed, and the controller is not started. */
export async function stageFor(example: Example, servers: readonly ApiServer[]): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), `landfall-example-${example.name}-`));
  const origin = join(folder, 'origin.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', origin]);
  const copy = await cloneOf(origin, join(folder, 'clone'));
  const byName = new Map(example.clusters.map((name, index) => [name, serverAt(servers, index)]));
  const serverOf = (cluster: string): ApiServer => byName.get(cluster) ?? serverAt([], 0);
  const hub = serverAt(servers, 0);
  for (const [name, server] of byName) {
    const path = join(folder, example.kubeconfigs?.(name) ?? `${name}.kubeconfig`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, readFileSync(server.kubeconfig()), { mode: 0o600 });
    for (const object of example.given?.[name] ?? []) await apply(server, object);
    if (example.secret !== undefined) await apply(hub, example.secret(name, server));
  }
  const live = join(folder, 'live.json');
  writeFileSync(
    live,
    JSON.stringify({ clusters: { hub: example.given?.[example.clusters[0] ?? ''] ?? [], ...example.given } }),
  );
  const landfall = await controller(writeSettings(folder, origin, hub, example), folder);
  const allKinds = [...kinds, ...(example.moreKinds ?? [])].join(',');
  return {
    ...copy,
    serverOf,
    controller: landfall,
    push: (edits, message) =>
      copy.push(
        Object.fromEntries(
          Object.entries(edits).map(([path, text]) => [path, text && (example.readdress?.(text, byName) ?? text)]),
        ),
        message,
      ),
    built: async () => {
      const args = [
        'build',
        join(folder, 'clone'),
        '--at',
        'HEAD',
        ...(example.isCopying === true ? ['--live', live] : []),
        '-o',
        'json',
      ];
      return at(parseJson(await landfall.command(...args)), 'clusters') ?? null;
    },
    differs: async (cluster, built) => {
      const kubectl = kubectlOf(serverOf(cluster));
      const held = itemsOf(parseJson(await kubectl('get', allKinds, '-A', ...ours, '-o', 'json')));
      const spaces = itemsOf(parseJson(await kubectl('get', 'namespaces', '-o', 'json')));
      return differences(listOf(at(built, cluster)), held, spaces);
    },
    close: async () => {
      try {
        await landfall.stop();
        await Promise.all([...byName.values()].map((server) => clear(server, example, allKinds)));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function serverAt(servers: readonly ApiServer[], index: number): ApiServer {
  const server = servers[index];
  if (server === undefined) throw new Error('an example has at most as many clusters as there are servers');
  return server;
}

async function apply(server: ApiServer, object: Json): Promise<void> {
  const { code, stderr } = await server.kubectl(['apply', '--server-side', '-f', '-'], {
    input: JSON.stringify(object),
  });
  if (code !== 0) throw new Error(`kubectl apply on ${server.name}: ${stderr.trim()}`);
}

function writeSettings(folder: string, url: string, hub: ApiServer, example: Example): string {
  const { name, settings, hubAccess } = example;
  const path = join(folder, 'landfall.yaml');
  const repository = { name: `example-${name}`, url, pollInterval: '1s', ...settings };
  writeFileSync(
    path,
    JSON.stringify({
      stateDir: 'state',
      repositories: [repository],
      hub: { file: hubAccess ?? hub.kubeconfig(), namespace: 'default' },
    }),
  );
  return path;
}

async function clear(server: ApiServer, { namespaces, given = {} }: Example, allKinds: string): Promise<void> {
  const kubectl = kubectlOf(server);
  // Pods and all: a namespace with pods in it takes long to end.
  await kubectl('delete', allKinds, '-A', ...ours, '--cascade=foreground', '--timeout=60s');
  if (namespaces.length > 0) await kubectl('delete', 'namespace', ...namespaces, '--ignore-not-found', '--timeout=60s');
  for (const object of Object.values(given).flat())
    if (at(object, 'kind') === 'CustomResourceDefinition')
      await kubectl('delete', 'crd', String(at(object, 'metadata', 'name')), '--ignore-not-found');
  await kubectl('-n', 'landfall-system', 'delete', 'configmaps', '-l', 'landfall.dev/record=default');
}

const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
/** One object is printed as it is, several as a list. */
const itemsOf = (answer: Json): readonly Json[] =>
  at(answer, 'kind') === 'List' ? listOf(at(answer, 'items')) : [answer];
