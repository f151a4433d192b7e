/** The whole fleet, read once: what Git wants, what clusters hold, what was recorded. Nothing is written. */

import type { Source } from '../../core/compile/world.ts';
import { WantedObjects } from '../../core/guard/wanted.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Cluster, Fleet } from '../../core/model/fleet.ts';
import type { CellId, ClusterId, CommitSha, ObjectKey, RepositoryId } from '../../core/model/id.ts';
import { noMetrics } from '../../seam/metric.ts';
import { Clients } from '../clients.ts';
import { approvalStanding } from '../gates/approval-standing.ts';
import { openChecks } from '../gates/checks.ts';
import { type LookedGates, lookedGates } from '../gates/looked.ts';
import { type Judgement, judge, noPast } from '../judge.ts';
import type { CellStatus } from '../ledger.ts';
import { namesakeIn, underTwoNames } from '../member/identity-book.ts';
import { forEach } from '../pool.ts';
import { type RepositoryView, Reviser, type Revision } from '../reviser.ts';
import type { EngineDeps, EngineSettings } from '../settings.ts';
import { filesOf } from '../source/read-files.ts';
import { FollowedRepository } from '../source/repository.ts';
import { ToolRuns } from '../tool-runs.ts';
import { copyReads } from './copy-reads.ts';
import { type ReadMember, readMember } from './read-member.ts';
import type { SurveyMember } from './survey-member.ts';

export type SurveySettings = Pick<EngineSettings, 'copyScope' | 'installation' | 'repositories'>;
export type SurveyDeps = Omit<EngineDeps, 'metrics'>;

/** One repository as it would be with another commit as its head. */
export type OtherHead = { readonly repository: RepositoryId | undefined; readonly commit: CommitSha };

export type Survey = {
  readonly revision: Revision;
  readonly members: ReadonlyMap<ClusterId, SurveyMember>;
  readonly judgement: Judgement;
  readonly wanted: WantedObjects;
  readonly gates: LookedGates;
  readonly clients: Clients;
  readonly repositories: readonly FollowedRepository[];
  /** Of the repository that was asked about, or of the first. */
  readonly commit: CommitSha;
  /** Repositories that could not be read, and why. */
  readonly unread: ReadonlyMap<RepositoryId, string>;
  readonly nowMs: number;
  /** Undefined: everything is looked at. */
  readonly focus: Focus | undefined;
};

/** A part of the fleet that is looked at; of all else it is known already how it is. */
export type Focus = {
  readonly hasCell: (cell: CellId) => boolean;
  /** Objects of a cell of which something is told. */
  readonly hasObject: (cell: CellId, key: ObjectKey) => boolean;
  /** Of the cells that are not looked at. */
  readonly known: ReadonlyMap<CellId, CellStatus>;
  /** Cells looked at, at a time. */
  readonly cellsMax: number;
};

/** Clusters read at a time. */
const readsMax = 16;

/**
 * Looks at everything, hands it to `use`, and lets go of it.
 *
 * Shape: clusters that cannot be read are among the members and say why.
 * Errors: FaultError, when no repository can be read, or none has the commit that was asked about.
 */
export async function withSurvey<T>(
  settings: SurveySettings,
  deps: SurveyDeps,
  at: OtherHead | undefined,
  use: (survey: Survey) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const repositories = openRepositories(settings, deps);
  const members = new Map<ClusterId, ReadMember>();
  const clients = clientsOf(members, () => reviser.current, deps);
  const copies = copyReads();
  const tools = new ToolRuns(
    { ...deps, metrics: noMetrics, filesOf: (id) => filesOf(repositories, id) },
    () => undefined,
  );
  let views: readonly RepositoryView[] = repositories;
  // The views are settled before the first revise.
  const reviser: Reviser = new Reviser({
    get repositories() {
      return views;
    },
    members,
    copies,
    // What a look needs is made before it looks again, not beside it.
    tools: {
      results: tools.results,
      versions: tools.versions,
      settle: (runs) => tools.settle(runs, signal),
      want: () => undefined,
    },
    copyScope: settings.copyScope,
    clock: deps.clock,
    log: deps.log,
    metrics: noMetrics,
  });
  try {
    await Promise.all(repositories.map((repository) => repository.poll(signal)));
    signal.throwIfAborted();
    const head = at === undefined ? undefined : await otherHead(at, repositories, signal);
    if (head !== undefined) views = repositories.map((repository) => withHead(repository, head));
    const first = await reviser.revise(signal);
    if (first === undefined) throw unreadable(repositories);
    await readMembers(first.compiled.gathered.fleet, members, settings, deps, signal);
    await copies.read(clients, signal);
    // Records and copies are known now; they may change what is chosen, divided and rendered.
    const revision = (await reviser.revise(signal)) ?? first;
    await copies.read(clients, signal);
    await tools.settle(revision.compiled.toolRuns, signal);
    const { compiled, world } = (await reviser.revise(signal)) ?? revision;
    const wanted = new WantedObjects(compiled.cells);
    return await use({
      revision: { compiled, world },
      members,
      judgement: judge(compiled, world.observed.records, members, wanted, noPast),
      wanted,
      gates: gatesOf(settings, deps, { clients, repositories, members }, { compiled, world }),
      clients,
      repositories,
      commit: head?.source.value.commit ?? commitOf(repositories, world.sources),
      unread: unreadOf(repositories),
      nowMs: deps.clock.nowMs(),
      focus: undefined,
    });
  } finally {
    for (const member of members.values()) member.close();
    clients.close();
    await Promise.all(repositories.map(({ git }) => git.close()));
  }
}

