/** Which commits of a branch have changed something of a folder: walked once, and from then on only what is new. */
import type { CommitSha } from '../../core/model/id.ts';
import type { GitRepository } from '../../seam/git.ts';

/** A commit that changed something, and the one before it. */
export type Touch = { readonly at: CommitSha; readonly before: CommitSha };

export type Touched = {
  /** Newest first. */
  readonly touches: readonly Touch[];
  /** The oldest commit that was looked at; undefined when there is none before it. */
  readonly cutAt: CommitSha | undefined;
};

export const commitsMax = 200;

export class Touches {
  readonly #git: Pick<GitRepository, 'changes' | 'fetch' | 'history'>;
  /** By folder. */
  readonly #known = new Map<string, Touched & { readonly head: CommitSha }>();

  constructor(git: Pick<GitRepository, 'changes' | 'fetch' | 'history'>) {
    this.#git = git;
  }

  /** Cost: the commits since it was last asked. Errors: FaultError. */
  async of(folder: string, head: CommitSha, signal: AbortSignal): Promise<Touched> {
    const known = this.#known.get(folder);
    if (known?.head === head) return known;
    const found = { head, ...(await this.#walk(folder, head, known, signal)) };
    this.#known.set(folder, found);
    return found;
  }

  async #walk(
    folder: string,
    head: CommitSha,
    known: (Touched & { readonly head: CommitSha }) | undefined,
    signal: AbortSignal,
  ): Promise<Touched> {
    const commits = await this.#git.history(head, undefined, commitsMax, signal);
    const touches: Touch[] = [];
    for (const [index, { commit, parents }] of commits.entries()) {
      if (commit === known?.head) return { touches: [...touches, ...known.touches], cutAt: known.cutAt };
      const before = commits[index + 1]?.commit;
      if (before === undefined) return { touches, cutAt: parents.length === 0 ? undefined : commit };
      await this.#git.fetch(before, signal);
      await this.#git.fetch(commit, signal);
      const changes = await this.#git.changes(before, commit, signal);
      if (changes.some(({ path }) => path.startsWith(`${folder}/`))) touches.push({ at: commit, before });
    }
    return { touches, cutAt: undefined };
  }
}
