/** The gates of a running engine. */
import type { JudgedMembers } from '../members.ts';
import type { Revision } from '../reviser.ts';
import type { EngineDeps, EngineSettings } from '../settings.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { approvalStanding } from './approval-standing.ts';
import { openChecks } from './checks.ts';
import { Gates, type GatesDeps } from './gates.ts';
import type { JobDeps } from './job-check.ts';

type Around = Pick<GatesDeps, 'onEvidence'> &
  Pick<JobDeps, 'clientOf'> & {
    readonly engine: { readonly revision: Revision | undefined; readonly repositories: readonly FollowedRepository[] };
    readonly members: JudgedMembers;
  };

export function openGates({ installation }: EngineSettings, deps: EngineDeps, around: Around): Gates {
  const { clock, rng, log } = deps;
  const { engine, clientOf, members, onEvidence } = around;
  const gathered = () => engine.revision?.compiled.gathered;
  const checks = openChecks({
    ...deps.checks,
    clock,
    installation,
    clusterOf: (id) => gathered()?.fleet.get(id),
    grantOf: (id) => gathered()?.grants.get(id),
    clientOf,
    gitOf: (id) => engine.repositories.find(({ settings }) => settings.id === id)?.git,
    standingOf: (asked) => {
      const { revision } = engine;
      return revision === undefined ? undefined : approvalStanding(asked, revision, members);
    },
  });
  return new Gates({ checks, clock, rng, log, onEvidence });
}
