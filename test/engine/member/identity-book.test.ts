/** Protects: never two writers on one cluster, under two names of ours, and never a write to another cluster at an old address. */
import { rejects } from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../../../src/core/model/fleet.ts';
import { clusterId } from '../../../src/core/model/id.ts';
import { checkIdentity, namesakeIn } from '../../../src/engine/member/identity-book.ts';

const never = new AbortController().signal;

const cluster = (name: string, clusterID?: string): Cluster => ({
  id: clusterId(name),
  origin: { repository: 'fleet' as never, path: 'clusters.yaml', line: 1, column: 1 },
  labels: {},
  clusterID,
  access: { kind: 'inCluster' },
  proxyURL: undefined,
  lifecycle: 'Active',
  isSuspended: false,
  variables: {},
  movedFrom: [],
});

function bookOf(clusters: readonly Cluster[]) {
  const learnt = new Map<string, string>();
  const known = (id: string) => learnt.get(id);
  const learn = (id: string, uid: string) => void learnt.set(id, uid);
  return { known, learn, namesake: namesakeIn(() => clusters, { known }) };
}

const answering = (uid: string) => ({ identity: async () => uid });

test('checkIdentity: the second name of a cluster is refused, and the first stays', async () => {
  const [local, other] = [cluster('local'), cluster('prod')];
  const book = bookOf([local, other]);
  await checkIdentity(local, answering('u1'), book, never);
  await rejects(checkIdentity(other, answering('u1'), book, never), /this is cluster local under another name/);
  await checkIdentity(local, answering('u1'), book, never);
  await checkIdentity(other, answering('u2'), book, never);
});

test('checkIdentity: a name that has left the fleet hinders nobody', async () => {
  const book = bookOf([cluster('new')]);
  book.learn('old', 'u1');
  await checkIdentity(cluster('new'), answering('u1'), book, never);
});

test('checkIdentity: what the manifest says counts, and another cluster is refused', async () => {
  const [one, two] = [cluster('one', 'u1'), cluster('two')];
  const book = bookOf([one, two]);
  await rejects(checkIdentity(one, answering('u2'), book, never), /this is cluster u2, not u1/);
  await rejects(checkIdentity(two, answering('u1'), book, never), /this is cluster one under another name/);
});
