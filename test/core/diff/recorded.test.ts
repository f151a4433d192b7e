/** Edits of every kind, as a real API server records them, told right from beginning to end. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { describeOwner, ownersOf } from '../../../src/core/diff/blame.ts';
import { driftOf } from '../../../src/core/diff/drift.ts';
import { ourSetOf } from '../../../src/core/diff/entries.ts';
import { emptySet } from '../../../src/core/diff/fields.ts';
import { fingerprintOf } from '../../../src/core/diff/fingerprint.ts';
import { printPath } from '../../../src/core/diff/path.ts';
import { judge } from '../../../src/core/diff/verdict.ts';
import { ours, readEdits } from './recorded.ts';

const { applied, edits } = readEdits();
const recorded = fingerprintOf(applied, ours);

test('recorded edits: all are there', () => {
  equal(edits.length, 22);
  ok(recorded !== undefined);
});

for (const { name, fingerprint, drift, owners, verdicts, live, answer } of edits) {
  test(`recorded edit: ${name}`, () => {
    const now = fingerprintOf(live, ours);
    equal(now === undefined ? 'gone' : now === recorded ? 'same' : 'changed', fingerprint);
    const paths = driftOf(answer, live, ourSetOf(answer, ours) ?? emptySet);
    deepEqual(paths.map(printPath), drift);
    const blames = ownersOf(live, paths);
    const named = blames.flatMap((blame) =>
      blame.owners.length === 0 ? ['nobody'] : blame.owners.map((owner) => describeOwner(owner)),
    );
    deepEqual([...new Set(named)], owners);
    deepEqual([...new Set(judge(blames, [], 0).map(({ kind }) => kind))], verdicts);
    deepEqual(driftOf(answer, answer, ourSetOf(answer, ours) ?? emptySet), [], 'the healed object has not drifted');
  });
}
