/** Which objects each record claims: lists that are put right when they are read, since a set costs four times as much. */
import type { ObjectKey } from '../../core/model/id.ts';

export class PartKeys {
  readonly #lists = new Map<string, ObjectKey[]>();
  readonly #claimOf: (key: ObjectKey) => string | undefined;

  /** `claimOf` tells the record that an object names now; undefined for one that is gone, or names none. */
  constructor(claimOf: (key: ObjectKey) => string | undefined) {
    this.#claimOf = claimOf;
  }

  add(recordId: string, key: ObjectKey): void {
    const list = this.#lists.get(recordId);
    if (list === undefined) this.#lists.set(recordId, [key]);
    else list.push(key);
  }

  /** Shape: each once, in order of their first claim. Cost: linear in the claims since the last reading. */
  of(recordId: string): readonly ObjectKey[] {
    const list = this.#lists.get(recordId);
    if (list === undefined) return [];
    const kept = [...new Set(list)].filter((key) => this.#claimOf(key) === recordId);
    if (kept.length === 0) this.#lists.delete(recordId);
    else if (kept.length < list.length) this.#lists.set(recordId, kept);
    return kept;
  }
}
