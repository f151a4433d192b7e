/** Every figure that Landfall tells Prometheus: its name, its labels, and what it means. */

export type Figure = {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** As Prometheus sees it. Source: Prometheus, metric and label naming. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, in the unit of its name. */
  readonly buckets?: readonly number[];
};

// A thousand clusters multiply every bucket, so there are few.
const shortSeconds = [0.01, 0.1, 0.5, 1, 5, 30, 120];
const longSeconds = [0.1, 0.5, 1, 5, 15, 60, 180];

/** By the name that the engine uses. */
export const figures = {
  audited_objects: {
    kind: 'counter',
    name: 'landfall_audited_objects_total',
    help: 'Objects that the slow audit has read again.',
    labels: ['cluster'],
  },
  bugs: {
    kind: 'counter',
    name: 'landfall_bugs_total',
    help: 'Runs that ended with a bug of Landfall; the log has the stack. Anything above 0 is worth a report.',
    labels: ['cluster'],
  },
  cells: {
    kind: 'gauge',
    name: 'landfall_cells',
    help: 'Cells (one App on one cluster) by state: Synced, OutOfSync, Progressing, Blocked, Contested, Failed, Unreachable.',
    labels: ['state'],
  },
  cells_by_health: {
    kind: 'gauge',
    name: 'landfall_cells_by_health',
    help: 'Cells by health: Healthy, Progressing, Degraded, Suspended, Missing, Unknown.',
    labels: ['health'],
  },
  cluster_ready: {
    kind: 'gauge',
    name: 'landfall_cluster_ready',
    help: '1 while the cluster answers and accepts us, else 0.',
    labels: ['cluster'],
  },
  compile_seconds: {
    kind: 'histogram',
    name: 'landfall_compile_seconds',
    help: 'How long it takes from what repositories and clusters say to what every cell should hold.',
    labels: [],
    buckets: shortSeconds,
  },
  preview_failures: {
    kind: 'counter',
    name: 'landfall_preview_failures_total',
    help: 'Looks at pull requests, and plans of them, that did not come to an end; they are tried again.',
    labels: ['repository'],
  },
  preview_seconds: {
    kind: 'histogram',
    name: 'landfall_preview_seconds',
    help: 'How long the plan of one pull request takes, from its files to the answers of all clusters.',
    labels: ['repository'],
    buckets: longSeconds,
  },
  tool_seconds: {
    kind: 'histogram',
    name: 'landfall_tool_seconds',
    help: 'How long one run of Helm or Kustomize takes, with reading its files.',
    labels: ['tool'],
    buckets: shortSeconds,
  },
  git_poll_seconds: {
    kind: 'histogram',
    name: 'landfall_git_poll_seconds',
    help: 'How long one look at a branch takes, with all that it fetches and reads.',
    labels: ['repository'],
    buckets: longSeconds,
  },
  git_stale: {
    kind: 'gauge',
    name: 'landfall_git_stale',
    help: '1 while the repository cannot be read and its last good commit stays in force, else 0.',
    labels: ['repository'],
  },
  reconcile_seconds: {
    kind: 'histogram',
    name: 'landfall_reconcile_seconds',
    help: 'How long one run over one cell takes.',
    labels: ['cluster'],
    buckets: shortSeconds,
  },
  status_failures: {
    kind: 'counter',
    name: 'landfall_status_failures_total',
    help: 'Times that commit statuses could not be told, or not read back.',
    labels: ['repository', 'sink'],
  },
  statuses_stale: {
    kind: 'gauge',
    name: 'landfall_statuses_stale',
    help: '1 while commit statuses cannot be told and what was told last may be out of date, else 0.',
    labels: ['repository', 'sink'],
  },
  statuses_told: {
    kind: 'counter',
    name: 'landfall_statuses_told_total',
    help: 'Commit statuses told: one for each commit, name and change.',
    labels: ['repository', 'sink'],
  },
  webhooks: {
    kind: 'counter',
    name: 'landfall_webhooks_total',
    help: 'Webhooks of forges by what became of them: taken, known, ignored, refused, unreadable, unknown, limited, unready.',
    labels: ['forge', 'outcome'],
  },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof figures;
