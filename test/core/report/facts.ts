/** Cells as statuses look at them, for tables. */
import { clusterId } from '../../../src/core/model/id.ts';
import type { StandingCell } from '../../../src/core/report/app-status.ts';
import type { CellFacts, Standing } from '../../../src/core/report/standing.ts';

export const nowMs = 1_700_000_000_000;

/** A cell that is well, but for what is given. */
export const factsOf = (fields: Partial<CellFacts> = {}): CellFacts => ({
  cluster: clusterId('eu-1'),
  contact: { kind: 'answers' },
  graceMs: 600_000,
  isSuspended: false,
  unknown: undefined,
  isSeen: true,
  isAtAim: true,
  isWell: true,
  failure: undefined,
  lapse: undefined,
  lapsesAtMs: undefined,
  deletes: undefined,
  waits: undefined,
  message: undefined,
  ...fields,
});

export const cell = (cluster: string, standing: Standing, stage = 'all'): StandingCell => ({
  cluster: clusterId(cluster),
  stage,
  standing,
});
