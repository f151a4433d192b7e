/** What a tool may take, where it is, and from where it may fetch. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RepositoryId } from '../../core/model/id.ts';
import type { ToolName } from '../../core/model/tool.ts';

export type RenderToolSettings = {
  /** Programs by path; one that is not named is looked for in PATH. */
  readonly programs: Readonly<Partial<Record<ToolName, string>>>;
  /** For one run. */
  readonly timeoutMs: number;
  readonly memoryBytesMax: number;
  /** Of what a run prints, and of any file that it writes. */
  readonly outputBytesMax: number;
  /** Of the files that a run is given. */
  readonly filesMax: number;
  readonly inputBytesMax: number;
  /** Hosts that charts and bases may be fetched from; none: there is no network at all. */
  readonly hosts: readonly string[];
  /** PEM of the authorities that vouch for them; undefined: those that this machine trusts. */
  readonly caFile: string | undefined;
  /** Where charts that were fetched are kept. */
  readonly chartFolder: string;
  /** Whose manifests may have something fetched. */
  readonly mayFetch: (repository: RepositoryId) => boolean;
};

const MiB = 1024 * 1024;

export const renderToolDefaults: RenderToolSettings = {
  programs: {},
  timeoutMs: 60_000,
  memoryBytesMax: 1024 * MiB,
  outputBytesMax: 64 * MiB,
  filesMax: 5_000,
  inputBytesMax: 64 * MiB,
  hosts: [],
  caFile: undefined,
  chartFolder: join(tmpdir(), 'landfall-charts'),
  mayFetch: () => false,
};
