/** `config/alerts.yaml` and `config/dashboards`: they ask for figures that there are. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openMetrics } from '../../src/edge/metric/metric.ts';
import { figures } from '../../src/edge/metric/table.ts';
import { metricsRoute } from '../../src/server/metrics.ts';
import { readYAML } from '../builder/deploy.ts';

const config = join(import.meta.dirname, '..', '..', 'config');

type Asked = { readonly where: string; readonly expression: string };

/** Every `expr` in a value, with the title or name of what it belongs to. */
function expressionsIn(value: unknown, name: string): readonly Asked[] {
  if (typeof value !== 'object' || value === null) return [];
  const { alert, title, expr } = value as Readonly<Record<string, unknown>>;
  const where = String(alert ?? title ?? name);
  const own = typeof expr === 'string' ? [{ where, expression: expr }] : [];
  return [...own, ...Object.values(value).flatMap((inner) => expressionsIn(inner, where))];
}

const alerts = readYAML(join(config, 'alerts.yaml')).flatMap((each) => expressionsIn(each, 'alerts'));
const panels = readdirSync(join(config, 'dashboards')).flatMap((file) =>
  expressionsIn(JSON.parse(readFileSync(join(config, 'dashboards', file), 'utf8')), file),
);

/** Everything that /metrics tells, with the names that Prometheus makes of a histogram. */
async function told(): Promise<{ readonly names: ReadonlySet<string>; readonly text: string }> {
  const metrics = await openMetrics();
  const request = { path: '/metrics', query: new URLSearchParams(), headers: {}, body: new Uint8Array() };
  const reply = await metricsRoute({ cells: () => [], metrics }).answer(request, new AbortController().signal);
  const text = String(reply.body);
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  const names = types.flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return { names: new Set(names), text };
}

test('config: alerts and dashboards ask only for figures that there are', async () => {
  const { names } = await told();
  ok(alerts.length >= 8 && panels.length >= 10, 'there are expressions');
  for (const { where, expression } of [...alerts, ...panels]) {
    const asked = expression.match(/\b(?:landfall|process|nodejs)_[a-z0-9_]+/g) ?? [];
    ok(asked.length > 0, `${where} asks for nothing: ${expression}`);
    deepEqual(
      asked.filter((name) => !names.has(name)),
      [],
      where,
    );
  }
});

test('config: alerts and dashboards know the labels, and the values of those that Landfall fixes', async () => {
  const { text } = await told();
  const labels = new Set<string>(['le', ...Object.values(figures).flatMap((figure) => figure.labels)]);
  for (const { where, expression } of [...alerts, ...panels]) {
    for (const [, list = ''] of expression.matchAll(/by \(([^)]*)\)/g))
      for (const label of list.split(/, */)) ok(labels.has(label), `${where}: ${label}`);
    for (const [series] of expression.matchAll(/landfall_[a-z_]+\{[^}]*\}/g))
      ok(text.includes(series), `${where}: ${series}`);
  }
});

test('config/alerts.yaml: every figure that says something is wrong has an alert', () => {
  const asked = alerts.map(({ expression }) => expression).join(' ');
  for (const name of ['bugs', 'cluster_ready', 'git_stale', 'statuses_stale'] as const)
    equal(asked.includes(figures[name].name), true, name);
});
