/** What the members' records say, as compiling takes it. */

import type { CellId, ClusterId } from '../core/model/id.ts';
import { cellId } from '../core/model/id.ts';
import type { Observed, ReadResult } from '../core/model/observed.ts';
import type { CellRecord } from '../core/model/record.ts';
import type { Log } from '../seam/log.ts';
import type { Members } from './members.ts';

/** Shape: a record counts for the cluster that it lies on, whatever name that had before; another's record counts for nothing. */
export function observe(members: Members, reads: ReadonlyMap<string, ReadResult>, log: Log): Observed {
  const records = new Map<CellId, CellRecord>();
  const unread = new Set<ClusterId>();
  for (const member of members.values()) {
    if (!member.isRead) unread.add(member.id);
    for (const { record, name } of member.records.all) {
      if (record === undefined) continue;
      const isOurs = record.cluster === member.id || member.cluster.movedFrom.includes(record.cluster);
      if (!isOurs) {
        log.warn('record of another cluster ignored', { cluster: member.id, record: name, of: record.cluster });
        continue;
      }
      const cell = cellId(record.app, member.id);
      records.set(cell, { ...record, cell, cluster: member.id });
    }
  }
  return { records, reads, unread };
}
