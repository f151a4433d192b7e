/** Figures for Prometheus. Names and labels are fixed in `edge/metric`; the engine only says what happened. */

export type MetricLabels = Readonly<Record<string, string>>;

export type Metrics = {
  readonly count: (name: string, labels: MetricLabels, by?: number) => void;
  readonly gauge: (name: string, labels: MetricLabels, value: number) => void;
  /** Durations are in seconds. */
  readonly observe: (name: string, labels: MetricLabels, value: number) => void;
};

export const noMetrics: Metrics = { count() {}, gauge() {}, observe() {} };
