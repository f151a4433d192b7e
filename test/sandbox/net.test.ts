/** The sandbox as a Net. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { FaultError } from '../../src/core/model/fault.ts';
import { sandboxNet, sandboxOrigin } from '../../src/sandbox/net.ts';
import { configMap, core, scene } from './scene.ts';

const never = new AbortController().signal;
const unreachable = (error: unknown): boolean => error instanceof FaultError && error.fault.kind === 'unreachable';
const text = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

test('sandboxNet: each cluster has an origin of its own', async () => {
  const { sandbox } = scene({}, 1, ['one', 'two']);
  const net = sandboxNet(sandbox);
  const ask = async (cluster: string): Promise<string> => {
    const connection = net.connect({ origin: sandboxOrigin(cluster) });
    const { status, body } = await connection.request(
      { method: 'GET', path: '/api/v1/namespaces/kube-system', headers: {} },
      never,
    );
    equal(status, 200);
    return JSON.parse(await text(body)).metadata.uid;
  };
  deepEqual([await ask('one'), await ask('two')], [sandbox.cluster('one').uid, sandbox.cluster('two').uid]);
  ok(sandbox.cluster('one').uid !== sandbox.cluster('two').uid);
  await rejects(
    net
      .connect({ origin: 'http://three.sandbox.internal' })
      .request({ method: 'GET', path: '/version', headers: {} }, never),
    unreachable,
  );
});

test('sandboxNet: a cut is a fault, before the answer and in it', async () => {
  const { sandbox, cluster, clock, apply } = scene();
  const connection = sandboxNet(sandbox).connect({ origin: sandboxOrigin('one') });
  const watch = await connection.request(
    { method: 'GET', path: `${core}/configmaps?watch=true`, headers: {}, isStream: true },
    never,
  );
  const read = text(watch.body).catch((error: unknown) => error);
  await apply(`${core}/configmaps/a`, configMap('a'));
  await clock.settle();
  cluster.setDisorder({ isDown: true });
  ok(unreachable(await read));
  await rejects(connection.request({ method: 'GET', path: '/version', headers: {} }, never), unreachable);
});

test('sandboxNet: closing ends what is in flight', async () => {
  const { sandbox, cluster, clock } = scene();
  cluster.setDisorder({ isBlackHole: true });
  const connection = sandboxNet(sandbox).connect({ origin: sandboxOrigin('one') });
  const asked = connection
    .request({ method: 'GET', path: '/version', headers: {} }, never)
    .catch((error: unknown) => error);
  await clock.settle();
  connection.close();
  ok(unreachable(await asked));
});

test('sandboxNet: a fired signal rejects with its reason', async () => {
  const { sandbox, clock } = scene();
  const connection = sandboxNet(sandbox).connect({ origin: sandboxOrigin('one') });
  const stop = new AbortController();
  const watch = await connection.request(
    { method: 'GET', path: `${core}/secrets?watch=true`, headers: {} },
    stop.signal,
  );
  const read = text(watch.body).catch((error: unknown) => error);
  await clock.settle();
  stop.abort(new Error('enough'));
  equal(String(await read), 'Error: enough');
});
