/** The lower bound: the same objects sent by the same client with the same concurrency, and nothing else. */
import { withMetadata } from '../../src/core/model/object.ts';
import { installationLabel, partOfLabel } from '../../src/core/plan/manifest.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { type KubeClient, kubeClient } from '../../src/edge/kube/client.ts';
import { credentials } from '../../src/edge/kube/credentials.ts';
import { systemNet } from '../../src/edge/net/net.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { forEach } from '../../src/engine/pool.ts';
import { answer, nowMs } from './asking.ts';
import { type BenchCluster, objectsOf } from './workload.ts';

export type FloorQuestions = {
  /** Opens connections, makes the namespace, learns the kinds. */
  readonly connect: readonly [{ readonly clusters: readonly BenchCluster[]; readonly namespace: string }, undefined];
  /** Sends everything; resolves with how long it took. */
  readonly flood: readonly [
    { readonly objects: number; readonly namespace: string; readonly requestsMax: number },
    number,
  ];
};

const manager = 'landfall-floor';
const never = new AbortController().signal;
const deps = { net: systemNet({ clock: systemClock }), clock: systemClock, rng: systemRng };
const clients: KubeClient[] = [];
process.once('SIGTERM', () => process.exit(0));

answer<FloorQuestions>({
  connect: async ({ clusters, namespace }) => {
    for (const { kubeconfig } of clusters) {
      const proof = { clock: systemClock, environment: {} };
      clients.push(kubeClient(credentials({ kind: 'file', path: kubeconfig }, proof), deps, { version: 'floor' }));
    }
    await forEach(clients, 20, async (client) => {
      const kinds = await client.kinds(never);
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
      await client.apply(object, { kind: kinds.at('v1', 'Namespace')!, manager }, never);
    });
    return undefined;
  },
  flood: async ({ objects, namespace, requestsMax }) => {
    // As large as Landfall's own: it labels what it owns.
    const labels = { [installationLabel]: manager, [partOfLabel]: `applyset-${'x'.repeat(43)}-v1` };
    const bodies = objectsOf(objects).map((object) => withMetadata(object, { namespace, labels }));
    const startMs = nowMs();
    await Promise.all(
      clients.map(async (client) => {
        const kinds = await client.kinds(never);
        await forEach(bodies, requestsMax, async (body) => {
          await client.apply(body, { kind: kinds.at(body.apiVersion, body.kind)!, manager }, never);
        });
      }),
    );
    return nowMs() - startMs;
  },
});