function gatesOf(
  { installation }: SurveySettings,
  { checks, clock }: SurveyDeps,
  around: Pick<Survey, 'clients' | 'members' | 'repositories'>,
  revision: Revision,
): LookedGates {
  const { clients, members, repositories } = around;
  const { fleet, grants } = revision.compiled.gathered;
  const opened = openChecks({
    ...checks,
    clock,
    installation,
    clusterOf: (id) => fleet.get(id),
    grantOf: (id) => grants.get(id),
    clientOf: (cluster, repository) => clients.readerOf(cluster, repository),
    gitOf: (id) => repositories.find(({ settings }) => settings.id === id)?.git,
    standingOf: (asked) => approvalStanding(asked, revision, members),
  });
  return lookedGates(opened, clock);
}

function openRepositories({ repositories }: SurveySettings, deps: SurveyDeps): readonly FollowedRepository[] {
  const { openGit, parser, clock, rng, log } = deps;
  return repositories.map(
    (settings) =>
      new FollowedRepository(
        settings,
        { git: openGit(settings), parser, clock, rng, log, metrics: noMetrics },
        () => {},
      ),
  );
}

function clientsOf(
  members: ReadonlyMap<ClusterId, ReadMember>,
  current: () => Revision | undefined,
  { connectHub }: SurveyDeps,
): Clients {
  const grantOf = (id: RepositoryId) => current()?.compiled.gathered.grants.get(id);
  return new Clients({ members, connectHub, grantOf });
}

type Head = { readonly id: RepositoryId; readonly source: Source['head'] };

/** In the repository that is named, or in the first that has the commit. */
async function otherHead(
  { repository, commit }: OtherHead,
  repositories: readonly FollowedRepository[],
  signal: AbortSignal,
): Promise<Head> {
  for (const each of repositories) {
    if (repository !== undefined && each.settings.id !== repository) continue;
    const source = await each.read(commit, signal);
    if (source !== undefined) return { id: each.settings.id, source };
  }
  throw new FaultError({ kind: 'missing', detail: `commit ${commit} is in no repository of the settings` });
}

function withHead(repository: FollowedRepository, { id, source }: Head): RepositoryView {
  const { settings } = repository;
  if (settings.id !== id) return repository;
  return {
    settings,
    read: (revision, signal) => repository.read(revision, signal),
    // One look reads few, and ends.
    keepRevisions: () => undefined,
    source: (revisions) => {
      const { url, branch, role } = settings;
      const known = repository.source(revisions) ?? { id, url, branch, role, revisions: new Map() };
      return { ...known, head: source };
    },
  };
}

const unreadOf = (repositories: readonly FollowedRepository[]): ReadonlyMap<RepositoryId, string> =>
  new Map(
    repositories.flatMap(({ settings, state }) =>
      state.kind === 'stale' ? [[settings.id, state.reason] as const] : [],
    ),
  );

function unreadable(repositories: readonly FollowedRepository[]): FaultError {
  const reasons = [...unreadOf(repositories)].map(([id, reason]) => `repository ${id}: ${reason}`);
  return new FaultError({ kind: 'unreachable', detail: reasons.join('; ') || 'the settings name no repository' });
}

function commitOf(repositories: readonly FollowedRepository[], sources: readonly Source[]): CommitSha {
  const [first] = repositories.flatMap(({ settings }) => sources.find(({ id }) => id === settings.id) ?? []);
  if (first === undefined) throw unreadable(repositories);
  return first.head.value.commit;
}

async function readMembers(
  fleet: Fleet,
  members: Map<ClusterId, ReadMember>,
  { installation }: SurveySettings,
  deps: SurveyDeps,
  signal: AbortSignal,
): Promise<void> {
  const asked: readonly Cluster[] = [...fleet.values()].filter(({ lifecycle }) => lifecycle !== 'Retired');
  const read = new Map<ClusterId, ReadMember>();
  const { known } = deps.identities;
  const identities = { known, namesake: namesakeIn(() => asked, { known }) };
  await forEach(asked, readsMax, async (cluster) => {
    read.set(cluster.id, await readMember(cluster, installation, { ...deps, identities }, signal));
  });
  const names = new Map<string, ClusterId>();
  // In the order of the fleet, whoever answered first.
  for (const { id } of asked) {
    const member = read.get(id);
    if (member === undefined) continue;
    members.set(id, member);
    const { uid } = member;
    const other = uid === undefined ? undefined : names.get(uid);
    if (other !== undefined) member.fail(underTwoNames(other));
    else if (uid !== undefined) names.set(uid, id);
  }
}
