/** The figures of an engine, as Prometheus asks for them. */
import type { CellStatus } from '../engine/ledger.ts';
import type { Metrics } from '../seam/metric.ts';
import type { Route } from './route.ts';

export type MetricsDeps = {
  readonly cells: () => Iterable<CellStatus>;
  readonly metrics: Metrics & { readonly text: () => Promise<string>; readonly contentType: string };
};

const states = ['Synced', 'OutOfSync', 'Progressing', 'Blocked', 'Contested', 'Failed', 'Unreachable'] as const;
const healths = ['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown'] as const;

export function metricsRoute(deps: MetricsDeps): Route {
  return {
    method: 'GET',
    path: '/metrics',
    answer: async () => {
      countCells(deps);
      const headers = { 'content-type': deps.metrics.contentType };
      return { status: 200, headers, body: await deps.metrics.text() };
    },
  };
}

/** Counted when asked for: a gauge for each cell would be a series for each, and there may be a hundred thousand. */
function countCells({ cells, metrics }: MetricsDeps): void {
  const all = [...cells()];
  for (const state of states) metrics.gauge('cells', { state }, all.filter((cell) => cell.state === state).length);
  for (const health of healths)
    metrics.gauge('cells_by_health', { health }, all.filter((cell) => cell.health === health).length);
}
