/** From what repositories and clusters say now to what every cell should hold. */
import { type Compiled, compile } from '../core/compile/compile.ts';
import { needsOf } from '../core/compile/needs.ts';
import { revisionsNeeded } from '../core/compile/revision.ts';
import type { Source, World } from '../core/compile/world.ts';
import type { CopyScope } from '../core/grant/grant.ts';
import type { Rendering } from '../core/model/cell.ts';
import { type ClusterId, type GroupKind, groupKind } from '../core/model/id.ts';
import type { CellRecord } from '../core/model/record.ts';
import type { Capabilities } from '../core/model/tool.ts';
import { sealedDigestOf } from '../core/plan/cell-plan.ts';
import type { Clock } from '../seam/clock.ts';
import type { Log } from '../seam/log.ts';
import type { Metrics } from '../seam/metric.ts';
import type { Copies } from './copies.ts';
import { worldAt } from './held.ts';
import type { Members } from './members.ts';
import { observe } from './observe.ts';
import type { FollowedRepository } from './source/repository.ts';
import type { ToolRuns } from './tool-runs.ts';

export type Revision = { readonly world: World; readonly compiled: Compiled };

/** A repository that is followed, or one that was looked at once. */
export type RepositoryView = Pick<FollowedRepository, 'keepRevisions' | 'read' | 'settings' | 'source'>;

export type ReviserDeps = {
  readonly repositories: readonly RepositoryView[];
  readonly members: Members;
  readonly copies: Pick<Copies, 'results' | 'want'>;
  readonly tools: Pick<ToolRuns, 'results' | 'settle' | 'versions' | 'want'>;
  readonly copyScope: CopyScope;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** Older commits whose compiled state is kept, to heal what waits there. */
const recalledMax = 4;

export class Reviser {
  readonly #deps: ReviserDeps;
  readonly #recalled = new Map<string, Compiled>();
  #current: Revision | undefined;

  constructor(deps: ReviserDeps) {
    this.#deps = deps;
  }

  get current(): Revision | undefined {
    return this.#current;
  }

  /** Compiles anew. Shape: undefined before any repository was read. */
  async revise(signal: AbortSignal): Promise<Revision | undefined> {
    const { repositories, members, copies, tools, copyScope, clock, log, metrics } = this.#deps;
    const sources = await this.#sources(signal);
    if (sources.length === 0) return undefined;
    copies.want(needsOf(sources).reads, signal);
    const read = new Set(sources.map(({ id }) => id));
    const world: World = {
      sources,
      unread: new Set(repositories.map(({ settings }) => settings.id).filter((id) => !read.has(id))),
      observed: observe(members, copies.results, clock.nowMs(), log),
      scopes: scopesOf(members),
      copyScope,
      tooling: { versions: tools.versions, results: tools.results, capabilities: capabilitiesOf(members) },
    };
    const startMs = clock.nowMs();
    const compiled = compile(world, this.#current?.compiled.memo);
    metrics.observe('compile_seconds', {}, (clock.nowMs() - startMs) / 1000);
    tools.want(compiled.toolRuns, signal);
    this.#current = { world: withUnmet(world, compiled, members), compiled };
    return this.#current;
  }

  /** Makes again what a record says its cell holds, from the commit that it names. Shape: undefined when that differs. */
  async recall(record: CellRecord, signal: AbortSignal): Promise<Rendering | undefined> {
    const member = this.#deps.members.get(record.cluster);
    const compiled = await this.#compiledAt(record, signal);
    const aim = compiled?.cells.get(record.cell)?.aim;
    if (aim?.kind !== 'hold' || member === undefined) return undefined;
    return sealedDigestOf(aim.rendering, record.inventory, member.session.seal) === record.digest
      ? aim.rendering
      : undefined;
  }

  async #compiledAt(record: CellRecord, signal: AbortSignal): Promise<Compiled | undefined> {
    const { repository, commit } = record;
    const key = `${repository} ${commit}`;
    const known = this.#recalled.get(key);
    if (known !== undefined) return known;
    const followed = this.#deps.repositories.find(({ settings }) => settings.id === repository);
    const head = await followed?.read(commit, signal);
    const world = this.#current?.world;
    if (followed === undefined || head === undefined || world === undefined) return undefined;
    const then = worldAt(world, repository, commit, head);
    const sources = await Promise.all(
      then.sources.map((source) => (source.id === repository ? this.#withRevisions(source, followed, signal) : source)),
    );
    const input = { ...then, sources };
    const first = compile(input, this.#current?.compiled.memo);
    await this.#deps.tools.settle(first.toolRuns, signal);
    const compiled = first.toolRuns.size === 0 ? first : compile(input, first.memo);
    this.#recalled.set(key, compiled);
    for (const oldest of [...this.#recalled.keys()].slice(0, -recalledMax)) this.#recalled.delete(oldest);
    return compiled;
  }

  async #sources(signal: AbortSignal): Promise<readonly Source[]> {
    const found = this.#deps.repositories.map(async (repository): Promise<readonly Source[]> => {
      const source = repository.source(new Set());
      if (source === undefined) return [];
      repository.keepRevisions(revisionsNeeded(source));
      return [await this.#withRevisions(source, repository, signal)];
    });
    return (await Promise.all(found)).flat();
  }

  async #withRevisions(source: Source, repository: RepositoryView, signal: AbortSignal): Promise<Source> {
    const needed = revisionsNeeded(source);
    const readings = await Promise.all(
      [...needed].map(async (commit) => [commit, await repository.read(commit, signal)] as const),
    );
    const known = readings.flatMap(([commit, reading]) => (reading === undefined ? [] : [[commit, reading] as const]));
    return { ...source, revisions: new Map([...source.revisions, ...known]) };
  }
}

/** Clusters that nobody knew of before compiling have not been read either. */
function withUnmet(world: World, { gathered }: Compiled, members: Members): World {
  const unmet = [...gathered.fleet.values()].filter(({ id, lifecycle }) => lifecycle !== 'Retired' && !members.has(id));
  if (unmet.length === 0) return world;
  const { observed } = world;
  return { ...world, observed: { ...observed, unread: new Set([...observed.unread, ...unmet.map(({ id }) => id)]) } };
}

/** Of clusters that have been asked. */
function capabilitiesOf(members: Members): ReadonlyMap<ClusterId, Capabilities> {
  const read = [...members.values()].filter(({ isRead }) => isRead);
  return new Map(
    read.map(({ id, session: { version, kinds } }) => {
      const served = kinds.all.flatMap(({ group, version: of, kind }) => {
        const groupVersion = group === '' ? of : `${group}/${of}`;
        return [groupVersion, `${groupVersion}/${kind}`];
      });
      return [id, { kubeVersion: version, apiVersions: [...new Set(served)].toSorted() }];
    }),
  );
}

/** Kinds that any cluster serves; clusters that serve the same share one table, which is looked at once. */
function scopesOf(members: Members): ReadonlyMap<GroupKind, boolean> {
  const tables = new Set([...members.values()].filter(({ isRead }) => isRead).map(({ session }) => session.kinds));
  const custom = [...tables].flatMap(({ all }) =>
    all.filter(({ group }) => group.includes('.') && !group.endsWith('.k8s.io')),
  );
  return new Map(custom.map((kind) => [groupKind(kind.group, kind.kind), kind.isNamespaced]));
}
