/** Protects: nothing enters a stage before every gate has said yes to just that revision, and whoever passes all the same is named. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Approval, Bypass, Freeze, Gate, GateCheck } from '../../../src/core/model/gate.ts';
import type { Evidence } from '../../../src/core/rollout/evidence.ts';
import type { GateEvidence } from '../../../src/core/rollout/gate-state.ts';
import { decideRollout } from '../../../src/core/rollout/rollout.ts';
import { type Beside, nothingBeside, type StageCells } from '../../../src/core/rollout/stage.ts';
import { everything, origin, sha, stageOf } from '../../builder/model.ts';
import { cellOn, done, next, old } from '../../builder/rollout.ts';

const nowMs = Date.parse('2026-11-20T10:00:00Z'); // a Friday
const hour = 3_600_000;
const well = { healthySinceMs: nowMs - hour, appliedAtMs: nowMs - hour };

const gate = (name: string, check: GateCheck): Gate => ({ name, origin, check });
const ci = gate('ci', { kind: 'status', context: 'ci/test' });
const go = gate('go', { kind: 'approval', notByAuthor: false });
const release = gate('go', { kind: 'approval', notByAuthor: true });
const window = (schedule: string, hours: number, timeZone = 'UTC'): Gate =>
  gate('hours', { kind: 'window', window: { schedule, durationMs: hours * hour, timeZone } });

const bypass = (...gates: readonly string[]): Bypass => ({ gates, reason: 'INC-12', untilMs: nowMs + 1 });
const freeze = (fields: Partial<Freeze> = {}): Freeze => ({
  name: 'black-friday',
  repository: origin.repository,
  origin,
  clusters: { kind: 'selector', selector: everything },
  fromMs: nowMs - hour,
  untilMs: nowMs + hour,
  allow: ['DriftRepair'],
  isBroken: false,
  ...fields,
});

type Given = {
  readonly canary?: Partial<Evidence>;
  readonly production?: Partial<Evidence>;
  readonly gates?: readonly Gate[];
  readonly bypass?: Bypass;
  readonly approvals?: readonly Approval[];
  readonly found?: readonly (readonly [string, GateEvidence['result'], string])[];
  readonly quarantine?: Beside['quarantine'];
  readonly soakMs?: number;
};

function stagesOf({ canary = done, production = {}, gates = [], soakMs = 0 }: Given): readonly StageCells[] {
  return [
    { stage: stageOf('canary', { soakMs }), waves: [[cellOn('a', { ...well, ...canary })]] },
    { stage: stageOf('production', { gates }), waves: [[cellOn('b', { ...well, ...production })]] },
  ];
}

function rolloutOf(given: Given) {
  const { approvals = [], found = [], quarantine = nothingBeside.quarantine } = given;
  const beside: Beside = {
    pinOf: (stage) => (stage === 'production' ? { approvals, bypass: given.bypass } : undefined),
    quarantine,
    evidenceOf: (ask) => {
      const [, result, text = ''] = found.find(([name]) => name === ask.gate.name) ?? [];
      return result === undefined ? undefined : { result, text, atMs: nowMs };
    },
  };
  return decideRollout(stagesOf(given), nowMs, beside);
}

/** What is decided about production. */
function decided(given: Given): string {
  const { decisions } = rolloutOf(given);
  const decision = [...decisions].find(([cell]) => cell.endsWith('@b'))?.[1];
  return decision?.kind === 'wait' ? `${decision.reason}${decision.isStill ? ' (still)' : ''}` : `${decision?.kind}`;
}

const approval = (fields: Partial<Approval> = {}): Approval => ({
  gate: 'go',
  revision: sha(2),
  by: 'ann',
  untilMs: undefined,
  ...fields,
});
const failing = { health: { status: 'Degraded' as const }, healthySinceMs: undefined, ...done };
const good = [{ digest: next, intent: next }];
const frozen = 'frozen until 2026-11-20T11:00:00.000Z by Freeze black-friday';

