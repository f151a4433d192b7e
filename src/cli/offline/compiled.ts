/** What a folder of manifests comes to, without asking any cluster. */
import type { Compiled } from '../../core/compile/compile.ts';
import { needsOf } from '../../core/compile/needs.ts';
import type { Source, World } from '../../core/compile/world.ts';
import { needsPast, readSnapshot } from '../../core/dialect/read.ts';
import type { Reading } from '../../core/model/declarations.ts';
import type { Diagnostic, Findings } from '../../core/model/diagnostic.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import type { CommitSha } from '../../core/model/id.ts';
import type { LiveRead, ReadResult } from '../../core/model/observed.ts';
import { noPast, type Past, type Snapshot } from '../../core/model/source.ts';
import { noTooling } from '../../core/model/tool.ts';
import type { Tools } from '../../seam/tool.ts';
import type { Folder } from './folder.ts';
import { ToolCompiler } from './tool-compiler.ts';

export type OfflineChoice = {
  /** Do manifests that belong to no App count, as one App for each folder? `auto`: only where nothing else is declared. */
  readonly plain: 'yes' | 'auto';
  /** Clusters to assume where the folder declares none; undefined: then nothing is said about clusters. */
  readonly assumed: ((reading: Reading) => readonly Cluster[]) | undefined;
  /** A pinned revision that is not here. */
  readonly missingPin: Diagnostic['severity'];
  /** What copies would find. */
  readonly read: (reads: ReadonlyMap<string, LiveRead>) => Promise<ReadonlyMap<string, ReadResult>>;
  /** Asked only where something has to be made. */
  readonly openTools: () => Promise<Tools>;
};

export const readNothing: OfflineChoice['read'] = async () => new Map();

/** Shape: as one repository that may do everything, on clusters of which nothing is known and nothing recorded. */
export async function compileFolder(
  folder: Folder,
  { plain, assumed, missingPin, read, openTools }: OfflineChoice,
  signal: AbortSignal,
): Promise<Compiled> {
  const past = needsPast(folder.snapshot) ? await folder.past(undefined, signal) : noPast;
  const head = withClusters(readHead(folder.snapshot, plain, past), assumed);
  const alone: Source = { id: folder.id, url: '', branch: '', role: 'single', head, revisions: new Map() };
  const { revisions, missing } = await revisionsOf(alone, folder, missingPin, signal);
  const source = { ...alone, revisions, head: { ...head, diagnostics: [...head.diagnostics, ...missing] } };
  const sources = [source];
  const reads = await read(needsOf(sources).reads);
  const observed = { records: new Map(), reads, unread: new Set<never>(), lost: new Set<never>(), nowMs: 0 };
  const world: World = {
    sources,
    unread: new Set(),
    observed,
    scopes: new Map(),
    copyScope: 'global',
    tooling: noTooling,
  };
  return new ToolCompiler(openTools, folder.readFiles, signal).compile(world);
}

/** Shape: `auto`: plain manifests count where nothing else is declared. */
export function readHead(snapshot: Snapshot, plain: OfflineChoice['plain'], past: Past): Findings<Reading> {
  const read = readSnapshot(snapshot, { isPlain: plain === 'yes', past });
  return plain === 'auto' && isBare(read) ? readSnapshot(snapshot, { isPlain: true, past }) : read;
}

/** Nothing but plain manifests. */
function isBare({ value }: Findings<Reading>): boolean {
  return value.intents.length === 0 && value.placements.length === 0 && value.clusters.length === 0;
}

export function withClusters(
  { value, diagnostics }: Findings<Reading>,
  assumed: OfflineChoice['assumed'],
): Findings<Reading> {
  if (value.clusters.length > 0) return { value, diagnostics };
  // A tenant's repository has no clusters: that it names some which are not here says nothing.
  if (assumed === undefined) return { value: { ...value, isComplete: false }, diagnostics };
  return { value: { ...value, clusters: assumed(value) }, diagnostics };
}

type Revisions = { readonly revisions: Source['revisions']; readonly missing: readonly Diagnostic[] };

async function revisionsOf(
  source: Source,
  folder: Folder,
  severity: Diagnostic['severity'],
  signal: AbortSignal,
): Promise<Revisions> {
  const revisions = new Map<CommitSha, Findings<Reading>>();
  const missing: Diagnostic[] = [];
  for (const commit of needsOf([source]).revisions.get(source.id) ?? []) {
    try {
      const snapshot = await folder.at(commit, signal);
      const past = needsPast(snapshot) ? await folder.past(commit, signal) : noPast;
      revisions.set(commit, readSnapshot(snapshot, { isPlain: false, past }));
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      missing.push(...missingPins(source, commit, severity, error.fault.detail));
    }
  }
  return { revisions, missing };
}

function missingPins(
  { head }: Source,
  commit: CommitSha,
  severity: Diagnostic['severity'],
  reason: string,
): readonly Diagnostic[] {
  const pins = head.value.pins.filter((pin) =>
    [pin.revision, ...pin.exceptions.map(({ revision }) => revision)].includes(commit),
  );
  return pins.map(({ origin, placement, stage }) => ({
    code: 'A1220',
    severity,
    origin,
    message: `stage ${stage} of ${placement} is pinned to ${commit.slice(0, 12)}, which cannot be read here: ${reason}`,
    hint: 'in a clone with its whole history it can: `git fetch --unshallow`',
  }));
}
