/** One commit through every step, as an engine that works on it knows it: `explain`, without asking any cluster. */
import { compile } from '../../core/compile/compile.ts';
import type { Cell } from '../../core/model/cell.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { CommitSha, RepositoryId } from '../../core/model/id.ts';
import type { CommitInfo } from '../../seam/git.ts';
import { worldAt } from '../held.ts';
import { type Explained, explain } from '../plan/explain.ts';
import type { Explainable, ExplainedCell } from '../plan/explainable.ts';
import { heldOf } from '../plan/fleet-plan.ts';
import type { Revision } from '../reviser.ts';
import type { FollowedRepository } from '../source/repository.ts';
import type { LookedEngine } from './looked-engine.ts';

/** Older commits kept compiled: those that somebody looks at. */
const compiledMax = 4;

export class CommitLooks {
  readonly #engine: LookedEngine;
  readonly #older = new Map<string, { readonly of: Revision; readonly revision: Revision }>();

  constructor(engine: LookedEngine) {
    this.#engine = engine;
  }

  /** First-parent commits of a repository, the newest first. Errors: FaultError, missing when there is no such repository. */
  async recent(id: RepositoryId, limit: number, signal: AbortSignal): Promise<readonly CommitInfo[]> {
    const repository = this.#repository(id);
    const head = this.#headOf(id);
    return head === undefined ? [] : repository.git.history(head, undefined, limit, signal);
  }

  /** Errors: FaultError, missing when the repository does not have it, or nothing was read yet. */
  async explain(id: RepositoryId, commit: CommitSha, signal: AbortSignal): Promise<Explained> {
    const repository = this.#repository(id);
    const revision = await this.#revisionAt(repository, commit, signal);
    const { fleet, judgement, steering } = this.#engine;
    const isHead = commit === this.#headOf(id);
    const source: Explainable = { commit, repositories: [repository], revision, members: fleet.members };
    const decisions = new Map(
      [...revision.compiled.cells.keys()].flatMap((cell) => {
        const decision = steering.decisionOf(cell);
        return decision === undefined ? [] : [[cell, decision] as const];
      }),
    );
    const cells = [...revision.compiled.cells.values()].map((cell) => this.#known(cell));
    const removals = isHead ? this.#removals(id) : [];
    const held = isHead ? heldOf({ judgement, focus: undefined }).filter(({ repository: of }) => of === id) : [];
    const apps = new Set([...revision.compiled.cells.values()].map(({ app }) => app));
    const stages = new Map([...apps].map((app) => [app, steering.stagesOf(app)] as const));
    return explain(source, { decisions, stages }, { cells: [...cells, ...removals], held }, signal);
  }

  #repository(id: RepositoryId): FollowedRepository {
    const repository = this.#engine.repositories.find(({ settings }) => settings.id === id);
    if (repository === undefined)
      throw new FaultError({ kind: 'missing', detail: `the settings name no repository ${id}` });
    return repository;
  }

  #headOf(id: RepositoryId): CommitSha | undefined {
    return this.#engine.revision?.world.sources.find((source) => source.id === id)?.head.value.commit;
  }

  async #revisionAt(repository: FollowedRepository, commit: CommitSha, signal: AbortSignal): Promise<Revision> {
    const { revision } = this.#engine;
    const { id } = repository.settings;
    if (revision === undefined) throw new FaultError({ kind: 'missing', detail: 'no repository has been read yet' });
    if (commit === this.#headOf(id)) return revision;
    const key = `${id} ${commit}`;
    const known = this.#older.get(key);
    if (known?.of === revision) return known.revision;
    const reading = await repository.read(commit, signal);
    if (reading === undefined)
      throw new FaultError({ kind: 'missing', detail: `commit ${commit} is not in repository ${id}` });
    const world = worldAt(revision.world, id, commit, reading);
    const older = { world, compiled: compile(world, revision.compiled.memo) };
    this.#older.delete(key);
    this.#older.set(key, { of: revision, revision: older });
    for (const oldest of [...this.#older.keys()].slice(0, -compiledMax)) this.#older.delete(oldest);
    return older;
  }

  #known({ id, app, cluster, stage }: Cell): ExplainedCell {
    const { fleet, ledger } = this.#engine;
    const member = fleet.members.get(cluster);
    const status = ledger.of(id);
    const wait = member?.isReady === true ? undefined : status?.message;
    return { cell: id, app, cluster, stage, wait, isRemoval: false, actions: undefined, status };
  }

  #removals(repository: RepositoryId): readonly ExplainedCell[] {
    const { judgement, ledger, revision } = this.#engine;
    const vanished = revision?.compiled.vanished.filter(({ record }) => record.repository === repository) ?? [];
    return vanished.map(({ record: { cell, app, cluster, stage } }) => {
      const wait = judgement.waiting.get(cell)?.reason;
      return { cell, app, cluster, stage, wait, isRemoval: true, actions: undefined, status: ledger.of(cell) };
    });
  }
}
