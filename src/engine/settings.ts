/** What an engine is told at its start, and what it touches the world with. */
import type { CopyScope } from '../core/grant/grant.ts';
import type { Cluster } from '../core/model/fleet.ts';
import type { CellId, InstallationId } from '../core/model/id.ts';
import type { KubeClient } from '../edge/kube/client.ts';
import type { Clock } from '../seam/clock.ts';
import type { GitRepository } from '../seam/git.ts';
import type { Log } from '../seam/log.ts';
import type { Metrics } from '../seam/metric.ts';
import type { Parser } from '../seam/parse.ts';
import type { Rng } from '../seam/rng.ts';
import type { Tools } from '../seam/tool.ts';
import type { CheckDeps } from './gates/checks.ts';
import type { IdentityBook } from './member/identity-book.ts';
import type { RepositorySettings } from './source/repository.ts';
import type { WorkerSettings } from './worker.ts';

export type EngineSettings = {
  readonly installation: InstallationId;
  /** This process, for leases. */
  readonly holder: string;
  readonly leaseMs: number;
  readonly repositories: readonly RepositorySettings[];
  readonly worker: WorkerSettings;
  readonly copyScope: CopyScope;
  /** How long deletions wait for clusters that have not been read since the start. */
  readonly surveyMs: number;
  /** Cells that may be changed; all others are looked after, and left as they are. Absent: all. */
  readonly isSelected?: (cell: CellId) => boolean;
};

export type EngineDeps = {
  readonly openGit: (settings: RepositorySettings) => GitRepository;
  readonly parser: Parser;
  readonly connect: (cluster: Cluster) => KubeClient;
  /** The cluster that copies come from by the name `hub`. Errors: misconfigured, when there is none. */
  readonly connectHub: () => KubeClient;
  readonly tools: Tools;
  readonly checks: CheckDeps;
  readonly identities: IdentityBook;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly metrics: Metrics;
};
