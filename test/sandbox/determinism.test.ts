/** One seed, one story. */
import { deepEqual, notDeepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/core/json/value.ts';
import { apps, configMap, core, deployment, scene } from './scene.ts';

async function play(seed: number, others: readonly string[] = []): Promise<readonly JsonObject[]> {
  const { cluster, clock, apply, ask, sandbox } = scene({}, seed, ['one', ...others]);
  await apply(`${apps}/deployments/web`, deployment('web', 3));
  await apply(`${core}/configmaps/a`, configMap('a', { x: '1' }));
  await clock.advance(700);
  await apply(`${apps}/deployments/web`, deployment('web', 2, 'web:2'));
  await ask('DELETE', `${core}/configmaps/a`);
  await clock.advance(30_000);
  deepEqual(sandbox.traps(), []);
  const kinds = [
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'ReplicaSet'],
    ['v1', 'Pod'],
    ['v1', 'Namespace'],
  ] as const;
  return kinds.flatMap(([apiVersion, kind]) => cluster.list(apiVersion, kind));
}

test('createSandbox: the same seed and the same requests make the same objects, to the last digit', async () => {
  const first = await play(7);
  deepEqual(await play(7), first);
  notDeepEqual(await play(8), first);
});

test('createSandbox: clusters do not draw from each other’s chance', async () => {
  deepEqual(await play(7, ['two', 'three']), await play(7));
});
