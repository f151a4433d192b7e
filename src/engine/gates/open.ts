/** The gates of a running engine. */
import type { Compiled } from '../../core/compile/compile.ts';
import type { EngineDeps, EngineSettings } from '../settings.ts';
import { openChecks } from './checks.ts';
import { Gates, type GatesDeps } from './gates.ts';
import type { JobDeps } from './job-check.ts';

type Around = Pick<GatesDeps, 'onEvidence'> &
  Pick<JobDeps, 'clientOf'> & { readonly compiled: () => Compiled | undefined };

export function openGates({ installation }: EngineSettings, deps: EngineDeps, around: Around): Gates {
  const { clock, rng, log } = deps;
  const { clientOf, compiled, onEvidence } = around;
  const checks = openChecks({
    ...deps.checks,
    clock,
    installation,
    clusterOf: (id) => compiled()?.gathered.fleet.get(id),
    grantOf: (id) => compiled()?.gathered.grants.get(id),
    clientOf,
  });
  return new Gates({ checks, clock, rng, log, onEvidence });
}
