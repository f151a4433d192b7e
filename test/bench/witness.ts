/** Who says what clusters hold: watches of the benchmark's own on every object of a namespace. */
import type { KubeObject } from '../../src/core/model/object.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { kubeClient } from '../../src/edge/kube/client.ts';
import { credentials } from '../../src/edge/kube/credentials.ts';
import { systemNet } from '../../src/edge/net/net.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { nowMs } from './asking.ts';
import type { BenchCluster } from './workload.ts';

/** The kinds of `objectsOf`. */
const kinds = [
  ['v1', 'ConfigMap'],
  ['v1', 'ServiceAccount'],
  ['v1', 'Service'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
] as const;

export type Goal = {
  /** Objects on each cluster that have to be so. */
  readonly count: number;
  readonly isSo: (object: KubeObject) => boolean;
};

export type Witness = {
  /** Resolves with the moment at which the last cluster had reached it. One goal at a time. */
  readonly reached: (goal: Goal) => Promise<number>;
  readonly stop: () => void;
};

type Waiting = { readonly goal: Goal; readonly so: Set<string>; readonly done: PromiseWithResolvers<number> };

/** Resolves when all watches are open. */
export async function witness(clusters: readonly BenchCluster[], namespace: string): Promise<Witness> {
  const stopping = new AbortController();
  const deps = { net: systemNet({ clock: systemClock }), clock: systemClock, rng: systemRng };
  const held = new Map<string, KubeObject>();
  let waiting: Waiting | undefined;
  const look = (key: string, object: KubeObject | undefined): void => {
    if (waiting === undefined) return;
    if (object !== undefined && waiting.goal.isSo(object)) waiting.so.add(key);
    else waiting.so.delete(key);
    if (waiting.so.size === waiting.goal.count * clusters.length) waiting.done.resolve(nowMs());
  };
  const opened = clusters.flatMap(({ name, kubeconfig }) => {
    const proof = { clock: systemClock, environment: {} };
    const client = kubeClient(credentials({ kind: 'file', path: kubeconfig }, proof), deps, { version: 'observer' });
    return kinds.map(async ([apiVersion, word]) => {
      const kind = (await client.kinds(stopping.signal)).at(apiVersion, word)!;
      const open = Promise.withResolvers<void>();
      const watching = client.watch(
        { kind, namespace },
        { kind: 'start' },
        (event) => {
          if (event.kind === 'opened') open.resolve();
          if (event.kind !== 'set' && event.kind !== 'gone') return;
          const key = `${name} ${word} ${event.object.metadata.name}`;
          if (event.kind === 'set') held.set(key, event.object);
          else held.delete(key);
          look(key, held.get(key));
        },
        stopping.signal,
      );
      watching.catch((error: unknown) => open.reject(error));
      await open.promise;
    });
  });
  await Promise.all(opened);
  return {
    reached: (goal) => {
      waiting = { goal, so: new Set(), done: Promise.withResolvers() };
      for (const [key, object] of held) look(key, object);
      return waiting.done.promise;
    },
    stop: () => stopping.abort(new Error('the benchmark ends')),
  };
}
