import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { type Context, contextOf } from '../../../src/core/report/context.ts';
import { formatJournal, parseJournal } from '../../../src/core/report/journal.ts';
import { formatNote, noteLimits, parseNote } from '../../../src/core/report/note.ts';
import type { Status } from '../../../src/core/report/status.ts';
import { sha } from '../../builder/model.ts';

const status = (state: Status['state'], text: string, details: readonly string[] = []): Status => ({
  ...{ state, text, details },
  cause: 'underway',
  progress: '',
});
const note = (...entries: readonly (readonly [string, Status])[]): string =>
  formatNote(new Map(entries.map(([context, each]) => [contextOf(context), each])));

test('formatNote: one line a context in order, details below those that are not well', () => {
  equal(
    note(
      ['landfall/shop/web', status('pending', '1/2 clusters synced and healthy; b: queued', ['b (all): queued'])],
      ['landfall/check', status('success', 'no errors, 1 warning', ['a.yaml:1:1: warning A1213: runs nowhere'])],
      ['landfall/shop/api', status('failure', '1 error; api.yaml:1:1: no — really not')],
    ),
    `success landfall/check — no errors, 1 warning
failure landfall/shop/api — 1 error; api.yaml:1:1: no — really not
pending landfall/shop/web — 1/2 clusters synced and healthy; b: queued
  b (all): queued
`,
  );
});

test('parseNote: reads what was written, and passes over what was not', () => {
  const text = note(
    ['landfall/check', status('success', 'no errors')],
    ['landfall/shop/api', status('failure', '1 error; api.yaml:1:1: no — really not')],
    ['landfall/shop/web', status('pending', 'queued', ['success landfall/check — not me'])],
  );
  const told = parseNote(`Reviewed-by: Ann\nsuccess something — else\nvictory landfall/check — no state\n${text}`);
  deepEqual(
    [...told],
    [
      ['landfall/check', { state: 'success', text: 'no errors' }],
      ['landfall/shop/api', { state: 'failure', text: '1 error; api.yaml:1:1: no — really not' }],
      ['landfall/shop/web', { state: 'pending', text: 'queued' }],
    ],
  );
});

test('formatNote: details are few, of one context and of all', () => {
  const many = Array.from({ length: 20 }, (_, index) => `c${index}: queued`);
  const lines = note(['landfall/shop/web', status('pending', 'x', many)]).split('\n');
  equal(lines.filter((line) => line.startsWith('  c')).length, noteLimits.detailsOfOneMax);
  ok(lines.includes('  and 15 more'));
  const all = Array.from({ length: 100 }, (_, index) => [`landfall/a/${index}`, status('pending', 'x', many)] as const);
  equal(
    note(...all)
      .split('\n')
      .filter((line) => line.startsWith('  c')).length,
    noteLimits.detailsMax,
  );
});

test('formatNote: beyond its limit it leaves out what is well, and says how many', () => {
  const all = Array.from({ length: noteLimits.contextsMax + 5 }, (_, index): readonly [Context, Status] => [
    contextOf(`landfall/a/${index}`),
    status(index === noteLimits.contextsMax + 2 ? 'failure' : 'success', 'x'),
  ]);
  const text = formatNote(new Map(all));
  const told = parseNote(text);
  equal(told.size, noteLimits.contextsMax);
  equal(told.get(contextOf(`landfall/a/${noteLimits.contextsMax + 2}`))?.state, 'failure');
  ok(text.endsWith('  and 5 contexts more with nothing wrong\n'));
});

test('parseJournal: reads what was written, and nothing else', () => {
  const journal = { head: sha(1), open: [sha(2), sha(3)], passed: [sha(4)] };
  deepEqual(parseJournal(formatJournal(journal)), journal);
  equal(parseJournal('head of the table\n'), undefined);
  equal(parseJournal(''), undefined);
  deepEqual(parseJournal(`head ${sha(1)}\nopen not-a-commit\n`), { head: sha(1), open: [], passed: [] });
});
