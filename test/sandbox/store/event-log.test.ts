/** What a cluster remembers of what happened. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { entryFrom } from '../../../src/sandbox/store/entry.ts';
import { type Change, eventLog } from '../../../src/sandbox/store/event-log.ts';

const change = (revision: number, resource = 'configmaps'): Change => {
  const last = entryFrom(
    { object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, managed: [] },
    revision,
  );
  return { resource, revision, previous: undefined, current: last, last };
};
const revisions = (changes: readonly Change[] | undefined): readonly number[] | undefined =>
  changes?.map(({ revision }) => revision);

test('eventLog: since gives what came after, and nothing when some of it is forgotten', () => {
  const log = eventLog(100);
  for (const revision of [3, 5, 8]) log.append(change(revision));
  const cases: readonly (readonly [number, readonly number[]])[] = [
    [0, [3, 5, 8]],
    [3, [5, 8]],
    [4, [5, 8]],
    [8, []],
    [99, []],
  ];
  for (const [from, expected] of cases) deepEqual(revisions(log.since(from)), expected, `since ${from}`);
  log.compact(5);
  equal(log.compacted(), 5);
  equal(log.since(4), undefined);
  deepEqual(revisions(log.since(5)), [8]);
});

test('eventLog: keeps at least changesMax, and forgets the oldest', () => {
  const log = eventLog(8);
  for (let revision = 1; revision <= 100; revision += 1) log.append(change(revision));
  equal(log.since(1), undefined);
  const kept = revisions(log.since(92));
  deepEqual(kept, [93, 94, 95, 96, 97, 98, 99, 100]);
});

test('eventLog: listeners hear of their resource, or of all, until they leave', () => {
  const log = eventLog(8);
  const heard: string[] = [];
  const leave = log.subscribe('secrets', ({ revision }) => heard.push(`secrets ${revision}`));
  log.subscribe('*', ({ revision }) => heard.push(`any ${revision}`));
  log.append(change(1));
  log.append(change(2, 'secrets'));
  leave();
  log.append(change(3, 'secrets'));
  deepEqual(heard, ['any 1', 'secrets 2', 'any 2', 'any 3']);
});
