/** Protects: what a person writes of gates, pins and freezes is what is read. */
import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readingOf, type Texts } from '../../../builder/world.ts';

const folder = join(import.meta.dirname, '../../../golden/native/gates/in');
const text = (path: string): string => readFileSync(join(folder, path), 'utf8');
const files = (...paths: readonly string[]): Texts => Object.fromEntries(paths.map((path) => [path, text(path)]));
const { value } = readingOf(files('placement.yaml', 'promotions.yaml', 'checks/smoke.yaml'));
const first = 'a111111111111111111111111111111111111111';

test('readPlacement: gates, promotion and the order of stages', () => {
  const [canary, us, ap] = value.placements[0]?.stages ?? [];
  deepEqual([canary?.gates, canary?.after, canary?.promotion], [undefined, undefined, undefined]);
  deepEqual(us?.promotion, { policy: 'Queue', merge: 'Automatic' });
  deepEqual(
    us?.gates?.map(({ name, check }) => [name, check.kind === 'job' ? check.manifest?.metadata.name : check]),
    [
      [
        'office-hours',
        { kind: 'window', window: { schedule: '0 8 * * 1-5', durationMs: 28_800_000, timeZone: 'Europe/Berlin' } },
      ],
      ['ci', { kind: 'status', context: 'ci/test' }],
      [
        'errors',
        {
          kind: 'prometheus',
          url: 'https://prometheus.example.com',
          query: 'sum(rate(errors[5m]))',
          min: undefined,
          max: 0.01,
          forMs: 600_000,
        },
      ],
      ['home-page', { kind: 'http', url: 'https://eu-1.example.com/healthz', status: 200 }],
      ['smoke', 'smoke'],
      ['go', { kind: 'approval', notByAuthor: false }],
      ['release', { kind: 'approval', notByAuthor: true }],
    ],
  );
  deepEqual(ap?.after, ['canary']);
});

test('readPin: bypass, quarantine and approvals', () => {
  const { bypass, quarantined, approvals } = value.pins[0] ?? {};
  deepEqual(bypass, {
    gates: ['Evidence', 'Soak', 'ci'],
    reason: 'INC-12',
    untilMs: Date.parse('2026-11-21T06:00:00Z'),
  });
  deepEqual(quarantined, ['a222222222222222222222222222222222222222']);
  deepEqual(approvals, [{ gate: 'go', revision: first, by: 'ann', untilMs: Date.parse('2026-11-21T23:00:00Z') }]);
});

test('readFreeze: when, where, and what happens all the same', () => {
  const [freeze] = value.freezes;
  deepEqual(
    [freeze?.fromMs, freeze?.untilMs, freeze?.allow, freeze?.isBroken],
    [Date.parse('2026-11-26T00:00:00Z'), Date.parse('2026-12-01T00:00:00Z'), ['Rollback'], false],
  );
});

test('readFreeze: what cannot be read holds everywhere, for ever', () => {
  for (const spec of ['{clusterSelector: {}, from: soon, until: later}', '{}', '']) {
    const broken = `apiVersion: landfall.dev/v1alpha1\nkind: Freeze\nmetadata: {}\nspec: ${spec}\n`;
    const { value: read, diagnostics } = readingOf({ 'freeze.yaml': broken });
    equal(diagnostics[0]?.severity, 'error', spec);
    const [freeze] = read.freezes;
    deepEqual([freeze?.isBroken, freeze?.fromMs, freeze?.untilMs], [true, -Infinity, Infinity], spec);
  }
});
