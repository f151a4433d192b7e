/** Protects: nobody lets their own work through a gate that asks for another person, and what nobody knows is no pass. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { type Approvers, judgeApprovers } from '../../../src/core/rollout/approvers.ts';

const table: readonly (readonly [string, Approvers, string, RegExp])[] = [
  ['another person', { approvers: [['bob']], authors: ['ann'] }, 'pass', /another person/],
  ['the author', { approvers: [['ann']], authors: ['ann'] }, 'pending', /own author; another person has to/],
  ['one of several authors', { approvers: [['bob']], authors: ['ann', 'bob'] }, 'pending', /own author/],
  ['an author under a colleague’s name', { approvers: [['bob', 'ann']], authors: ['ann'] }, 'pending', /own author/],
  ['two approvals, one by another', { approvers: [['ann'], ['bob']], authors: ['ann'] }, 'pass', /another/],
  ['an approver without an e-mail', { approvers: [['']], authors: ['ann'] }, 'unknown', /by whom/],
  ['an approval that no commit brought', { approvers: [undefined], authors: ['ann'] }, 'unknown', /by whom/],
  ['an author without an e-mail', { approvers: [['bob']], authors: ['ann', ''] }, 'unknown', /who has written/],
  ['authors that nobody knows', { approvers: [['bob']], authors: undefined }, 'unknown', /who has written/],
  ['no authors at all', { approvers: [['bob']], authors: [] }, 'unknown', /who has written/],
];

for (const [name, given, result, words] of table) {
  test(`judgeApprovers: ${name}`, () => {
    const told = judgeApprovers(given);
    deepEqual([told.result, words.test(told.text)], [result, true], told.text);
  });
}
