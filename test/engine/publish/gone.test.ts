/** Protects: that no cluster holds an App any more is said when all of them have been read, and not before. */
import { doesNotMatch, match } from 'node:assert/strict';
import { test } from 'node:test';
import { notesSink } from '../../../src/engine/publish/notes-sink.ts';
import { startPublishing } from '../../../src/engine/publish/start.ts';
import { silentLog } from '../../../src/seam/log.ts';
import { noMetrics } from '../../../src/seam/metric.ts';
import { clusterManifests, testFleet } from '../../builder/fleet.ts';
import { app, configMap, placement } from '../../builder/manifest.ts';

const ref = 'refs/notes/landfall';
const minute = 60_000;

test('publish: after a start an App that has left Git is not told to be gone before its clusters are read', async () => {
  const fleet = testFleet({
    clusters: ['a', 'b'],
    onStart: ({ engine, git, clock, signal }) => {
      const sink = notesSink(git.repository, { ref, branch: 'main' });
      startPublishing(engine, { sinksOf: () => [sink], clock, log: silentLog, metrics: noMetrics }, signal);
    },
  });
  const stages = ['{name: all, clusterNames: [a, b]}'];
  fleet.git.commit({
    ...clusterManifests(['a', 'b']),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/web.yaml': configMap('web', '1'),
    'api.yaml': `${app('api')}---\n${placement('api', stages)}`,
    'apps/api/api.yaml': configMap('api', '1'),
  });
  await fleet.run(2 * minute);
  fleet.git.commit({ 'web.yaml': undefined, 'api.yaml': undefined });
  await fleet.run(minute);
  const told = (): string => fleet.git.notes(ref).get(fleet.git.head()) ?? '';
  match(told(), /landfall\/shop\/web — .*acknowledge/, 'a repository without Apps waits for a person');
  await fleet.kill();
  const { sandbox } = fleet;
  for (const name of ['a', 'b']) sandbox.cluster(name).setDisorder({ isDown: true });
  fleet.start();
  await fleet.run(5 * minute);
  doesNotMatch(told(), /no cluster holds it/);
  sandbox.cluster('a').setDisorder({});
  await fleet.run(5 * minute);
  doesNotMatch(told(), /no cluster holds it/, 'b may still hold it');
  sandbox.cluster('b').setDisorder({});
  await fleet.run(5 * minute);
  match(told(), /landfall\/shop\/web — .*acknowledge/);
  await fleet.close();
});
