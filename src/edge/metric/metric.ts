/** Figures for Prometheus, kept by prom-client. */
import type { MetricLabels, Metrics } from '../../seam/metric.ts';
import { type Figure, figures } from './table.ts';

export type MetricBook = Metrics & {
  /** All figures as Prometheus reads them. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
};

export type MetricSettings = {
  /** Also memory, processor time and event loop delay of this process. */
  readonly isProcessIncluded: boolean;
};

/** What one figure can be told. A kind that cannot be told something ignores it. */
type Meter = {
  readonly count: (labels: MetricLabels, by: number) => void;
  readonly gauge: (labels: MetricLabels, value: number) => void;
  readonly observe: (labels: MetricLabels, value: number) => void;
};

/**
 * Opens a book of its own: two of them in one process share nothing.
 *
 * Shape: a name or a label that the table does not list is ignored, since a figure must never stop the work; a test
 *   holds that the engine uses none.
 */
export async function openMetrics(settings: MetricSettings = { isProcessIncluded: true }): Promise<MetricBook> {
  // Loaded when needed: only a controller is ever asked for figures.
  const client = await import('prom-client');
  const registry = new client.Registry();
  if (settings.isProcessIncluded) client.collectDefaultMetrics({ register: registry });
  const meterOf = (figure: Figure): Meter => {
    const { name, help, labels, buckets } = figure;
    const given = { name, help, labelNames: [...labels], registers: [registry] };
    switch (figure.kind) {
      case 'counter': {
        const counter = new client.Counter(given);
        return { ...deaf, count: (values, by) => counter.inc(known(figure, values), by) };
      }
      case 'gauge': {
        const gauge = new client.Gauge(given);
        return { ...deaf, gauge: (values, value) => gauge.set(known(figure, values), value) };
      }
      case 'histogram': {
        const histogram = new client.Histogram({ ...given, buckets: [...(buckets ?? [])] });
        return { ...deaf, observe: (values, value) => histogram.observe(known(figure, values), value) };
      }
    }
  };
  const meters = new Map(Object.entries(figures).map(([name, figure]) => [name, meterOf(figure)]));
  return {
    count: (name, labels, by = 1) => meters.get(name)?.count(labels, by),
    gauge: (name, labels, value) => meters.get(name)?.gauge(labels, value),
    observe: (name, labels, value) => meters.get(name)?.observe(labels, value),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

const deaf: Meter = { count() {}, gauge() {}, observe() {} };

/** prom-client throws on a label that it was not told of. */
const known = ({ labels }: Figure, values: MetricLabels): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => labels.includes(name)));
