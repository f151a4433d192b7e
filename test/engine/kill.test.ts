/** Protects: killed at any point of a reconcile, the next run converges, leaves no orphan and touches nothing foreign. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/core/model/object.ts';
import { textMapOf } from '../../src/core/model/object.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, configMap, deployment, placement } from '../builder/manifest.ts';

const all = ['{name: all, clusterSelector: {}}'];
const before = {
  'apps/web/web.yaml': [
    deployment('web', 'web:1'),
    configMap('one', '1'),
    configMap('two', '1'),
    configMap('gone', '1'),
  ].join('---\n'),
};
const after = {
  'apps/web/web.yaml': [
    deployment('web', 'web:2'),
    configMap('one', '2'),
    configMap('two', '1'),
    configMap('new', '1'),
    configMap('newer', '1'),
  ].join('---\n'),
};

/** Kills Landfall at its `count`-th write from now on: before it is done, or after it is done and before the answer. */
function killAtWrite(fleet: TestFleet, count: number, isBefore: boolean): { readonly isKilled: () => boolean } {
  let left = count;
  let isKilled = false;
  const cluster = fleet.sandbox.cluster('a');
  const undo = cluster.admit({
    name: 'killer',
    review: ({ user, resource }) => {
      if (resource.resource === 'leases' || user.name.startsWith('system:') || isKilled) return { kind: 'allow' };
      left -= 1;
      if (left > 0) return { kind: 'allow' };
      isKilled = true;
      undo();
      void fleet.kill();
      return isBefore ? { kind: 'deny', message: 'killed', code: 500 } : { kind: 'allow' };
    },
  });
  return { isKilled: () => isKilled };
}

const ours = (objects: readonly KubeObject[]): readonly string[] =>
  objects
    .filter((object) => textMapOf(object, 'labels')['landfall.dev/installation'] === 'test')
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);

for (const isBefore of [true, false]) {
  for (let point = 1; point <= 12; point++) {
    test(`kill: ${isBefore ? 'before' : 'after'} write ${point} of a change, then restart`, async () => {
      const fleet = testFleet({ clusters: ['a'] });
      await fleet.request('a', 'POST', '/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'shop' },
      });
      await fleet.request('a', 'POST', '/api/v1/namespaces/shop/configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'foreign' },
        data: { x: '1' },
      });
      fleet.git.commit({
        ...clusterManifests(['a']),
        'web.yaml': `${app('web')}---\n${placement('web', all)}`,
        ...before,
      });
      await fleet.run(40_000);
      equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
      killAtWrite(fleet, point, isBefore);
      fleet.git.commit(after);
      await fleet.run(10_000);
      await fleet.kill();
      fleet.start();
      await fleet.run(120_000);
      equal(fleet.cell('shop/web', 'a')?.state, 'Synced', fleet.table());
      const cluster = fleet.sandbox.cluster('a');
      deepEqual(
        ours([...cluster.list('v1', 'ConfigMap', 'shop'), ...cluster.list('apps/v1', 'Deployment', 'shop')]).toSorted(),
        ['ConfigMap new', 'ConfigMap newer', 'ConfigMap one', 'ConfigMap two', 'Deployment web'],
      );
      deepEqual(cluster.read('v1', 'ConfigMap', 'shop', 'foreign')?.data, { x: '1' });
      deepEqual(fleet.sandbox.traps(), []);
      await fleet.close();
    });
  }
}
