import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { type AppFacts, type StandingCell, statusOfApp } from '../../../src/core/report/app-status.ts';
import { textMax } from '../../../src/core/report/status.ts';
import { origin } from '../../builder/model.ts';
import { seededRng } from '../../builder/rng.ts';
import { cell } from './facts.ts';

const well = (cluster: string): StandingCell => cell(cluster, { kind: 'well' });
const moving = (cluster: string, reason = 'queued'): StandingCell => cell(cluster, { kind: 'moving', reason });
const failed = (cluster: string, stage = 'all'): StandingCell =>
  cell(cluster, { kind: 'failed', reason: 'image cannot be pulled' }, stage);
const digest = `sha256:${'a'.repeat(64)}`;

const facts = (cells: readonly StandingCell[], more: Partial<AppFacts> = {}): AppFacts => ({
  cells,
  removals: [],
  errors: undefined,
  failuresMax: new Map([['all', 0]]),
  ...more,
});
const error = {
  code: 'A1001',
  severity: 'error',
  origin: { ...origin, line: 3, column: 5 },
  message: 'no such field',
} as const;

const cases: readonly { readonly name: string; readonly facts: AppFacts; readonly is: string }[] = [
  { name: 'all well', facts: facts([well('a'), well('b')]), is: 'success well: 2/2 clusters synced and healthy' },
  {
    name: 'one still moves',
    facts: facts([well('a'), moving('b', '1 of 2 ready')]),
    is: 'pending underway: 1/2 clusters synced and healthy; b: 1 of 2 ready',
  },
  {
    name: 'one waits, one moves: the one that moves is told of',
    facts: facts([cell('a', { kind: 'waiting', reason: 'waits for b' }), moving('b')]),
    is: 'pending underway: 0/2 clusters synced and healthy; b: queued',
  },
  {
    name: 'nobody has looked at one',
    facts: facts([well('a'), cell('b', { kind: 'unseen', reason: 'not connected yet' })]),
    is: 'pending unseen: 1/2 clusters synced and healthy; b: not connected yet',
  },
  {
    name: 'one fails, more than may',
    facts: facts([well('a'), failed('b'), moving('c')]),
    is: 'failure budget: 1/3 clusters synced and healthy; b: image cannot be pulled',
  },
  {
    name: 'one fails, as many as may, others go on',
    facts: facts([well('a'), failed('b'), moving('c')], { failuresMax: new Map([['all', 1]]) }),
    is: 'pending underway: 1/3 clusters synced and healthy; b: image cannot be pulled',
  },
  {
    name: 'one fails, as many as may, and nothing else is left',
    facts: facts([well('a'), failed('b'), well('c')], { failuresMax: new Map([['all', 1]]) }),
    is: 'failure budget: 2/3 clusters synced and healthy; b: image cannot be pulled',
  },
  {
    name: 'one fails, as many as may, and all others wait for it',
    facts: facts([failed('a'), cell('b', { kind: 'waiting', reason: 'waits for a' })], {
      failuresMax: new Map([['all', 1]]),
    }),
    is: 'failure budget: 0/2 clusters synced and healthy; a: image cannot be pulled',
  },
  {
    name: 'one fails, as many as may, and nobody knows of another',
    facts: facts([failed('a'), cell('b', { kind: 'unseen', reason: '' })], { failuresMax: new Map([['all', 1]]) }),
    is: 'pending underway: 0/2 clusters synced and healthy; a: image cannot be pulled',
  },
  {
    name: 'failures are counted by stage',
    facts: facts([failed('a', 'one'), failed('b', 'two'), moving('c')], {
      failuresMax: new Map([
        ['one', 1],
        ['two', 1],
      ]),
    }),
    is: 'pending underway: 0/3 clusters synced and healthy; a: image cannot be pulled',
  },
  {
    name: 'refused once is enough',
    facts: facts([moving('a'), cell('b', { kind: 'refused', reason: 'A1901 no' })], {
      failuresMax: new Map([['all', 5]]),
    }),
    is: 'failure refused: 0/2 clusters synced and healthy; b: A1901 no',
  },
  {
    name: 'the operator must act',
    facts: facts([well('a'), cell('b', { kind: 'stuck', reason: 'O2003 401' })]),
    is: 'error stuck: 1/2 clusters synced and healthy; b: O2003 401',
  },
  {
    name: 'what speaks against the commit comes before what does not',
    facts: facts([cell('a', { kind: 'stuck', reason: 'O2003' }), cell('b', { kind: 'refused', reason: 'A1901 no' })]),
    is: 'failure refused: 0/2 clusters synced and healthy; b: A1901 no',
  },
  {
    name: 'deletions wait for a person: the digest is told',
    facts: facts([well('a'), cell('b', { kind: 'acknowledge', reason: 'too many', deletes: digest })]),
    is: `pending acknowledgement: 1/2 clusters synced and healthy; acknowledge ${digest}`,
  },
  {
    name: 'a removal waits for a person',
    facts: facts([well('a')], {
      removals: [cell('b', { kind: 'acknowledge', reason: 'unselected', deletes: digest })],
    }),
    is: `pending acknowledgement: 1/1 clusters synced and healthy; acknowledge ${digest}`,
  },
  {
    name: 'a removal under way',
    facts: facts([well('a')], { removals: [moving('b', 'being removed')] }),
    is: 'pending underway: 1/1 clusters synced and healthy; 1 cluster to be emptied; b: being removed',
  },
  {
    name: 'only removals are left',
    facts: facts([], { removals: [moving('b', 'being removed')] }),
    is: 'pending underway: 1 cluster to be emptied; b: being removed',
  },
  {
    name: 'one silent for long is counted apart',
    facts: facts([well('a'), cell('b', { kind: 'unreachable', reason: 'T3001' })]),
    is: 'success well: 1/1 clusters synced and healthy; 1 unreachable: b',
  },
  {
    name: 'silent and still holding what is to go: apart too',
    facts: facts([well('a')], { removals: [cell('b', { kind: 'unreachable', reason: 'T3001' })] }),
    is: 'success well: 1/1 clusters synced and healthy; 1 unreachable: b',
  },
  {
    name: 'none answers: no success',
    facts: facts([cell('a', { kind: 'unreachable', reason: 'T3001' })]),
    is: 'pending unreachable: 0/0 clusters synced and healthy; 1 unreachable: a',
  },
  {
    name: 'suspended is counted apart',
    facts: facts([well('a'), cell('b', { kind: 'suspended', reason: 'suspended' })]),
    is: 'success well: 1/1 clusters synced and healthy; 1 suspended: b',
  },
  {
    name: 'all suspended: no success',
    facts: facts([cell('b', { kind: 'suspended', reason: 'suspended' })]),
    is: 'pending suspended: 0/0 clusters synced and healthy; 1 suspended: b',
  },
  { name: 'no cluster takes it', facts: facts([]), is: 'success well: no cluster takes it' },
  {
    name: 'errors in its manifests',
    facts: facts([well('a')], { errors: { first: error, count: 2 } }),
    is: 'failure manifests: 2 errors; test.yaml:3:5: no such field',
  },
  {
    name: 'errors, nobody knows where',
    facts: facts([well('a')], { errors: { first: undefined, count: 1 } }),
    is: 'failure manifests: its manifests have errors; see landfall/check',
  },
];
for (const { name, facts: given, is } of cases)
  test(`statusOfApp: ${name}`, () => {
    const { state, cause, text } = statusOfApp(given);
    equal(`${state} ${cause}: ${text}`, is);
    ok(text.length <= textMax, text);
  });

