/** What the members' records say, as compiling takes it. */
import { type CellId, type ClusterId, cellId, partsOfCell } from '../core/model/id.ts';
import type { Observed, ReadResult } from '../core/model/observed.ts';
import type { CellRecord } from '../core/model/record.ts';
import type { Log } from '../seam/log.ts';
import { lostAfterMs } from './member/member.ts';
import type { JudgedMember, JudgedMembers } from './members.ts';

/** Shape: a record counts for the cluster that it lies on, whatever name that had before; another's record counts for nothing. */
export function observe(
  members: JudgedMembers,
  reads: ReadonlyMap<string, ReadResult>,
  nowMs: number,
  log: Log,
): Observed {
  const unread = new Set<ClusterId>();
  for (const member of members.values()) {
    if (!member.isRead) unread.add(member.id);
    for (const { record, name } of member.records.all) {
      if (record !== undefined && recordOn(member, record) === undefined)
        log.warn('record of another cluster ignored', { cluster: member.id, record: name, of: record.cluster });
    }
  }
  const lost = new Set([...members.values()].filter((member) => isLost(member, nowMs)).map(({ id }) => id));
  return { records: new RecordView(members), reads, unread, lost, nowMs };
}

function recordOn({ id, cluster }: JudgedMember, record: CellRecord): CellRecord | undefined {
  if (record.cluster === id) return record;
  if (!cluster.movedFrom.includes(record.cluster)) return undefined;
  return { ...record, cell: cellId(record.app, id), cluster: id };
}

/** As the members hold them at each look: a copy would keep inventories that have long been replaced. */
class RecordView implements ReadonlyMap<CellId, CellRecord> {
  readonly #members: JudgedMembers;

  constructor(members: JudgedMembers) {
    this.#members = members;
  }

  get size(): number {
    return [...this.keys()].length;
  }

  get(cell: CellId): CellRecord | undefined {
    const { app, cluster } = partsOfCell(cell);
    const member = this.#members.get(cluster);
    const record = member?.records.of(app)?.record;
    return member === undefined || record === undefined ? undefined : recordOn(member, record);
  }

  has(cell: CellId): boolean {
    return this.get(cell) !== undefined;
  }

  *values(): MapIterator<CellRecord> {
    for (const member of this.#members.values()) {
      for (const { record } of member.records.all) {
        const here = record === undefined ? undefined : recordOn(member, record);
        if (here !== undefined) yield here;
      }
    }
  }

  *keys(): MapIterator<CellId> {
    for (const { cell } of this.values()) yield cell;
  }

  *entries(): MapIterator<[CellId, CellRecord]> {
    for (const record of this.values()) yield [record.cell, record];
  }

  [Symbol.iterator](): MapIterator<[CellId, CellRecord]> {
    return this.entries();
  }

  forEach(callback: (record: CellRecord, cell: CellId, map: ReadonlyMap<CellId, CellRecord>) => void): void {
    for (const [cell, record] of this) callback(record, cell, this);
  }
}

const isLost = ({ lostSinceMs }: JudgedMember, nowMs: number): boolean =>
  lostSinceMs !== undefined && nowMs - lostSinceMs >= lostAfterMs;
