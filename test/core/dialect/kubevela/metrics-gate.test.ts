/** Protects: a check of metrics between two steps holds up what comes after it, by what it asks for. */
import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { readingOf } from '../../../builder/world.ts';

const topology = (name: string, cluster: string) => ({ name, type: 'topology', properties: { clusters: [cluster] } });
const deploy = (name: string) => ({ name, type: 'deploy', properties: { policies: [name] } });

function stagesWith(checks: readonly object[]) {
  const steps = [
    deploy('canary'),
    ...checks.map((properties, index) => ({ name: `Check_${index}`, type: 'check-metrics', properties })),
    deploy('production'),
  ];
  const application = {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      components: [{ name: 'web', type: 'webservice', properties: { image: 'web:1' } }],
      policies: [topology('canary', 'one'), topology('production', 'two')],
      workflow: { steps },
    },
  };
  const { value, diagnostics } = readingOf({ 'app.yaml': JSON.stringify(application) });
  return { stages: value.placements[0]?.stages ?? [], codes: diagnostics.map(({ code }) => code) };
}

/** Bounds of the one gate of the second stage. */
function boundsOf(condition: string): readonly unknown[] {
  const { stages } = stagesWith([{ query: 'up', condition }]);
  const check = stages[1]?.gates?.[0]?.check;
  return check?.kind === 'prometheus' ? [check.min, check.max] : [];
}

test('check-metrics: the stage after it has the gate, the one before has none', () => {
  const { stages, codes } = stagesWith([
    { query: 'errors', metricEndpoint: 'http://prometheus.example.com', condition: '<=0.1', duration: '90s' },
    { query: 'up', condition: '>=1' },
  ]);
  deepEqual(
    stages.map(({ name, gates = [] }) => [name, gates.map((gate) => gate.name)]),
    [
      ['canary', []],
      ['production', ['check-0', 'check-1']],
    ],
  );
  deepEqual(
    stages[1]?.gates?.map(({ check }) => check),
    [
      {
        kind: 'prometheus',
        url: 'http://prometheus.example.com',
        query: 'errors',
        min: undefined,
        max: 0.1,
        forMs: 90_000,
      },
      {
        kind: 'prometheus',
        url: 'http://prometheus-server.o11y-system.svc:9090',
        query: 'up',
        min: 1,
        max: undefined,
        forMs: 300_000,
      },
    ],
  );
  deepEqual(codes, []);
});

test('check-metrics: what is not to be reached is beyond the bound, and nothing else is', () => {
  deepEqual(boundsOf('>=0.95'), [0.95, undefined]);
  deepEqual(boundsOf(' == 5 '), [5, 5]);
  deepEqual(boundsOf('-1e3'), [-1000, -1000]);
  for (const bound of [0.95, -0.95, 0, 1, -1, 1e300, 5e-324]) {
    const [above] = boundsOf(`>${bound}`);
    const [, below] = boundsOf(`<${bound}`);
    ok(typeof above === 'number' && above > bound, `> ${bound}: ${above}`);
    ok(typeof below === 'number' && below < bound, `< ${bound}: ${below}`);
    // Nothing fits in between.
    for (const other of [above, below]) {
      const middle = bound / 2 + other / 2;
      ok(middle === bound || middle === other || Math.abs(other - bound) === 5e-324, `${bound} and ${other}`);
    }
  }
});

test('check-metrics: a condition that cannot be understood lets nothing past', () => {
  for (const condition of ['>1 && <2', '!=1', 'many', '>', '1 2']) {
    const { stages, codes } = stagesWith([{ query: 'up', condition }]);
    deepEqual([stages, codes], [[], ['A1513']], condition);
  }
});
