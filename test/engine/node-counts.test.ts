/** Protects: a count that nobody may have says so, and one that only failed is no reason for ever. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { FaultError, type FaultKind } from '../../src/core/model/fault.ts';
import { clusterId } from '../../src/core/model/id.ts';
import { NodeCounts } from '../../src/engine/look/node-counts.ts';
import type { Member } from '../../src/engine/member/member.ts';
import { silentLog } from '../../src/seam/log.ts';
import { noMetrics } from '../../src/seam/metric.ts';
import { handClock } from '../builder/clock.ts';

type Listed = () => Promise<{ readonly items: readonly object[] }>;
const memberThat = (listReduced: Listed): Member =>
  ({ id: clusterId('eu-1'), isReady: true, session: { client: { listReduced } } }) as unknown as Member;
const failing = (kind: FaultKind) => () => Promise.reject(new FaultError({ kind, detail: 'no' }));
const never = AbortSignal.any([]);

const cases: readonly (readonly [name: string, list: Listed, count: object, heard: readonly string[]])[] = [
  ['nodes are counted', async () => ({ items: [{}, {}] }), { nodes: 2 }, ['eu-1']],
  [
    'what may not be listed says why',
    failing('forbidden'),
    { reason: 'Landfall has no right to list nodes here' },
    ['eu-1'],
  ],
  ['no answer is no reason', failing('unreachable'), {}, []],
  ['a bug is counted, and shown as nothing', () => Promise.reject(new TypeError('inner')), {}, ['bugs']],
];
for (const [name, list, count, heard] of cases)
  test(`node counts: ${name}`, async () => {
    const clock = handClock();
    const said: string[] = [];
    const counts = new NodeCounts({
      clock,
      log: silentLog,
      metrics: { ...noMetrics, count: (figure) => void said.push(figure) },
      onCount: (cluster) => void said.push(cluster),
    });
    const member = memberThat(list);
    deepEqual(counts.of(member, never), {}, 'nobody waits for it');
    await clock.settle();
    const { nodes, reason } = counts.of(member, never);
    deepEqual(JSON.parse(JSON.stringify({ nodes, reason })), count);
    deepEqual(said, heard);
    equal(clock.waiting(), 0);
  });
