import { deepEqual, doesNotMatch, match, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openMetrics } from '../../../src/edge/metric/metric.ts';
import { type Figure, figures } from '../../../src/edge/metric/table.ts';

const alone = { isProcessIncluded: false };

test('openMetrics: counts, gauges and histograms are told under their names', async () => {
  const metrics = await openMetrics(alone);
  metrics.count('bugs', { cluster: 'eu-1' });
  metrics.count('bugs', { cluster: 'eu-1' }, 2);
  metrics.gauge('cluster_ready', { cluster: 'eu-1' }, 1);
  metrics.observe('compile_seconds', {}, 0.05);
  const text = await metrics.text();
  match(text, /^landfall_bugs_total\{cluster="eu-1"\} 3$/m);
  match(text, /^landfall_cluster_ready\{cluster="eu-1"\} 1$/m);
  match(text, /^landfall_compile_seconds_bucket\{le="0.1"\} 1$/m);
  match(text, /^landfall_compile_seconds_bucket\{le="0.01"\} 0$/m);
});

test('openMetrics: an unknown name or label stops nobody', async () => {
  const metrics = await openMetrics(alone);
  metrics.count('no_such_figure', {});
  metrics.gauge('git_stale', { repository: 'fleet', extra: 'x' }, 1);
  metrics.observe('bugs', { cluster: 'eu-1' }, 1);
  const text = await metrics.text();
  match(text, /^landfall_git_stale\{repository="fleet"\} 1$/m);
  doesNotMatch(text, /no_such_figure|extra/);
});

test('openMetrics: two books share nothing', async () => {
  const [one, other] = [await openMetrics(alone), await openMetrics(alone)];
  one.count('bugs', { cluster: 'eu-1' });
  doesNotMatch(await other.text(), /eu-1/);
});

test('openMetrics: with the process, its memory is among them', async () => {
  const { text } = await openMetrics();
  match(await text(), /^process_resident_memory_bytes \d+$/m);
});

/** `metrics.gauge('cluster_ready', { cluster: …` in all of the source, as name and labels. */
function used(): readonly { readonly call: string; readonly name: string; readonly labels: readonly string[] }[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) =>
    [
      ...readFileSync(join('src', file), 'utf8').matchAll(
        /metrics\.(count|gauge|observe)\(\s*'([a-z_]+)',\s*\{([^}]*)\}/g,
      ),
    ].map(([, call = '', name = '', labels = '']) => ({
      call,
      name,
      labels: labels.split(',').flatMap((label) => label.split(':')[0]?.trim() || []),
    })),
  );
}

test('figures: the table lists every name and label that the code uses, for the right kind', () => {
  const kinds = { count: 'counter', gauge: 'gauge', observe: 'histogram' } as const;
  const table: Readonly<Record<string, Figure>> = figures;
  const calls = used();
  ok(calls.length >= 9);
  for (const { call, name, labels } of calls) {
    const figure = table[name];
    deepEqual(
      { name, kind: figure?.kind, labels: figure?.labels },
      { name, kind: kinds[call as keyof typeof kinds], labels },
    );
  }
});

test('figures: nothing is listed that nobody tells', () => {
  const told = new Set(used().map(({ name }) => name));
  deepEqual(
    Object.keys(figures).filter((name) => !told.has(name)),
    [],
  );
});

test('figures: names as Prometheus wants them', () => {
  for (const { kind, name, help } of Object.values(figures)) {
    match(name, /^landfall_[a-z_]+$/);
    ok(help.endsWith('.'), `${name} is explained in sentences`);
    if (kind === 'counter') match(name, /_total$/);
    if (kind === 'histogram') match(name, /_seconds$/);
  }
});
