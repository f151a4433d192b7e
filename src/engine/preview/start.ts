/** Plans on pull requests, beside an engine that knows nothing of it. */
import { FaultError } from '../../core/model/fault.ts';
import type { InstallationId, RepositoryId } from '../../core/model/id.ts';
import type { Forge } from '../../edge/forge/forge.ts';
import type { PullRequests } from '../../seam/pull-request.ts';
import type { Engine } from '../engine.ts';
import { noApprovals } from '../gates/approval-check.ts';
import { openChecks } from '../gates/checks.ts';
import type { JobDeps } from '../gates/job-check.ts';
import type { Budget } from '../publish/budget.ts';
import { isHeldByOthers } from '../publish/start.ts';
import type { EngineDeps } from '../settings.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { PreviewLoop } from './loop.ts';
import { Previewer } from './previewer.ts';
import { type ShownPlan, ShownPlans } from './shown-plans.ts';
import { Teller } from './teller.ts';

export type PreviewForge = {
  readonly statuses: Pick<Forge, 'post' | 'read'>;
  readonly pullRequests: Pick<PullRequests, 'bodyMax' | 'comment' | 'comments' | 'editComment' | 'markup' | 'open'>;
  readonly budget: Budget;
  readonly isForeignPlanned: boolean;
  /** The address of the page of a plan; undefined where there is none. */
  readonly pageOf?: ((pullRequest: number) => string) | undefined;
};

export type PreviewDeps = Pick<EngineDeps, 'checks' | 'clock' | 'connectHub' | 'log' | 'metrics' | 'tools'> & {
  readonly installation: InstallationId;
  /** Undefined for a repository whose pull requests are not planned. */
  readonly forgeOf: (repository: RepositoryId) => PreviewForge | undefined;
};

export type Previewing = {
  /** Of every repository whose pull requests are planned. */
  readonly plans: () => readonly ShownPlan[];
  /** Resolves when the signal has fired and nothing is under way any more. Never rejects. */
  readonly ended: Promise<void>;
};

/** Begin it before `engine.run`. */
export function startPreviews(engine: Engine, deps: PreviewDeps, signal: AbortSignal): Previewing {
  const loops = engine.repositories.flatMap((repository) => {
    const forge = deps.forgeOf(repository.settings.id);
    if (forge === undefined) return [];
    const shown = new ShownPlans(repository.settings.id);
    return [{ shown, ended: loopOf(repository, { ...forge, shown }, engine, deps, signal) }];
  });
  return {
    plans: () => loops.flatMap(({ shown }) => shown.all()),
    ended: Promise.all(loops.map(({ ended }) => ended)).then(() => undefined),
  };
}

function loopOf(
  repository: FollowedRepository,
  { statuses, pullRequests, budget, isForeignPlanned, pageOf, shown }: PreviewForge & { readonly shown: ShownPlans },
  engine: Engine,
  { installation, checks: reach, clock, log, metrics, connectHub, tools }: PreviewDeps,
  signal: AbortSignal,
): Promise<void> {
  const { id, branch } = repository.settings;
  // Of a cluster nothing is asked: Jobs are run for what is merged.
  const checks = openChecks({ ...reach, ...noApprovals, clock, installation, ...noClusters });
  const loop = new PreviewLoop(
    { repository: id, branch, isForeignPlanned },
    {
      previewer: new Previewer({ engine, repository, connectHub, tools, checks, clock, log }),
      teller: new Teller({ installation, repository: id }, { statuses, pullRequests, budget, clock, pageOf }),
      pullRequests,
      shown,
      situation: () => headsOf(engine),
      isIdle: () => !isSettled(engine) || isHeldByOthers(engine),
      clock,
      log,
      metrics,
    },
  );
  const unlisten = repository.onPoll(() => loop.stir());
  let known = '';
  // A new head is compiled some time after the poll that has found it.
  const deafen = engine.listen(() => {
    const now = `${isSettled(engine)} ${headsOf(engine)}`;
    if (now !== known) loop.stir();
    known = now;
  });
  return loop.run(signal).finally(() => {
    unlisten();
    deafen();
  });
}

const noClusters = {
  clusterOf: () => undefined,
  grantOf: () => undefined,
  clientOf: () => {
    throw new FaultError({ kind: 'misconfigured', detail: 'plans run no Jobs' });
  },
} satisfies Partial<JobDeps>;

/** Every cluster has been read, or had its chance: a plan that is made before would only have to be made again. */
const isSettled = ({ revision, fleet }: Engine): boolean =>
  revision !== undefined && [...fleet.members.values()].every(({ state }) => state.kind !== 'connecting');

const headsOf = ({ revision }: Engine): string =>
  (revision?.world.sources ?? []).map(({ id, head }) => `${id} ${head.value.commit}`).join('\n');
