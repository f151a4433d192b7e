/** One App as a person wants to see it: its stages in order, and what is known of each cluster in them. */
import { type Diagnostic, isError } from '../../core/model/diagnostic.ts';
import { labelOf } from '../../core/model/fleet.ts';
import type { AppId, ClusterId, CommitSha, RepositoryId } from '../../core/model/id.ts';
import type { IntOrShare, Pin, Placement, Stage } from '../../core/model/placement.ts';
import type { Origin } from '../../core/model/source.ts';
import type { Evidence } from '../../core/rollout/evidence.ts';
import type { StageState } from '../../core/rollout/stage.ts';
import type { CellStatus } from '../ledger.ts';
import { appCells, stagesOf } from '../steer.ts';
import { cellsOfApp } from './cells.ts';
import type { LookedEngine } from './looked-engine.ts';

export type CellLook = {
  readonly cluster: ClusterId;
  readonly status: CellStatus;
  /** The revision of the App that it should run, and the one that its record says it runs. */
  readonly wants: CommitSha;
  readonly holds: CommitSha | undefined;
  /** Why it may not change yet. */
  readonly waits: string | undefined;
  /** Digest of deletions that wait for a person. */
  readonly deletes: string | undefined;
  readonly appliedAtMs: number | undefined;
  readonly healthySinceMs: number | undefined;
};

/** `value`: what the clusters of the wave have in common. */
export type WaveLook = { readonly value: string | undefined; readonly cells: readonly CellLook[] };

export type StageLook = {
  readonly name: string;
  readonly revision: Stage['revision'];
  /** Undefined: it follows the branch head, or nothing pins it yet. */
  readonly pin: Pin | undefined;
  /** Undefined: it was not decided about yet, or it has no clusters. */
  readonly state: StageState | undefined;
  readonly soakMs: number;
  readonly progressDeadlineMs: number;
  readonly maxUnavailable: string;
  readonly maxFailures: number;
  /** The label that makes its waves. */
  readonly topologyKey: string | undefined;
  readonly waves: readonly WaveLook[];
};

export type AppLook = {
  readonly app: AppId;
  readonly repository: RepositoryId | undefined;
  readonly origin: Origin | undefined;
  readonly placement: Placement | undefined;
  readonly stages: readonly StageLook[];
  /** On clusters that it is leaving. */
  readonly leaving: readonly CellStatus[];
  readonly errors: readonly Diagnostic[];
};

/** Shape: undefined when nobody speaks of it and no cluster is known to hold it. */
export function lookAtApp(app: AppId, engine: LookedEngine): AppLook | undefined {
  const { revision } = engine;
  if (revision === undefined) return undefined;
  const { compiled } = revision;
  const statuses = new Map(cellsOfApp(app, engine).map((status) => [status.cell, status]));
  const placement = compiled.placed.get(app);
  const intent = compiled.gathered.intents.get(app);
  if (placement === undefined && intent === undefined && statuses.size === 0) return undefined;
  const own = new Set([intent?.origin.path, placement?.origin.path]);
  const repository = intent?.repository ?? placement?.repository;
  return {
    app,
    repository,
    origin: intent?.origin,
    placement,
    stages: stageLooks(app, engine, statuses),
    leaving: [...statuses.values()].filter(({ cell }) => !compiled.cells.has(cell)),
    errors: compiled.diagnostics.filter(
      (each) => isError(each) && each.origin.repository === repository && own.has(each.origin.path),
    ),
  };
}

function stageLooks(app: AppId, engine: LookedEngine, statuses: ReadonlyMap<string, CellStatus>): readonly StageLook[] {
  const { input } = engine.steering;
  const group = input === undefined ? undefined : appCells(app, input.compiled);
  if (input === undefined || group === undefined) return [];
  const { gathered, cells } = input.compiled;
  const states = new Map(engine.steering.stagesOf(app).map((state) => [state.stage, state]));
  const lookAt = (evidence: Evidence): readonly CellLook[] => {
    const cell = cells.get(evidence.cell);
    const status = statuses.get(evidence.cell);
    if (cell === undefined || status === undefined) return [];
    const record = input.members.get(cell.cluster)?.records.of(app)?.record;
    const decision = engine.steering.decisionOf(cell.id);
    return [
      {
        cluster: cell.cluster,
        status,
        wants: cell.revision,
        holds: record?.revision,
        waits: decision?.kind === 'wait' ? decision.reason : undefined,
        deletes: engine.judgement.waiting.get(cell.id)?.deletes,
        appliedAtMs: evidence.appliedAtMs,
        healthySinceMs: evidence.healthySinceMs,
      },
    ];
  };
  return stagesOf(group, input).map(({ stage, waves }): StageLook => {
    const key = stage.waves?.topologyKey;
    const sharedValue = (wave: readonly Evidence[]): string | undefined => {
      const cluster = wave[0] === undefined ? undefined : gathered.fleet.get(wave[0].cluster);
      return cluster === undefined || key === undefined ? undefined : labelOf(cluster, key);
    };
    return {
      name: stage.name,
      revision: stage.revision,
      pin: pinOf(group.placement, stage, gathered.pins.values()),
      state: states.get(stage.name),
      soakMs: stage.soakMs,
      progressDeadlineMs: stage.progressDeadlineMs,
      maxUnavailable: limitText(stage.maxUnavailable),
      maxFailures: stage.maxFailures,
      topologyKey: key,
      waves: waves
        .filter((wave) => wave.length > 0)
        .map((wave) => ({ value: sharedValue(wave), cells: wave.flatMap(lookAt) })),
    };
  });
}

/** A pin counts for the placements of its own repository. */
export function pinOf(placement: Placement, stage: Stage, pins: Iterable<readonly Pin[]>): Pin | undefined {
  for (const some of pins)
    for (const pin of some)
      if (pin.repository === placement.repository && pin.placement === placement.id && pin.stage === stage.name)
        return pin;
  return undefined;
}

const limitText = (limit: IntOrShare): string => (limit.kind === 'count' ? String(limit.count) : `${limit.percent}%`);
