/** The state of a cell as it is told to somebody who only looks. */
import type { CellStatus } from '../ledger.ts';
import type { Outlook } from './outlook.ts';
import type { Survey } from './survey.ts';

/**
 * Shape: the commit is the head when the cell holds what the head wants, else the one that its record names; the time is
 *   when its record was last written, where there is one. What is planned and not done is out of sync: nobody says that
 *   somebody is at it.
 */
export function toldStatus(status: CellStatus, survey: Survey, outlook: Outlook): CellStatus {
  const record = survey.revision.world.observed.records.get(status.cell);
  const isAsWanted = status.isApplied && !outlook.waits.has(status.cell);
  const commit = isAsWanted || record === undefined ? status.commit : record.commit;
  const writtenAtMs = Math.max(record?.appliedAtMs ?? 0, record?.healthySinceMs ?? 0);
  const updatedAtMs = writtenAtMs === 0 ? status.updatedAtMs : writtenAtMs;
  if (status.state !== 'Progressing') return { ...status, commit, updatedAtMs };
  return { ...status, state: 'OutOfSync', commit, updatedAtMs };
}
