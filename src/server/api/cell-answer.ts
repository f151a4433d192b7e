/** A cell as programs and pages are told of it. */
import type { CellStatus } from '../../engine/ledger.ts';

/** Source: design of the command line; `landfall status` and the API say the same. */
export type CellAnswer = {
  readonly app: string;
  readonly stage?: string;
  readonly cluster: string;
  readonly commit: string;
  readonly state: CellStatus['state'];
  readonly health: CellStatus['health'];
  readonly message?: string;
  readonly objects: CellStatus['objects'];
  readonly updatedAt: string;
};

export function cellAnswer(status: CellStatus): CellAnswer {
  const { app, stage, cluster, commit, state, health, message, objects, updatedAtMs } = status;
  return {
    app,
    ...(stage === '' ? {} : { stage }),
    cluster,
    commit,
    state,
    health,
    ...(message === undefined ? {} : { message }),
    objects,
    updatedAt: timeText(updatedAtMs),
  };
}

/** As it should be, in every way. */
export const isWell = ({ state, health }: Pick<CellStatus, 'health' | 'state'>): boolean =>
  state === 'Synced' && (health === 'Healthy' || health === 'Suspended');

export const timeText = (atMs: number): string => new Date(atMs).toISOString();

export const timeOrNull = (atMs: number | undefined): string | null => (atMs === undefined ? null : timeText(atMs));
