/** Who says when a change has taken effect: watches of the benchmark's own, never the word of what is measured. */
import { fieldOf, textOf } from '../../src/core/json/value.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { kubeClient } from '../../src/edge/kube/client.ts';
import { credentials } from '../../src/edge/kube/credentials.ts';
import { systemNet } from '../../src/edge/net/net.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { nowMs } from './asking.ts';
import type { BenchCluster } from './workload.ts';

export type Observer = {
  /** Resolves when the ConfigMap has this value on every cluster, with the moment of each. */
  readonly seen: (value: string) => Promise<readonly number[]>;
  readonly stop: () => void;
};

/** Watches one ConfigMap on each cluster. Resolves when all watches are open. */
export async function observe(
  clusters: readonly BenchCluster[],
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<Observer> {
  const stopping = new AbortController();
  const deps = { net: systemNet({ clock: systemClock }), clock: systemClock, rng: systemRng };
  let wanted = '';
  let moments: number[] = [];
  let all = Promise.withResolvers<readonly number[]>();
  const note = (value: string | undefined): void => {
    if (wanted === '' || value !== wanted) return;
    moments.push(nowMs());
    if (moments.length === clusters.length) all.resolve(moments);
  };
  const opened = clusters.map(async ({ kubeconfig }) => {
    const proof = { clock: systemClock, environment: {} };
    const client = kubeClient(credentials({ kind: 'file', path: kubeconfig }, proof), deps, { version: 'observer' });
    const kind = (await client.kinds(stopping.signal)).at('v1', 'ConfigMap')!;
    const query = { kind, namespace, fieldSelector: `metadata.name=${name}` };
    const open = Promise.withResolvers<void>();
    const watching = client.watch(
      query,
      { kind: 'start' },
      (event) => {
        if (event.kind === 'opened') open.resolve();
        if (event.kind === 'set') note(textOf(fieldOf(fieldOf(event.object, 'data'), 'value')));
      },
      stopping.signal,
    );
    watching.catch((error: unknown) => open.reject(error)).finally(() => client.close());
    await open.promise;
  });
  await Promise.all(opened);
  return {
    seen: (value) => {
      wanted = value;
      moments = [];
      all = Promise.withResolvers();
      return all.promise;
    },
    stop: () => stopping.abort(new Error('the benchmark ends')),
  };
}
