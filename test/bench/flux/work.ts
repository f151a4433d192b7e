/** Work for Flux: one repository, followed for many clusters. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, isArray, textOf } from '../../../src/core/json/value.ts';
import type { ApiServer } from '../../cluster/api-server.ts';
import { fluxSystem } from '../../cluster/handover/flux.ts';

/** One Kustomization for each App on each cluster. */
export type FluxWork = {
  /** Of the repository, and what the names of everything here begin with. */
  readonly name: string;
  readonly url: string;
  readonly members: readonly ApiServer[];
  readonly apps: readonly string[];
  readonly namespace: string;
};

export type Assigned = {
  /** As its notification controller asks when a webhook arrives. */
  readonly fetch: () => Promise<void>;
  /** Has every Kustomization look at its cluster now, and waits until all have. */
  readonly lookAtAll: () => Promise<void>;
  /** When its controllers have ended. */
  readonly forget: () => Promise<void>;
};

const requested = 'reconcile.fluxcd.io/requestedAt';
const patienceMs = 300_000;

/** Gives Flux its work. Resolves when all of it is as the repository says now. */
export async function assign(hub: ApiServer, work: FluxWork): Promise<Assigned> {
  await give(hub, work);
  await untilAllAre(hub, work, (each) => conditionOf(each) === 'True');
  return {
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
    forget: () => forget(hub, work),
  };
}

const sources = `/apis/source.toolkit.fluxcd.io/v1/namespaces/${fluxSystem}/gitrepositories`;
const kustomizations = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${fluxSystem}/kustomizations`;

async function ask(api: ReturnType<ApiServer['api']>, path: string, when: string): Promise<void> {
  const { status, text } = await api.mergePatch(path, { metadata: { annotations: { [requested]: when } } });
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
}

const namesOf = ({ name, members, apps }: FluxWork) =>
  members.flatMap((member) => apps.map((app) => ({ name: `${name}-${member.name}-${app}`, member, app })));

async function give(hub: ApiServer, work: FluxWork): Promise<void> {
  const metadata = (name: string): object => ({ name, namespace: fluxSystem });
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