const table: readonly (readonly [string, Given, string])[] = [
  ['canary is well: go', {}, 'go'],
  ['a gate that nobody has asked', { gates: [ci] }, 'waits for gate ci: not asked yet'],
  ['pending', { gates: [ci], found: [['ci', 'pending', 'no status ci/test']] }, 'waits for gate ci: no status ci/test'],
  ['unknown is no pass', { gates: [ci], found: [['ci', 'unknown', 'T3101']] }, 'waits for gate ci: T3101'],
  ['failed', { gates: [ci], found: [['ci', 'fail', 'failure']] }, 'gate ci failed: failure'],
  ['passed', { gates: [ci], found: [['ci', 'pass', 'success']] }, 'go'],
  [
    'all gates count',
    { gates: [ci, go], found: [['ci', 'pass', 'success']] },
    `waits for gate go: nobody has approved revision ${sha(2).slice(0, 12)}`,
  ],
  ['approved', { gates: [go], approvals: [approval()] }, 'go'],
  [
    'another revision is approved',
    { gates: [go], approvals: [approval({ revision: sha(1) })] },
    `waits for gate go: nobody has approved revision ${sha(2).slice(0, 12)}`,
  ],
  [
    'another gate is approved',
    { gates: [go], approvals: [approval({ gate: 'stop' })] },
    `waits for gate go: nobody has approved revision ${sha(2).slice(0, 12)}`,
  ],
  ['an approval that is to expire', { gates: [go], approvals: [approval({ untilMs: nowMs + 1 })] }, 'go'],
  [
    'an approval that has expired',
    { gates: [go], approvals: [approval({ untilMs: nowMs })] },
    `waits for gate go: the approval of revision ${sha(2).slice(0, 12)} has expired`,
  ],
  [
    'another person is asked for, and nobody has approved',
    { gates: [release], found: [['go', 'pass', 'by another']] },
    `waits for gate go: nobody has approved revision ${sha(2).slice(0, 12)}`,
  ],
  [
    'approved, and nobody has looked by whom',
    { gates: [release], approvals: [approval()] },
    'waits for gate go: not asked yet',
  ],
  [
    'approved by the author',
    { gates: [release], approvals: [approval()], found: [['go', 'pending', 'by its author']] },
    'waits for gate go: by its author',
  ],
  ['approved by another', { gates: [release], approvals: [approval()], found: [['go', 'pass', 'by another']] }, 'go'],
  ['a window that is open', { gates: [window('0 8 * * 5', 3)] }, 'go'],
  [
    'a window that has closed',
    { gates: [window('0 8 * * 5', 2)] },
    'waits for gate hours: closed until 2026-11-27T08:00:00.000Z',
  ],
  [
    'a window of another time zone',
    { gates: [window('0 8 * * 5', 2, 'America/New_York')] },
    'waits for gate hours: closed until 2026-11-20T13:00:00.000Z',
  ],
  ['canary is not well', { canary: failing }, 'waits for stage canary: 0 of 1 clusters healthy'],
  ['canary soaks', { soakMs: 2 * hour }, 'waits for stage canary: soaking until 2026-11-20T11:00:00.000Z'],
  ['evidence bypassed', { canary: failing, bypass: bypass('Evidence') }, 'go'],
  [
    'what never soaked is held by the soak',
    { canary: failing, soakMs: hour, bypass: bypass('Evidence') },
    'waits for stage canary: 0 of 1 clusters healthy',
  ],
  ['both bypassed', { canary: failing, soakMs: hour, bypass: bypass('Evidence', 'Soak') }, 'go'],
  ['soak bypassed', { soakMs: 2 * hour, bypass: bypass('Soak') }, 'go'],
  [
    'soak bypassed, not the evidence',
    { canary: failing, soakMs: 2 * hour, bypass: bypass('Soak') },
    'waits for stage canary: 0 of 1 clusters healthy',
  ],
  ['a gate bypassed by name', { gates: [ci], bypass: bypass('ci') }, 'go'],
  ['all windows bypassed', { gates: [window('0 8 * * 5', 2)], bypass: bypass('Window') }, 'go'],
  ['another gate bypassed', { gates: [ci], bypass: bypass('Window') }, 'waits for gate ci: not asked yet'],
  [
    'a bypass that is over',
    { gates: [ci], bypass: { ...bypass('ci'), untilMs: nowMs } },
    'waits for gate ci: not asked yet',
  ],
  ['frozen', { production: { freezes: [freeze()] } }, frozen],
  ['a freeze to come', { production: { freezes: [freeze({ fromMs: nowMs + hour })] } }, 'go'],
  ['a freeze by a clock that is ahead', { production: { freezes: [freeze({ fromMs: nowMs + 1 })] } }, frozen],
  ['a freeze that is over', { production: { freezes: [freeze({ untilMs: nowMs - hour / 2 })] } }, 'go'],
  ['a freeze lets no bypass pass', { production: { freezes: [freeze()] }, bypass: bypass('Freeze') }, frozen],
  [
    'unless it says so',
    { production: { freezes: [freeze({ allow: ['Bypass', 'DriftRepair'] })] }, bypass: bypass('Freeze') },
    'go',
  ],
  [
    'and the bypass names it',
    { production: { freezes: [freeze({ allow: ['Bypass', 'DriftRepair'] })] }, bypass: bypass('Evidence') },
    frozen,
  ],
  ['a return needs no gate', { canary: failing, gates: [ci, go], production: { good } }, 'go'],
  ['a return is frozen', { production: { good, freezes: [freeze()] } }, frozen],
  [
    'a freeze that allows a return',
    { production: { good, freezes: [freeze({ allow: ['Rollback', 'DriftRepair'] })] } },
    'go',
  ],
  [
    'what a lost cluster leaves',
    { production: { isFailover: true, freezes: [freeze({ allow: ['Failover', 'DriftRepair'] })] } },
    'go',
  ],
  [
    'a freeze without repair leaves alone',
    { production: { ...done, freezes: [freeze({ allow: [] })] } },
    `${frozen} (still)`,
  ],
  ['what was begun goes on', { production: { ...done, isApplied: false, freezes: [freeze({ allow: [] })] } }, 'go'],
  [
    'a retry passes its gates anew',
    { gates: [ci], production: { failure: 'refused' } },
    'waits for gate ci: not asked yet',
  ],
  [
    'a revision in quarantine',
    { quarantine: { revisions: new Set([sha(2)]), intents: new Set() } },
    `revision ${sha(2).slice(0, 12)} is quarantined`,
  ],
  [
    'its content by another name',
    { quarantine: { revisions: new Set([sha(9)]), intents: new Set([next]) } },
    `revision ${sha(2).slice(0, 12)} holds what is quarantined`,
  ],
  [
    'not even as a return',
    { quarantine: { revisions: new Set([sha(2)]), intents: new Set([next]) }, production: { good } },
    `revision ${sha(2).slice(0, 12)} is quarantined`,
  ],
  [
    'what is there stays and follows the rest',
    {
      quarantine: { revisions: new Set([sha(2)]), intents: new Set([next]) },
      production: { held: { digest: old, intent: next } },
    },
    'go',
  ],
  [
    'nor past a bypass',
    { quarantine: { revisions: new Set([sha(2)]), intents: new Set() }, bypass: bypass('Evidence', 'Soak', 'Freeze') },
    `revision ${sha(2).slice(0, 12)} is quarantined`,
  ],
];
for (const [name, given, expected] of table) test(`decideRollout: ${name}`, () => equal(decided(given), expected));

