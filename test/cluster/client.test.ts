/** The Kubernetes client on a real API server, also one that is lost, hangs and comes back. */
import { deepEqual, equal } from 'node:assert/strict';
import { after, test } from 'node:test';
import { groupKind } from '../../src/core/model/id.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { kubeClient } from '../../src/edge/kube/client.ts';
import { credentials } from '../../src/edge/kube/credentials.ts';
import { follow } from '../../src/edge/kube/follow.ts';
import { systemNet } from '../../src/edge/net/net.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { isFault } from '../builder/fault.ts';
import { never } from '../builder/kube.ts';
import { clientSuite } from '../edge/kube/client-suite.ts';
import { sharedFleet } from './fleet.ts';

const fleet = await sharedFleet();
const [server, lost] = fleet?.servers ?? [];
const deps = { clock: systemClock, rng: systemRng };

if (server === undefined || lost === undefined) test('kubeClient', { skip: 'no Kubernetes to run' });
else {
  const access = credentials({ kind: 'file', path: server.kubeconfig() }, { ...deps, environment: {} });
  const client = kubeClient(access, { net: systemNet(deps), ...deps });
  after(() => client.close());
  clientSuite('kube-apiserver', { client, ...deps, namespace: 'default' });

  test('follow: a server that is lost, and one that hangs: told, and nothing is missed', async (t) => {
    const own = credentials({ kind: 'file', path: lost.kubeconfig() }, { ...deps, environment: {} });
    const net = systemNet(deps, { pingIntervalMs: 500, pingTimeoutMs: 500, connectTimeoutMs: 1_000 });
    const toLost = kubeClient(own, { net, ...deps }, { requestTimeoutMs: 2_000, attemptsMax: 1 });
    const stopping = new AbortController();
    t.after(() => {
      stopping.abort();
      toLost.close();
    });
    const kind = (await toLost.kinds(never)).of(groupKind('', 'ConfigMap'));
    if (kind === undefined) throw new Error('ConfigMaps are served');
    const told: string[] = [];
    let heard = 0;
    let wake = (): void => {};
    /** Waits for a line that was not waited for yet. */
    const until = async (line: string): Promise<void> => {
      while (!told.includes(line, heard)) await new Promise<void>((resolve) => (wake = resolve));
      heard = told.indexOf(line, heard) + 1;
    };
    const say = (line: string): void => {
      // A server that starts is seen to break more than once, and may have forgotten the version that we were at.
      if (!line.startsWith('set ') || !told.includes(line)) told.push(line);
    };
    const following = follow<string>(
      {
        query: { kind, namespace: 'default', labelSelector: 'suite=lost' },
        reduce: (object) => object.metadata.name,
        sink: (event) => {
          if (event.kind === 'listed') for (const item of event.items) say(`set ${item}`);
          if (event.kind === 'listed' || event.kind === 'resumed') say('synced');
          else if (event.kind === 'broken') say('broken');
          else if (event.kind === 'set') say(`set ${event.item}`);
          wake();
        },
      },
      { client: toLost, ...deps },
      stopping.signal,
      { retryDelayMs: 100, retryDelayMsMax: 500, watchMsMin: 100 },
    );
    const make = async (name: string): Promise<void> => {
      const metadata = { name, namespace: 'default', labels: { suite: 'lost' } };
      await toLost.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, { kind, manager: 'suite' }, never);
      await until(`set ${name}`);
    };
    await until('synced');
    await make('before');
    await lost.stop();
    await until('broken');
    await lost.start();
    await until('synced');
    await make('between');
    lost.pause();
    await until('broken');
    const ref = { kind, namespace: 'default', name: 'before' };
    await toLost.get(ref, never).then(() => equal(1, 0, 'nobody can answer'), isFault('unreachable'));
    lost.resume();
    await until('synced');
    await make('after');
    deepEqual(
      told.filter((line) => line.startsWith('set ')),
      ['set before', 'set between', 'set after'],
    );
    stopping.abort();
    await following;
  });
}
