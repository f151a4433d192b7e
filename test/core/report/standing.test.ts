import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { CellFacts } from '../../../src/core/report/standing.ts';
import { standingEndsAtMs, standingOf, worstFirst } from '../../../src/core/report/standing.ts';
import { cell, factsOf, nowMs } from './facts.ts';

const unwell = { isWell: false } as const;
const lost = (agoMs: number): CellFacts['contact'] => ({
  kind: 'lost',
  sinceMs: nowMs - agoMs,
  reason: 'T3001 no answer',
});

const cases: readonly { readonly name: string; readonly facts: Partial<CellFacts>; readonly is: string }[] = [
  { name: 'all there and healthy: well', facts: {}, is: 'well' },
  { name: 'suspended, though well', facts: { isSuspended: true }, is: 'suspended: suspended' },
  {
    name: 'the cluster does not accept us',
    facts: { contact: { kind: 'refused', reason: 'O2003 401' } },
    is: 'stuck: O2003 401',
  },
  {
    name: 'not connected since the start, though well before',
    facts: { contact: { kind: 'none' } },
    is: 'unseen: not connected yet',
  },
  { name: 'lost a moment ago: nothing is known', facts: { contact: lost(599_999) }, is: 'unseen: T3001 no answer' },
  {
    name: 'lost for as long as a stage may take: apart',
    facts: { contact: lost(600_000) },
    is: 'unreachable: T3001 no answer',
  },
  {
    name: 'nobody can say what is wanted',
    facts: { ...unwell, unknown: 'its placement has errors' },
    is: 'waiting: its placement has errors',
  },
  {
    name: 'refused by the API server',
    facts: { ...unwell, failure: 'A1901 Deployment web: no' },
    is: 'refused: A1901 Deployment web: no',
  },
  {
    name: 'refused by who owns the object',
    facts: { ...unwell, failure: 'it belongs to helm' },
    is: 'refused: it belongs to helm',
  },
  { name: 'no permission: the operator', facts: { ...unwell, failure: 'O2004 may not' }, is: 'stuck: O2004 may not' },
  { name: 'a bug: ours', facts: { ...unwell, failure: 'B9001 a bug' }, is: 'stuck: B9001 a bug' },
  {
    name: 'a name that only looks like a code',
    facts: { ...unwell, failure: 'O20041 is no code' },
    is: 'refused: O20041 is no code',
  },
  {
    name: 'its record says so, nobody has looked since',
    facts: { ...unwell, isSeen: false, message: 'waits for the lease' },
    is: 'unseen: waits for the lease',
  },
  { name: 'deletions wait', facts: { ...unwell, deletes: 'sha256:1', message: 'many' }, is: 'acknowledge: many' },
  { name: 'failed at what is wanted', facts: { ...unwell, lapse: 'Degraded' }, is: 'failed: Degraded' },
  {
    name: 'not its turn',
    facts: { ...unwell, isAtAim: false, waits: 'waits for canary' },
    is: 'waiting: waits for canary',
  },
  { name: 'under way', facts: { ...unwell, message: '1 of 2 ready' }, is: 'moving: 1 of 2 ready' },
  { name: 'under way, nothing said yet', facts: { ...unwell, isAtAim: false }, is: 'moving: queued' },
  {
    name: 'another aim than its record, not seen: it moves',
    facts: { ...unwell, isAtAim: false, isSeen: false },
    is: 'moving: queued',
  },
  { name: 'well, though deletions elsewhere wait', facts: { deletes: 'sha256:1' }, is: 'well' },
];
for (const { name, facts, is } of cases)
  test(`standingOf: ${name}`, () => {
    const standing = standingOf(factsOf(facts), nowMs);
    equal(standing.kind === 'well' ? 'well' : `${standing.kind}: ${standing.reason}`, is);
  });

test('standingEndsAtMs: the end of patience with a silent cluster, and the deadline of a change', () => {
  equal(standingEndsAtMs(factsOf(), nowMs), undefined);
  equal(standingEndsAtMs(factsOf({ contact: lost(100_000) }), nowMs), nowMs + 500_000);
  equal(standingEndsAtMs(factsOf({ contact: lost(700_000) }), nowMs), undefined);
  equal(standingEndsAtMs(factsOf({ contact: lost(100_000), lapsesAtMs: nowMs + 5 }), nowMs), nowMs + 5);
});

test('worstFirst: what somebody must act on before what takes time, equals in their order', () => {
  const all = [
    cell('a', { kind: 'well' }),
    cell('b', { kind: 'waiting', reason: '' }),
    cell('c', { kind: 'moving', reason: '' }),
    cell('d', { kind: 'refused', reason: '' }),
    cell('e', { kind: 'moving', reason: '' }),
  ];
  deepEqual(
    worstFirst(all).map(({ cluster }) => String(cluster)),
    ['d', 'c', 'e', 'b', 'a'],
  );
});