test('decideRollout: gates are asked once the stages before have shown a revision to be good', () => {
  const asked = (given: Given) => rolloutOf({ gates: [ci, go], ...given }).asks.map(({ gate: { name } }) => name);
  deepEqual(asked({ canary: failing }), []);
  deepEqual(asked({}), ['ci']);
  deepEqual(asked({ bypass: bypass('ci') }), [], 'whoever passes by needs no answer');
  deepEqual(asked({ production: { ...done } }), [], 'what is there needs none');
  deepEqual(asked({ quarantine: { revisions: new Set([sha(2)]), intents: new Set() } }), []);
  deepEqual(asked({ production: { good } }), [], 'nor does what returns');
});

test('decideRollout: what let a revision in stays known until it has begun', () => {
  const asked = (production: Partial<Evidence>) =>
    rolloutOf({ gates: [ci], production, found: [['ci', 'pass', '']] }).asks.map(({ gate: { name } }) => name);
  equal(decided({ gates: [ci], found: [['ci', 'pass', '']] }), 'go');
  deepEqual(asked({}), ['ci']);
  deepEqual(asked({ ...done, isApplied: false }), [], 'a running change is never stopped');
});

test('decideRollout: the state of a stage shows its gates, and whose reason lets it pass', () => {
  const [, production] = rolloutOf({
    canary: failing,
    soakMs: hour,
    gates: [ci],
    bypass: bypass('Evidence', 'Soak'),
    found: [['ci', 'fail', 'failure']],
  }).stages;
  deepEqual(
    production?.gates.map(({ gate: name, result, isBypassed }) => [name, result, isBypassed]),
    [
      ['Evidence', 'pending', true],
      ['Soak', 'pending', true],
      ['ci', 'fail', false],
    ],
  );
  equal(production?.bypassed, 'BYPASSED Evidence, Soak: INC-12');
  equal(production?.state, 'waiting');
  equal(production?.reason, 'gate ci failed: failure');
  equal(production?.revision, sha(2));
});