test('statusOfApp: details name each cell that is not well, worst first', () => {
  const { details } = statusOfApp(facts([well('a'), moving('b'), failed('c')]));
  deepEqual(details, ['c (all): image cannot be pulled', 'b (all): queued']);
});

test('statusOfApp: a text is one line of at most 140, whatever clusters say', () => {
  const { text, details } = statusOfApp(facts([moving('a', `${'\n\u001b[31m😀'.repeat(400)}`)]));
  ok(text.length <= textMax && !/[\n\u001b]/.test(text) && text.isWellFormed(), text);
  ok(details.every((detail) => detail.length <= 200 && !/[\n\u001b]/.test(detail)));
});

test('statusOfApp: success means that every cell that counts is well, over all mixtures', () => {
  const rng = seededRng(7);
  const kinds = [
    'well',
    'moving',
    'waiting',
    'failed',
    'refused',
    'stuck',
    'unseen',
    'unreachable',
    'suspended',
  ] as const;
  const random = (name: string): StandingCell => {
    const kind = kinds[Math.floor(rng.next() ** 2 * kinds.length)] ?? 'well';
    return cell(name, kind === 'well' ? { kind } : { kind, reason: kind });
  };
  let successes = 0;
  for (let turn = 0; turn < 3_000; turn++) {
    const cells = Array.from({ length: 1 + Math.floor(rng.next() * 4) }, (_, index) => random(`c${index}`));
    const { state } = statusOfApp(facts(cells, { failuresMax: new Map([['all', Math.floor(rng.next() * 3)]]) }));
    const rest = cells.filter(({ standing }) => !['well', 'unreachable', 'suspended'].includes(standing.kind));
    const isAnyWell = cells.some(({ standing }) => standing.kind === 'well');
    equal(state === 'success', rest.length === 0 && isAnyWell, JSON.stringify(cells));
    if (state === 'success') successes += 1;
  }
  ok(successes > 100);
});

test('statusOfApp: that a cluster is seen, and what it waits for, is progress; counts and times in that are none', () => {
  const progressOf = (standing: StandingCell['standing']): string => statusOfApp(facts([cell('a', standing)])).progress;
  const unseen = progressOf({ kind: 'unseen', reason: 'not connected yet' });
  const waiting = progressOf({ kind: 'waiting', reason: 'a revision cannot be read on the hub' });
  ok(unseen !== waiting, 'else nobody hears why it waits');
  const gate = progressOf({ kind: 'waiting', reason: 'waits for gate smoke: not asked yet' });
  ok(gate !== waiting && gate !== progressOf({ kind: 'waiting', reason: 'gate smoke failed: exit code 1' }));
  const soaking = (until: string): string => progressOf({ kind: 'waiting', reason: `soaking until ${until}` });
  equal(soaking('2026-01-01T00:00:00Z'), soaking('2026-01-01T00:10:00Z'));
});
