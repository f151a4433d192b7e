/** The gates of a running engine. */
import type { JudgedMembers } from '../members.ts';
import type { Revision } from '../reviser.ts';
import type { EngineDeps, EngineSettings } from '../settings.ts';
import type { ApprovalDeps } from './approval-check.ts';
import { approvalStanding } from './approval-standing.ts';
import { openChecks } from './checks.ts';
import { Gates, type GatesDeps } from './gates.ts';
import type { JobDeps } from './job-check.ts';

type Around = Pick<GatesDeps, 'onEvidence'> &
  Pick<JobDeps, 'clientOf'> &
  Pick<ApprovalDeps, 'gitOf'> & { readonly revision: () => Revision | undefined; readonly members: JudgedMembers };

export function openGates({ installation }: EngineSettings, deps: EngineDeps, around: Around): Gates {
  const { clock, rng, log } = deps;
  const { clientOf, gitOf, revision, members, onEvidence } = around;
  const gathered = () => revision()?.compiled.gathered;
  const checks = openChecks({
    ...deps.checks,
    clock,
    installation,
    clusterOf: (id) => gathered()?.fleet.get(id),
    grantOf: (id) => gathered()?.grants.get(id),
    clientOf,
    gitOf,
    standingOf: (asked) => {
      const seen = revision();
      return seen === undefined ? undefined : approvalStanding(asked, seen, members);
    },
  });
  return new Gates({ checks, clock, rng, log, onEvidence });
}