test('decideRollout: time wakes whoever waits for it', () => {
  equal(rolloutOf({ bypass: bypass('ci') }).wakeAtMs, nowMs + 1);
  equal(rolloutOf({ gates: [window('0 8 * * 5', 3)] }).wakeAtMs, nowMs + hour);
  equal(rolloutOf({ production: { freezes: [freeze()] } }).wakeAtMs, nowMs + hour + 60_000);
});

const three = (after: readonly string[] | undefined): readonly StageCells[] => [
  { stage: stageOf('canary'), waves: [[cellOn('a', { ...well, ...done })]] },
  { stage: stageOf('us'), waves: [[cellOn('b', well)]] },
  { stage: stageOf('ap', after === undefined ? {} : { after }), waves: [[cellOn('c', well)]] },
];
const inThree = (stages: readonly StageCells[]) =>
  [...decideRollout(stages, nowMs).decisions.values()].map((each) => (each.kind === 'wait' ? each.reason : 'go'));

test('decideRollout: stages are a graph', () => {
  deepEqual(inThree(three(undefined)), ['go', 'go', 'waits for stage us: 0 of 1 clusters changed']);
  deepEqual(inThree(three(['canary'])), ['go', 'go', 'go'], 'side by side');
  const [canary, us, ap] = three(['us', 'canary']);
  const done3 = { ...us, waves: [[cellOn('b', { ...well, ...done })]] } as StageCells;
  deepEqual(inThree([canary, done3, ap] as readonly StageCells[]), ['go', 'go', 'go']);
  const empty = { ...us, waves: [[]] } as StageCells;
  const behind = { ...canary, waves: [[cellOn('a', well)]] } as StageCells;
  deepEqual(
    inThree([behind, empty, { ...ap, stage: stageOf('ap') } as StageCells]),
    ['go', 'waits for stage canary: 0 of 1 clusters changed'],
    'a stage without clusters hands on to those before it',
  );
});

test('decideRollout: of two stages that begin, the first cluster of all goes alone', () => {
  const begin = (fields: Partial<Evidence>): readonly StageCells[] => [
    { stage: stageOf('eu'), waves: [[cellOn('a', { ...well, ...fields })]] },
    { stage: stageOf('us', { after: [] }), waves: [[cellOn('b', well)]] },
  ];
  deepEqual(inThree(begin({})), ['go', 'waits for a: 0 of 1 clusters changed']);
  deepEqual(inThree(begin(done)), ['go', 'go']);
});

test('decideRollout: an App that a commit in quarantine left as it was goes on', () => {
  const quarantine = { revisions: new Set([sha(9)]), intents: new Set([next]) };
  const stages: readonly StageCells[] = [
    { stage: stageOf('all'), waves: [[cellOn('a', { ...well, ...done }), cellOn('b', { ...well, held: undefined })]] },
  ];
  const { decisions } = decideRollout(stages, nowMs, { ...nothingBeside, quarantine });
  deepEqual(
    [...decisions.values()].map(({ kind }) => kind),
    ['go', 'go'],
    'a new cluster gets what all others run',
  );
});
