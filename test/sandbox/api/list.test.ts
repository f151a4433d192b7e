/** Pages of lists, once history has moved on. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Json } from '../../../src/core/json/value.ts';
import { core, type Reply, type Scene, scene } from '../scene.ts';

const names = ({ json }: Reply): readonly unknown[] =>
  ((json.items ?? []) as readonly Json[]).map((item) => at(item, 'metadata', 'name'));
const token = ({ json }: Reply): string => encodeURIComponent(String(at(json, 'metadata', 'continue')));

async function seeded(): Promise<Scene> {
  const here = scene();
  for (const name of ['a', 'b', 'c', 'd']) await here.ask('POST', `${core}/secrets`, { body: { metadata: { name } } });
  return here;
}

test('list: the next page is of the first page’s version', async () => {
  const { ask } = await seeded();
  const first = await ask('GET', `${core}/secrets?limit=2`);
  await ask('DELETE', `${core}/secrets/c`);
  await ask('POST', `${core}/secrets`, { body: { metadata: { name: 'bb' } } });
  deepEqual(names(await ask('GET', `${core}/secrets?limit=2&continue=${token(first)}`)), ['c', 'd']);
});

test('list: a page that is too old is 410, with a token for whoever takes what there is now', async () => {
  const { ask, cluster } = await seeded();
  const first = await ask('GET', `${core}/secrets?limit=2`);
  await ask('DELETE', `${core}/secrets/c`);
  cluster.compact();
  const old = await ask('GET', `${core}/secrets?limit=2&continue=${token(first)}`);
  deepEqual([old.status, old.json.reason], [410, 'Expired']);
  deepEqual(names(await ask('GET', `${core}/secrets?limit=2&continue=${token(old)}`)), ['d']);
});

test('list: an exact version that is forgotten is 410', async () => {
  const { ask, cluster } = await seeded();
  const version = String(cluster.read('v1', 'Secret', 'default', 'b')?.metadata.resourceVersion);
  const query = `resourceVersion=${version}&resourceVersionMatch=Exact`;
  deepEqual(names(await ask('GET', `${core}/secrets?${query}`)), ['a', 'b']);
  cluster.compact();
  equal((await ask('GET', `${core}/secrets?${query}`)).status, 410);
});
