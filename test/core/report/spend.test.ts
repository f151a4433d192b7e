/** Which statuses go first, and which go nowhere, when a credential may not post them all. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { commitSha } from '../../../src/core/model/id.ts';
import { checkContext, contextOf } from '../../../src/core/report/context.ts';
import { spend, type Telling } from '../../../src/core/report/spend.ts';
import { type Status, type StatusState, supersededBy, type Told } from '../../../src/core/report/status.ts';

const say = (state: StatusState, text = ''): Status => ({
  state,
  cause: 'underway',
  text,
  progress: text,
  details: [],
});

const tellings = (
  [
    ['text', say('pending', '2/3 ok'), say('pending', '1/3 ok')],
    ['unchanged', say('success', '3/3 ok; no change'), undefined],
    ['skipped', supersededBy('abc'), undefined],
    [checkContext, say('success', 'no errors'), undefined],
    ['new', say('pending', '0/3 ok'), undefined],
    ['done', say('success', '3/3 ok'), say('pending', '0/3 ok')],
    ['overtaken', supersededBy('abc'), say('pending', '0/3 ok')],
    ['broken', say('failure', '1/3 ok'), undefined],
  ] as const satisfies readonly (readonly [string, Status, Told | undefined])[]
).map(
  ([name, status, before]): Telling => ({
    commit: commitSha('a'.repeat(40)),
    context: contextOf(name),
    status,
    before,
  }),
);

const ends = ['done', 'overtaken'];
const cases = [
  {
    left: 11,
    now: ['broken', checkContext, ...ends, 'new', 'unchanged'],
    later: [],
    never: ['skipped', 'text'],
  },
  { left: 9, now: ['broken', checkContext, ...ends], later: ['new'], never: ['unchanged', 'skipped', 'text'] },
  { left: 3, now: ['broken', checkContext], later: [...ends, 'new'], never: ['unchanged', 'skipped', 'text'] },
  { left: 0, now: [], later: ['broken', checkContext, ...ends, 'new'], never: ['unchanged', 'skipped', 'text'] },
];

for (const { left, ...expected } of cases)
  test(`spend: with ${left} of 10 left`, () => {
    const { now, later, never } = spend(tellings, left, 10);
    const names = (all: readonly Telling[]) => all.map(({ context }) => context);
    deepEqual({ now: names(now), later: names(later), never: names(never) }, expected);
  });

test('spend: says how many there must be before more can be told', () => {
  equal(spend(tellings, 0, 10).wanted, 1);
  equal(spend(tellings, 3, 10).wanted, 3);
  equal(spend(tellings, 9, 10).wanted, 6);
  equal(spend(tellings, 100, 10).wanted, undefined);
});
