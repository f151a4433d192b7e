/** What waiting cells hold, so that they can be healed: remembered, or made again from the commit in their record. */
import type { Source, World } from '../core/compile/world.ts';
import type { Cell, Rendering } from '../core/model/cell.ts';
import type { CellId, CommitSha, Digest, RepositoryId } from '../core/model/id.ts';
import type { CellRecord } from '../core/model/record.ts';
import { faultOf } from './fault-text.ts';

/** Makes the rendering that a record's digest was made from, if it can. */
export type Recall = (record: CellRecord) => Promise<Rendering | undefined>;

export class HeldRenderings {
  readonly #known = new Map<CellId, { readonly digest: Digest; readonly rendering: Rendering | undefined }>();
  readonly #asked = new Set<string>();
  readonly #recall: Recall;
  readonly #onRecalled: (cell: CellId) => void;

  constructor(recall: Recall, onRecalled: (cell: CellId) => void) {
    this.#recall = recall;
    this.#onRecalled = onRecalled;
  }

  /** The cell holds this now. */
  note(cell: CellId, digest: Digest, rendering: Rendering): void {
    this.#known.set(cell, { digest, rendering });
  }

  /** Shape: undefined while it is not known, and when it cannot be known; asking starts the search, once. */
  of(cell: Cell, record: CellRecord | undefined): Rendering | undefined {
    if (record === undefined) return undefined;
    const known = this.#known.get(cell.id);
    if (known?.digest === record.digest) return known.rendering;
    const question = `${cell.id} ${record.digest}`;
    if (!this.#asked.has(question)) {
      this.#asked.add(question);
      void this.#search(cell.id, record, question);
    }
    return undefined;
  }

  forget(cell: CellId): void {
    this.#known.delete(cell);
  }

  /** A search that fails for lack of an answer is begun again when next asked. */
  async #search(cell: CellId, record: CellRecord, question: string): Promise<void> {
    try {
      const rendering = await this.#recall(record);
      this.#known.set(cell, { digest: record.digest, rendering });
      this.#onRecalled(cell);
    } catch (error) {
      faultOf(error);
      this.#asked.delete(question);
    }
  }
}

/** The world as it was when `commit` was the head of its repository; other repositories as they are now. */
export function worldAt(world: World, repository: RepositoryId, commit: CommitSha, reading: Source['head']): World {
  const sources = world.sources.map((source) => (source.id === repository ? { ...source, head: reading } : source));
  return {
    ...world,
    sources: sources.map((source) => (source.id === repository ? withOwnRevision(source, commit, reading) : source)),
  };
}

const withOwnRevision = (source: Source, commit: CommitSha, reading: Source['head']): Source => ({
  ...source,
  revisions: new Map([...source.revisions, [commit, reading]]),
});
