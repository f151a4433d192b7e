/** Flux on a hub of its own, following one repository for many clusters. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, isArray, textOf } from '../../../src/core/json/value.ts';
import type { ApiServer } from '../../cluster/api-server.ts';
import { type ServerProcess, startServer } from '../../cluster/process.ts';
import { freePorts, untilReady } from '../../cluster/readiness.ts';
import { kubectlOf } from '../../cluster/story/witness.ts';
import type { FluxPrograms } from './build.ts';

export type FluxSettings = {
  readonly programs: FluxPrograms;
  readonly hub: ApiServer;
  /** On a file system in memory, as Flux's own advice is. */
  readonly folder: string;
};

/** One Kustomization for each App on each cluster. */
export type FluxWork = {
  /** Of the repository, and what the names of everything here begin with. */
  readonly name: string;
  readonly url: string;
  readonly members: readonly ApiServer[];
  readonly apps: readonly string[];
  readonly namespace: string;
};

export type Flux = {
  readonly pids: readonly number[];
  /** As its notification controller asks when a webhook arrives. */
  readonly fetch: () => Promise<void>;
  /** Has every Kustomization look at its cluster now, and waits until all have. */
  readonly lookAtAll: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const system = 'flux-system';
const requested = 'reconcile.fluxcd.io/requestedAt';
const patienceMs = 300_000;

/** Installs the kinds, once for each hub. */
export async function installFlux({ programs, hub }: Pick<FluxSettings, 'programs' | 'hub'>): Promise<void> {
  const kubectl = kubectlOf(hub);
  await kubectl('apply', '--server-side', '-f', programs.definitions);
  await kubectl('wait', '--for=condition=Established', '--timeout=30s', '-f', programs.definitions);
  await kubectl('create', 'namespace', system);
}

/** Starts the controllers and gives them their work. Resolves when all of it is as the repository says now. */
export async function startFlux({ programs, hub, folder }: FluxSettings, work: FluxWork): Promise<Flux> {
  const [storage = 0, sourceHealth = 0, sourceMetrics = 0, health = 0, metrics = 0] = await freePorts(5);
  const places = { storage: join(folder, 'storage'), temporary: join(folder, 'temporary') };
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  const environment = { KUBECONFIG: hub.kubeconfig(), RUNTIME_NAMESPACE: system, TMPDIR: places.temporary };
  const processes: ServerProcess[] = [];
  const start = async (name: string, program: string, port: number, flags: readonly string[]): Promise<void> => {
    const more = { ...environment, SOURCE_CONTROLLER_LOCALHOST: `127.0.0.1:${storage}` };
    const started = startServer(program, ['--events-addr=', ...flags], join(folder, `${name}.log`), more);
    processes.push(started);
    await untilReady(name, started, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
  };
  const stop = async (): Promise<void> => {
    for (const each of processes.splice(0)) await each.end();
  };
  try {
    await start('source-controller', programs.sourceController, sourceHealth, [
      ...[`--storage-path=${places.storage}`, `--storage-addr=127.0.0.1:${storage}`],
      ...[`--storage-adv-addr=127.0.0.1:${storage}`, '--concurrent=10'],
      ...[`--health-addr=127.0.0.1:${sourceHealth}`, `--metrics-addr=127.0.0.1:${sourceMetrics}`],
    ]);
    await start('kustomize-controller', programs.kustomizeController, health, [
      ...['--concurrent=20', '--concurrent-ssa=8'],
      ...[`--health-addr=127.0.0.1:${health}`, `--metrics-addr=127.0.0.1:${metrics}`],
    ]);
    await give(hub, work);
    await untilAllAre(hub, work, (each) => conditionOf(each) === 'True');
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pids: processes.map(({ pid }) => pid),
    fetch: async () => {
      using api = hub.api();
      await ask(api, `${sources}/${work.name}`, String(Date.now()));
    },
    lookAtAll: async () => {
      const now = String(Date.now());
      using api = hub.api();
      await Promise.all(namesOf(work).map(({ name }) => ask(api, `${kustomizations}/${name}`, now)));
      await untilAllAre(hub, work, (each) => textOf(at(each, 'status', 'lastHandledReconcileAt')) === now);
    },
    stop: async () => {
      await stop();
      await forget(hub, work);
    },
  };
}

const sources = `/apis/source.toolkit.fluxcd.io/v1/namespaces/${system}/gitrepositories`;
const kustomizations = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${system}/kustomizations`;

async function ask(api: ReturnType<ApiServer['api']>, path: string, when: string): Promise<void> {
  const { status, text } = await api.mergePatch(path, { metadata: { annotations: { [requested]: when } } });
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
}

const namesOf = ({ name, members, apps }: FluxWork) =>
  members.flatMap((member) => apps.map((app) => ({ name: `${name}-${member.name}-${app}`, member, app })));

async function give(hub: ApiServer, work: FluxWork): Promise<void> {
  const metadata = (name: string): object => ({ name, namespace: system });
  const objects = [
    ...work.members.map((member) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata(`${work.name}-${member.name}`),
      stringData: { value: readFileSync(member.kubeconfig(), 'utf8') },
    })),
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: metadata(work.name),
      spec: { url: work.url, ref: { branch: 'main' }, interval: '1h' },
    },
    ...namesOf(work).map(({ name, member, app }) => ({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: metadata(name),
      spec: {
        sourceRef: { kind: 'GitRepository', name: work.name },
        path: `./apps/${app}`,
        targetNamespace: work.namespace,
        kubeConfig: { secretRef: { name: `${work.name}-${member.name}` } },
        interval: '1h',
        prune: true,
        wait: false,
      },
    })),
  ];
  const input = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { code, stderr } = await hub.kubectl(['apply', '--server-side', '-f', '-'], { input });
  if (code !== 0) throw new Error(`kubectl apply on the hub: ${stderr.trim()}`);
}

type Answered = Parameters<typeof at>[0];

const conditionOf = (object: Answered): string | undefined => {
  const conditions = at(object, 'status', 'conditions');
  const ready = isArray(conditions) ? conditions.find((each) => at(each, 'type') === 'Ready') : undefined;
  return ready === undefined ? undefined : textOf(at(ready, 'status'));
};

async function untilAllAre(hub: ApiServer, work: FluxWork, isSo: (object: Answered) => boolean): Promise<void> {
  const wanted = namesOf(work).length;
  const endMs = Date.now() + patienceMs;
  using api = hub.api();
  for (;;) {
    const { json } = await api.get(kustomizations);
    const items = isArray(json.items) ? json.items : [];
    if (items.length === wanted && items.every(isSo)) return;
    if (Date.now() > endMs) throw new Error(`Flux is not done: ${JSON.stringify(items.find((each) => !isSo(each)))}`);
    await sleep(20);
  }
}

/** What it has applied stays: its controllers do not run any more, and would have pruned for their finalizers. */
async function forget(hub: ApiServer, work: FluxWork): Promise<void> {
  using api = hub.api();
  const paths = [...namesOf(work).map(({ name }) => `${kustomizations}/${name}`), `${sources}/${work.name}`];
  await Promise.all(
    paths.map(async (path) => {
      await api.mergePatch(path, { metadata: { finalizers: null } });
      await api.remove(path);
    }),
  );
}
