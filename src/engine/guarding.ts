/** Which deletions wait for a person, as of the newest compile, and what a person has said yes to. */
import { WantedObjects } from '../core/guard/wanted.ts';
import type { CellId, CommitSha, ObjectKey, RepositoryId } from '../core/model/id.ts';
import type { Acknowledged, CellRecord } from '../core/model/record.ts';
import { type Judgement, judge } from './judge.ts';
import type { JudgedMembers } from './members.ts';
import type { Revision } from './reviser.ts';

export class Guarding {
  readonly #agreed = new Map<CellId, Acknowledged>();
  /** By repository: cells that went by this head, without anybody having been asked. */
  readonly #gone = new Map<RepositoryId, { readonly commit: CommitSha; readonly cells: Set<CellId> }>();
  /** What may go now. */
  #unasked: Judgement['pending'] = [];
  #wanted: WantedObjects | undefined;
  #judgement: Judgement = { pending: [], waiting: new Map(), acknowledged: new Map(), deletes: new Map() };

  get judgement(): Judgement {
    return this.#judgement;
  }

  /** Since the start; records hold what was said before. */
  get agreed(): ReadonlyMap<CellId, Acknowledged> {
    return this.#agreed;
  }

  judge({ compiled, world }: Revision, members: JudgedMembers): void {
    const wanted = new WantedObjects(compiled.cells);
    this.#wanted = wanted;
    const { records } = world.observed;
    this.#noteGone(world.sources, records);
    // One that was only not to be seen for a while has not gone.
    const goneIn = (cells: ReadonlySet<CellId>): number => [...cells].filter((cell) => !records.has(cell)).length;
    const goneCounts = new Map([...this.#gone].map(([id, { cells }]) => [id, goneIn(cells)] as const));
    this.#judgement = judge(compiled, records, members, wanted, { agreed: this.#agreed, goneCounts });
    for (const [cell, yes] of this.#judgement.acknowledged) this.#agreed.set(cell, yes);
    this.#unasked = this.#judgement.pending.filter(
      ({ cell, cause }) => cause !== 'dropped' && !this.#judgement.waiting.has(cell) && !this.#agreed.has(cell),
    );
  }

  /** What might go when it was last judged, and has no record any more; another head is another wish. */
  #noteGone(sources: Revision['world']['sources'], records: ReadonlyMap<CellId, CellRecord>): void {
    for (const { id, head } of sources) {
      const { commit } = head.value;
      if (this.#gone.get(id)?.commit !== commit) this.#gone.set(id, { commit, cells: new Set() });
    }
    for (const { cell, repository } of this.#unasked)
      if (!records.has(cell)) this.#gone.get(repository)?.cells.add(cell);
  }

  isWantedElsewhere(key: ObjectKey, cell: CellId): boolean {
    return this.#wanted?.isWantedElsewhere(key, cell) === true;
  }

  forget(cell: CellId): void {
    this.#agreed.delete(cell);
  }
}
