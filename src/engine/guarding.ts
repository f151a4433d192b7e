/** Which deletions wait for a person, as of the newest compile, and what a person has said yes to. */
import { WantedObjects } from '../core/guard/wanted.ts';
import type { CellId, ObjectKey } from '../core/model/id.ts';
import type { Acknowledged } from '../core/model/record.ts';
import { type Judgement, judge } from './judge.ts';
import type { JudgedMembers } from './members.ts';
import type { Revision } from './reviser.ts';

export class Guarding {
  readonly #agreed = new Map<CellId, Acknowledged>();
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
    this.#judgement = judge(compiled, world.observed.records, members, wanted, this.#agreed);
    for (const [cell, yes] of this.#judgement.acknowledged) this.#agreed.set(cell, yes);
  }

  isWantedElsewhere(key: ObjectKey, cell: CellId): boolean {
    return this.#wanted?.isWantedElsewhere(key, cell) === true;
  }

  forget(cell: CellId): void {
    this.#agreed.delete(cell);
  }
}
