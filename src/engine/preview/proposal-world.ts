/** The world as it would be with something merged: repositories, clusters and what they say of themselves. */
import { type Compiled, compile } from '../../core/compile/compile.ts';
import { type Gathered, gather } from '../../core/compile/gather.ts';
import { needsOf } from '../../core/compile/needs.ts';
import { revisionsNeeded } from '../../core/compile/revision.ts';
import type { Source, World } from '../../core/compile/world.ts';
import type { Fleet } from '../../core/model/fleet.ts';
import type { ClusterId } from '../../core/model/id.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import { Clients } from '../clients.ts';
import type { Engine } from '../engine.ts';
import { accessOf } from '../fleet-keeper.ts';
import { worldAt } from '../held.ts';
import { observe } from '../observe.ts';
import { copyReads } from '../plan/copy-reads.ts';
import { ReadMember } from '../plan/read-member.ts';
import type { SurveyMember } from '../plan/survey-member.ts';
import type { Revision } from '../reviser.ts';
import type { FollowedRepository } from '../source/repository.ts';
import type { ToolRuns } from '../tool-runs.ts';
import { borrow } from './borrowed-member.ts';

export type WorldDeps = {
  readonly engine: Pick<Engine, 'fleet'>;
  readonly repository: FollowedRepository;
  readonly tools: Pick<ToolRuns, 'results' | 'settle'>;
  readonly connectHub: () => KubeClient;
  readonly clock: Clock;
  readonly log: Log;
};

export type ProposedWorld = {
  readonly before: Compiled;
  readonly world: World;
  readonly after: Compiled;
  readonly members: ReadonlyMap<ClusterId, SurveyMember>;
  /** To be closed by the caller. */
  readonly clients: Clients;
};

/** Compiles the branch as it is and as it would be, both with what clusters say now. Errors: FaultError. */
export async function proposedWorld(
  revision: Revision,
  reading: Source['head'],
  deps: WorldDeps,
  signal: AbortSignal,
): Promise<ProposedWorld> {
  const { engine, repository, tools, clock, log } = deps;
  const { id } = repository.settings;
  const then = worldAt(revision.world, id, reading.value.commit, reading);
  const sources = await Promise.all(
    then.sources.map((source) => (source.id === id ? withRevisions(source, repository, signal) : source)),
  );
  const gathered = gather(
    sources.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    then.unread,
  ).value;
  const members = membersOf(gathered.fleet, revision.compiled.gathered.fleet, deps, signal);
  const clients = clientsOf(members, gathered, deps);
  try {
    const copies = copyReads(revision.world.observed.reads);
    copies.want(needsOf(sources).reads);
    await copies.read(clients, signal);
    const nowMs = clock.nowMs();
    const tooling = () => ({
      ...then.tooling,
      results: new Map([...tools.results, ...then.tooling.results]),
    });
    const observed = observe(members, copies.results, nowMs, log);
    const first = compile({ ...then, sources, observed, tooling: tooling() }, revision.compiled.memo);
    const missing = new Map([...first.toolRuns].filter(([key]) => !then.tooling.results.has(key)));
    await tools.settle(missing, signal);
    const world = { ...then, sources, observed: observe(members, copies.results, nowMs, log), tooling: tooling() };
    const after = missing.size === 0 ? first : compile(world, first.memo);
    const own = observe(engine.fleet.members, revision.world.observed.reads, nowMs, log);
    return {
      before: compile({ ...revision.world, observed: own }, revision.compiled.memo),
      world,
      after,
      members,
      clients,
    };
  } catch (error) {
    clients.close();
    throw error;
  }
}

async function withRevisions(source: Source, repository: FollowedRepository, signal: AbortSignal): Promise<Source> {
  const missing = [...revisionsNeeded(source)].filter((commit) => !source.revisions.has(commit));
  const read = await Promise.all(
    missing.map(async (commit) => [commit, await repository.read(commit, signal)] as const),
  );
  const known = read.flatMap(([commit, reading]) => (reading === undefined ? [] : [[commit, reading] as const]));
  return { ...source, revisions: new Map([...source.revisions, ...known]) };
}

/**
 * Shape: a cluster that is new, or is to be reached in another way, is not dialled for a proposal: whoever may propose may
 *   not yet say where our credentials go.
 */
function membersOf(
  fleet: Fleet,
  now: Fleet,
  { engine, clock }: Pick<WorldDeps, 'clock' | 'engine'>,
  signal: AbortSignal,
): ReadonlyMap<ClusterId, SurveyMember> {
  const { members } = engine.fleet;
  const installation = [...members.values()][0]?.installation;
  const found = new Map<ClusterId, SurveyMember>();
  for (const cluster of fleet.values()) {
    if (cluster.lifecycle === 'Retired') continue;
    const known = [cluster.id, ...cluster.movedFrom].find((name) => {
      const before = now.get(name);
      return before !== undefined && accessOf(before) === accessOf(cluster) && members.has(name);
    });
    const member = known === undefined ? undefined : members.get(known);
    if (member !== undefined) found.set(cluster.id, borrow(cluster, member, clock, signal));
    else if (installation !== undefined) {
      const unmet = new ReadMember(cluster, installation);
      const what = now.has(cluster.id) ? 'is to be reached in another way' : 'is new';
      unmet.fail({ kind: 'unreachable', detail: `it ${what}: it is looked at once this is merged` });
      found.set(cluster.id, unmet);
    }
  }
  return found;
}

/** As whom requests are made: as it would be once the proposal is merged. */
const clientsOf = (
  members: ReadonlyMap<ClusterId, SurveyMember>,
  { grants }: Gathered,
  { connectHub }: Pick<WorldDeps, 'connectHub'>,
): Clients => new Clients({ members, connectHub, grantOf: (id) => grants.get(id) });
