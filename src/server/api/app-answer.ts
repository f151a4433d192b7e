/** An App as programs and pages are told of it: stages with their evidence, objects, and who else changes them. */

import type { AppLook, CellLook, StageLook } from '../../engine/look/app.ts';
import type { DriftLook } from '../../engine/look/drift.ts';
import type { ObjectLook } from '../../engine/look/objects.ts';
import { type CellAnswer, cellAnswer, timeOrNull, timeText } from './cell-answer.ts';
import { type DiagnosticAnswer, diagnosticAnswer } from './diagnostic-answer.ts';

export type StageCellAnswer = CellAnswer & {
  /** The revision that it should run, and the one that it runs. */
  readonly wants: string;
  readonly holds: string | null;
  readonly waits?: string;
  readonly acknowledge?: string;
  readonly appliedAt: string | null;
  readonly healthySince: string | null;
  /** When it will have been healthy for long enough; null when it is not healthy. */
  readonly soakedAt: string | null;
};

export type PinAnswer = {
  readonly revision: string;
  readonly path: string;
  readonly exceptions: readonly { readonly revision: string }[];
  /** A person has broken the glass: these gates hold nothing up until then. */
  readonly bypass?: { readonly gates: readonly string[]; readonly reason: string; readonly until: string };
  readonly quarantined: readonly string[];
  readonly approvals: readonly { readonly gate: string; readonly revision: string; readonly by: string | null }[];
};

export type GateAnswer = {
  readonly gate: string;
  readonly result: 'pass' | 'fail' | 'pending' | 'unknown';
  readonly text: string;
  readonly at: string | null;
  /** It holds nothing up, whatever it says. */
  readonly bypassed: boolean;
};

export type StageAnswer = {
  readonly name: string;
  readonly revision: StageLook['revision'];
  readonly pin: PinAnswer | null;
  readonly state: 'complete' | 'progressing' | 'waiting' | 'stopped' | 'unknown';
  readonly reason?: string;
  /** What holds before it takes something new, for the revision that it takes next, else for the one it holds. */
  readonly gates: readonly GateAnswer[];
  readonly gatesFor?: string;
  /** `BYPASSED Evidence, Soak: INC-12`. */
  readonly bypassed?: string;
  readonly soakMs: number;
  readonly progressDeadlineMs: number;
  readonly maxUnavailable: string;
  readonly maxFailures: number;
  readonly topologyKey?: string;
  readonly waves: readonly { readonly value?: string; readonly cells: readonly StageCellAnswer[] }[];
};

export type ObjectAnswer = {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly clusters: number;
  readonly health: Readonly<Record<string, number>>;
  readonly ill: readonly { readonly cluster: string; readonly health: string; readonly message?: string }[];
  readonly leaving: boolean;
};

export type DriftAnswer = {
  readonly kind: DriftLook['kind'];
  readonly cluster: string;
  readonly object: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string };
  readonly paths: readonly string[];
  readonly by: readonly string[];
  /** When it was put back, or when Landfall tries again. */
  readonly at: string;
};

export type AppAnswer = {
  readonly app: string;
  readonly repository: string | null;
  readonly source: { readonly path: string; readonly line: number } | null;
  readonly placement: string | null;
  readonly suspended: boolean;
  readonly stages: readonly StageAnswer[];
  readonly leaving: readonly CellAnswer[];
  readonly errors: readonly DiagnosticAnswer[];
  readonly objects: readonly ObjectAnswer[];
  readonly drift: readonly DriftAnswer[];
};

export function appAnswer(look: AppLook, objects: readonly ObjectLook[], drift: readonly DriftLook[]): AppAnswer {
  const { app, repository, origin, placement, stages, leaving, errors } = look;
  return {
    app,
    repository: repository ?? null,
    source: origin === undefined ? null : { path: origin.path, line: origin.line },
    placement: placement?.id ?? null,
    suspended: placement?.isSuspended === true,
    stages: stages.map(stageAnswer),
    leaving: leaving.map(cellAnswer),
    errors: errors.map(diagnosticAnswer),
    objects: objects.map(objectAnswer),
    drift: drift.map(driftAnswer),
  };
}

function stageAnswer(stage: StageLook): StageAnswer {
  const { name, revision, pin, state, soakMs, progressDeadlineMs, maxUnavailable, maxFailures, topologyKey } = stage;
  return {
    name,
    revision,
    pin: pinAnswer(pin),
    state: state?.state ?? 'unknown',
    ...stateParts(state),
    soakMs,
    progressDeadlineMs,
    maxUnavailable,
    maxFailures,
    ...(topologyKey === undefined ? {} : { topologyKey }),
    waves: stage.waves.map(({ value, cells }) => ({
      ...(value === undefined ? {} : { value }),
      cells: cells.map((cell) => stageCellAnswer(cell, soakMs)),
    })),
  };
}

/** What is said of a stage, wherever it is shown. */
export function stateParts(state: StageLook['state']): Pick<StageAnswer, 'bypassed' | 'gates' | 'gatesFor' | 'reason'> {
  const { reason, gates = [], revision, bypassed } = state ?? {};
  return {
    ...(reason === undefined ? {} : { reason }),
    gates: gates.map(({ gate, result, text, atMs, isBypassed }) => ({
      gate,
      result,
      text,
      at: timeOrNull(atMs),
      bypassed: isBypassed,
    })),
    ...(revision === undefined ? {} : { gatesFor: revision }),
    ...(bypassed === undefined ? {} : { bypassed }),
  };
}

export function pinAnswer(pin: StageLook['pin']): PinAnswer | null {
  if (pin === undefined) return null;
  const { revision, origin, exceptions, bypass, quarantined, approvals } = pin;
  return {
    revision,
    path: origin.path,
    exceptions: exceptions.map((each) => ({ revision: each.revision })),
    ...(bypass === undefined
      ? {}
      : { bypass: { gates: bypass.gates, reason: bypass.reason, until: timeText(bypass.untilMs) } }),
    quarantined,
    approvals: approvals.map(({ gate, revision: of, by }) => ({ gate, revision: of, by: by ?? null })),
  };
}

function stageCellAnswer(cell: CellLook, soakMs: number): StageCellAnswer {
  const { status, wants, holds, waits, deletes, appliedAtMs, healthySinceMs } = cell;
  return {
    ...cellAnswer(status),
    wants,
    holds: holds ?? null,
    ...(waits === undefined ? {} : { waits }),
    ...(deletes === undefined ? {} : { acknowledge: deletes }),
    appliedAt: timeOrNull(appliedAtMs),
    healthySince: timeOrNull(healthySinceMs),
    soakedAt: healthySinceMs === undefined ? null : timeText(healthySinceMs + soakMs),
  };
}

const objectAnswer = ({
  group,
  kind,
  namespace,
  name,
  clusters,
  health,
  ill,
  isLeaving,
}: ObjectLook): ObjectAnswer => ({
  group,
  kind,
  namespace,
  name,
  clusters,
  health: Object.fromEntries(health),
  ill: ill.map(({ cluster, status, message }) => ({
    cluster,
    health: status,
    ...(message === undefined ? {} : { message }),
  })),
  leaving: isLeaving,
});

const driftAnswer = (drift: DriftLook): DriftAnswer => ({
  kind: drift.kind,
  cluster: drift.cluster,
  object: drift.object,
  paths: drift.paths,
  by: drift.by,
  at: timeText(drift.kind === 'healed' ? drift.atMs : drift.untilMs),
});
