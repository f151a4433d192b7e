/** Protects: failures stop a rollout, and stop nobody from finding out that they were mended. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence } from '../../../src/core/rollout/evidence.ts';
import { decideRollout } from '../../../src/core/rollout/rollout.ts';
import { stageOf } from '../../builder/model.ts';
import { cellOn, done } from '../../builder/rollout.ts';

const decided = (...cells: readonly Evidence[]): readonly string[] => {
  const { decisions } = decideRollout([{ stage: stageOf('all'), waves: [cells] }], 1_000);
  return cells.map(({ cell }) => {
    const decision = decisions.get(cell);
    return decision?.kind === 'wait' ? decision.reason : `${decision?.kind}`;
  });
};

const failure = 'O2004 may not';
const longAgo = -3_600_000;
const table: readonly (readonly [string, readonly Evidence[], readonly string[]])[] = [
  ['the first cluster goes alone', [cellOn('a'), cellOn('b')], ['go', 'waits for a: 0 of 1 clusters changed']],
  ['the others follow when it is well', [cellOn('a', done), cellOn('b')], ['go', 'go']],
  [
    'a cell that failed is tried again, the others wait',
    [cellOn('a', { failure }), cellOn('b')],
    ['go', '1 of 2 clusters failed: O2004 may not'],
  ],
  [
    'a cell that failed before it held anything is tried again too',
    [cellOn('a', { failure, held: undefined, healthySinceMs: undefined }), cellOn('b')],
    ['go', '1 of 2 clusters failed: O2004 may not'],
  ],
  [
    'one that cannot be reached is no failure',
    [cellOn('a', { failure, isReachable: false }), cellOn('b', done), cellOn('c')],
    ['go', 'go', 'go'],
  ],
  [
    'one that is not healthy long after it was applied is',
    [cellOn('a', { ...done, appliedAtMs: longAgo, health: { status: 'Progressing' } }), cellOn('b')],
    ['go', '1 of 2 clusters failed: not healthy 600 s after it was applied'],
  ],
  [
    'one that nobody has looked at since it is back is none',
    [cellOn('a', { ...done, appliedAtMs: longAgo, health: { status: 'Unknown' } }), cellOn('b')],
    ['go', 'waits for a: 0 of 1 clusters healthy'],
  ],
];
for (const [name, cells, expected] of table)
  test(`decideRollout: ${name}`, () => deepEqual(decided(...cells), expected));
