/** Protects: on each cluster traffic leads to just the revisions that are there, however many there are and however placed. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { type Group, isOpen, meetingsOf } from '../../../../src/core/dialect/appdeployment/traffic-parts.ts';
import { type Cluster, type ClusterMatch, matches } from '../../../../src/core/model/fleet.ts';
import { clusterId } from '../../../../src/core/model/id.ts';
import { seededRng } from '../../../builder/rng.ts';

const clusterNamed = (name: string, labels: Record<string, string>): Cluster => ({
  id: clusterId(name),
  origin: { repository: 'fleet' as never, path: 'clusters.yaml', line: 1, column: 1 },
  labels,
  clusterID: undefined,
  access: { kind: 'inCluster' },
  proxyURL: undefined,
  lifecycle: 'Active',
  isSuspended: false,
  variables: {},
  movedFrom: [],
});

const fleet = Array.from({ length: 6 }, (_, index) =>
  clusterNamed(`c${index}`, { odd: String(index % 2), third: String(index % 3) }),
);
const named = (...indexes: readonly number[]): ClusterMatch => ({
  kind: 'some',
  of: [{ kind: 'names', names: indexes.map((index) => clusterId(`c${index}`)) }],
});
const labelled = (key: string, value: string): ClusterMatch => ({
  kind: 'some',
  of: [{ kind: 'selector', selector: [{ key, operator: 'In', values: [value] }] }],
});

test('meetingsOf: every cluster is in one of them at most, with just the revisions that are there', () => {
  const rng = seededRng(7);
  const pick = (below: number): number => Math.floor(rng.next() * below);
  for (let round = 0; round < 200; round++) {
    const groups = Array.from({ length: 1 + pick(5) }, (_, index): Group => {
      const kind = pick(3);
      const match =
        kind === 0
          ? labelled('odd', String(pick(2)))
          : kind === 1
            ? labelled('third', String(pick(3)))
            : named(pick(6), pick(6));
      return { revisions: [`v${index}`], match };
    });
    const meetings = meetingsOf(groups);
    for (const cluster of fleet) {
      const here = groups.filter(({ match }) => matches(match, cluster)).flatMap(({ revisions }) => revisions);
      const found = meetings.filter(({ clusters }) => matches(clusters, cluster));
      ok(found.length <= 1, `${cluster.id} in ${found.length}`);
      deepEqual(found[0]?.revisions ?? [], here, cluster.id);
    }
  }
});

test('meetingsOf: clusters that are named make no combinations', () => {
  const groups = Array.from({ length: 40 }, (_, index): Group => ({ revisions: [`v${index}`], match: named(index) }));
  equal(groups.some(isOpen), false);
  equal(meetingsOf(groups).length, 40);
});
