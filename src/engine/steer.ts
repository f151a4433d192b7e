/** Which cells may change now, and what each is asked to do: evidence in, tasks out. */
import type { Compiled } from '../core/compile/compile.ts';
import { pinKey } from '../core/compile/gather.ts';
import { quarantineOf } from '../core/compile/quarantine.ts';
import type { Cell, Rendering, Vanished } from '../core/model/cell.ts';
import { dependsOnLabels, matches, namesIn } from '../core/model/fleet.ts';
import type { Freeze } from '../core/model/gate.ts';
import type { AppId, CellId, Digest } from '../core/model/id.ts';
import { cellId } from '../core/model/id.ts';
import { describeObject } from '../core/model/object.ts';
import type { Placement, Stage } from '../core/model/placement.ts';
import { wavesOf } from '../core/placement/waves.ts';
import { sealedDigestOf } from '../core/plan/cell-plan.ts';
import { type Entrance, entranceOf } from '../core/rollout/entrance.ts';
import { type Evidence, isCurrent, isHealthy } from '../core/rollout/evidence.ts';
import { freezeTimes } from '../core/rollout/freeze.ts';
import type { Subject } from '../core/rollout/gate-state.ts';
import { decideRollout } from '../core/rollout/rollout.ts';
import type { Beside, Decision, StageCells, StageState } from '../core/rollout/stage.ts';
import { freezesOn, isFailover } from './freezes.ts';
import type { GateView, PlacedAsk } from './gates/gate-view.ts';
import type { Ledger } from './ledger.ts';
import type { JudgedMembers } from './members.ts';

/** Everything of one App in one placement. */
export type AppCells = { readonly app: AppId; readonly placement: Placement; readonly cells: readonly Cell[] };

export type Steered = {
  readonly decisions: ReadonlyMap<CellId, Decision>;
  readonly stages: ReadonlyMap<AppId, readonly StageState[]>;
  /** Gates that somebody has to look at, by App. */
  readonly asks: ReadonlyMap<AppId, readonly PlacedAsk[]>;
  /** When time alone may change the answer. */
  readonly wakeAtMs: number | undefined;
};

export type SteerInput = {
  readonly compiled: Compiled;
  readonly members: JudgedMembers;
  readonly ledger: Ledger;
  readonly gates: GateView;
  readonly nowMs: number;
};

/** Decides for some Apps. Cost: their cells, and those of the Apps that they depend on. */
export function steer(apps: Iterable<AppId>, input: SteerInput): Steered {
  const decisions = new Map<CellId, Decision>();
  const stages = new Map<AppId, readonly StageState[]>();
  const asks = new Map<AppId, readonly PlacedAsk[]>();
  // What is to go waits for the end of a freeze, too.
  const wakes = [...freezeTimes(input.compiled.gathered.freezes, input.nowMs)];
  for (const app of apps) {
    const group = appCells(app, input.compiled);
    if (group === undefined) continue;
    const rollout = decideRollout(stagesOf(group, input), input.nowMs, besideOf(group, input));
    stages.set(app, rollout.stages);
    asks.set(
      app,
      rollout.asks.map((ask) => ({ app, placement: group.placement, ask })),
    );
    if (rollout.wakeAtMs !== undefined) wakes.push(rollout.wakeAtMs);
    for (const cell of group.cells) {
      const decision = rollout.decisions.get(cell.id) ?? { kind: 'wait', reason: 'it is in no stage' };
      decisions.set(cell.id, decision.kind === 'wait' ? decision : (beforeOthers(cell, group, input) ?? decision));
    }
  }
  return { decisions, stages, asks, wakeAtMs: wakes.length === 0 ? undefined : Math.min(...wakes) };
}

export function appCells(app: AppId, { cells, gathered }: Compiled): AppCells | undefined {
  const placement = gathered.placements.find(({ apps }) => apps.includes(app));
  if (placement === undefined) return undefined;
  return {
    app,
    placement,
    cells: [...gathered.fleet.keys()].flatMap((cluster) => cells.get(cellId(app, cluster)) ?? []),
  };
}

/** What counts beside its cells. */
export function besideOf({ app, placement }: AppCells, { compiled, gates }: SteerInput): Beside {
  const { pins } = compiled.gathered;
  return {
    pinOf: (stage) => {
      const [pin, ...others] = pins.get(pinKey(placement.repository, placement.id, stage)) ?? [];
      return others.length === 0 ? pin : undefined;
    },
    quarantine: quarantineOf(compiled.quarantines, app),
    evidenceOf: (ask) => gates.evidenceOf({ app, placement, ask }),
  };
}

/** What a revision has to pass before it enters a stage: as for cells that are to hold it, whether any is yet or not. */
export function entranceFor(app: AppId, stage: string, subject: Subject, input: SteerInput): Entrance | undefined {
  const group = appCells(app, input.compiled);
  const stages = group === undefined ? [] : stagesOf(group, input);
  const here = stages.find((each) => each.stage.name === stage);
  if (group === undefined || here === undefined) return undefined;
  const held = here.waves.flat().find((cell) => cell.held !== undefined)?.held?.intent;
  return entranceOf(here, subject, held, { stages, beside: besideOf(group, input), nowMs: input.nowMs, wakes: [] });
}

/** What a stage asks for by itself, whatever the stages before it have shown. */
export function entranceAlone(
  app: AppId,
  { placement, stage }: { readonly placement: Placement; readonly stage: Stage },
  subject: Subject,
  input: SteerInput,
): Entrance {
  const here = { stage: { ...stage, after: [] }, waves: [] };
  const beside = besideOf({ app, placement, cells: [] }, input);
  return entranceOf(here, subject, undefined, { stages: [here], beside, nowMs: input.nowMs, wakes: [] });
}

/** Its cells, stage by stage and wave by wave, with what is known of them. */
export function stagesOf({ placement, cells }: AppCells, input: SteerInput): readonly StageCells[] {
  const { fleet } = input.compiled.gathered;
  return placement.stages.map((stage) => {
    const here = new Map(cells.filter((cell) => cell.stage === stage.name).map((cell) => [cell.cluster, cell]));
    const listed = dependsOnLabels(stage.clusters) ? [...fleet.keys()] : namesIn(stage.clusters);
    const clusters = listed.flatMap((id) => (here.has(id) ? (fleet.get(id) ?? []) : []));
    const waves = wavesOf(stage, clusters).map((wave) => wave.flatMap((id) => here.get(id) ?? []));
    return { stage, waves: waves.map((wave) => wave.map((cell) => withFreezes(cell, placement, input))) };
  });
}

function withFreezes(cell: Cell, placement: Placement, input: SteerInput): Evidence {
  const evidence = evidenceOf(cell, input);
  const freezes = freezesOn(cell.cluster, input.compiled.gathered);
  return freezes.length === 0 ? evidence : { ...evidence, freezes, isFailover: isFailover(cell, placement, input) };
}

const noFreezes: readonly Freeze[] = [];

/** What is known of a cell, from its record, the ledger and its cluster; freezes apart. */
export function evidenceOf(cell: Cell, { members, ledger }: Pick<SteerInput, 'members' | 'ledger'>): Evidence {
  const member = members.get(cell.cluster);
  const record = member?.records.of(cell.app)?.record;
  const status = ledger.of(cell.id);
  const digest = aimDigest(cell, members);
  const intent = cell.aim.kind === 'hold' ? cell.aim.intent : undefined;
  return {
    cell: cell.id,
    cluster: cell.cluster,
    isReachable: member?.isReady === true,
    isSuspended: cell.isSuspended,
    aim: digest === undefined || intent === undefined ? undefined : { digest, intent },
    revision: cell.revision,
    held: record === undefined ? undefined : { digest: record.digest, intent: record.intent },
    isApplied: status?.isApplied === true,
    appliedAtMs: record?.appliedAtMs,
    health: {
      status: status?.health ?? 'Unknown',
      ...(status?.message === undefined ? {} : { message: status.message }),
    },
    healthySinceMs: record?.healthySinceMs,
    good: record?.good ?? [],
    failure: digest !== undefined && status?.failure?.aim === digest ? status.failure.reason : undefined,
    freezes: noFreezes,
    isFailover: false,
  };
}

/** What the cell's record is to have as its digest; undefined while that cannot be said. */
export function aimDigest(cell: Cell, members: JudgedMembers): Digest | undefined {
  const member = members.get(cell.cluster);
  if (cell.aim.kind !== 'hold' || member === undefined || !member.isRead) return undefined;
  const inventory = member.records.of(cell.app)?.record?.inventory ?? new Map();
  const { rendering } = cell.aim;
  if (rendering.missing.length > 0) return sealedDigestOf(rendering, inventory, member.session.seal);
  return sealedOnce(rendering, member.session);
}

const sealed = new WeakMap<object, WeakMap<Rendering, Digest>>();

/** Sealing a thousand digests takes a millisecond; evidence is asked for often. */
function sealedOnce(rendering: Rendering, session: { readonly seal: (plain: Digest) => Digest }): Digest {
  const known = sealed.get(session) ?? new WeakMap<Rendering, Digest>();
  sealed.set(session, known);
  const digest = known.get(rendering) ?? sealedDigestOf(rendering, new Map(), session.seal);
  known.set(rendering, digest);
  return digest;
}

/** What a cell waits for beside its own rollout. */
function beforeOthers(cell: Cell, { placement }: AppCells, input: SteerInput): Decision | undefined {
  const evidence = evidenceOf(cell, input);
  // What is there stays as it is wanted, whatever happens to what it once waited for.
  if (isCurrent(evidence)) return undefined;
  const reason =
    unreadCandidate(placement, input) ?? addOnReason(cell, placement, input) ?? dependencyReason(cell, input);
  return reason === undefined ? undefined : { kind: 'wait', reason };
}

/** Choosing among clusters, and dividing between them, needs to know what all of them hold. */
function unreadCandidate(placement: Placement, { compiled, members }: SteerInput): string | undefined {
  if (placement.spread === undefined && placement.replicas.length === 0) return undefined;
  for (const cluster of compiled.gathered.fleet.values()) {
    const isCandidate = placement.stages.some((stage) => matches(stage.clusters, cluster));
    if (isCandidate && cluster.lifecycle !== 'Retired' && members.get(cluster.id)?.isRead !== true)
      return `cluster ${cluster.id} has not been read yet`;
  }
  return undefined;
}

function addOnReason(cell: Cell, placement: Placement, input: SteerInput): string | undefined {
  const { gathered, cells } = input.compiled;
  if (placement.isAddOn || gathered.fleet.get(cell.cluster)?.lifecycle !== 'Joining') return undefined;
  const addOns = gathered.placements.filter(({ isAddOn }) => isAddOn).flatMap(({ apps }) => apps);
  const unsettled = addOns.find((app) => {
    const addOn = cells.get(cellId(app, cell.cluster));
    return addOn !== undefined && !isSettled(addOn, input);
  });
  return unsettled === undefined ? undefined : `waits for add-on ${unsettled} on this joining cluster`;
}

function dependencyReason(cell: Cell, input: SteerInput): string | undefined {
  const { intents, cells } = input.compiled;
  for (const { app, scope } of intents.get(cell.id)?.dependsOn ?? []) {
    const needed =
      scope === 'SameCluster'
        ? [cells.get(cellId(app, cell.cluster))]
        : [...cells.values()].filter((other) => other.app === app);
    if (needed.length === 0 || needed.some((other) => other === undefined))
      return `waits for App ${app}, which is not on ${scope === 'SameCluster' ? 'this cluster' : 'any cluster'}`;
    const unsettled = needed.find((other) => other !== undefined && !isSettled(other, input));
    if (unsettled !== undefined) return `waits for App ${app} on ${unsettled.cluster}`;
  }
  return undefined;
}

function isSettled(cell: Cell, input: SteerInput): boolean {
  const evidence = evidenceOf(cell, input);
  return isCurrent(evidence) && isHealthy(evidence);
}

/** Why objects that a cell drops stay for now: at the same revision another cluster gets them, and they are not well there. */
export function whyStays(cell: Cell, input: SteerInput): string | undefined {
  const record = input.members.get(cell.cluster)?.records.of(cell.app)?.record;
  if (cell.aim.kind !== 'hold' || record === undefined) return undefined;
  const kept = new Set(cell.aim.rendering.objects.map(({ key }) => key));
  const dropped = new Set([...record.inventory.keys()].filter((key) => !kept.has(key)));
  if (dropped.size === 0) return undefined;
  for (const other of appCells(cell.app, input.compiled)?.cells ?? []) {
    if (other.id === cell.id || other.aim.kind !== 'hold' || other.revision !== cell.revision) continue;
    const arriving = other.aim.rendering.objects.find(({ key }) => dropped.has(key));
    if (arriving !== undefined && !isSettled(other, input))
      return `stays until ${describeObject(arriving.object)} is well on ${other.cluster}`;
  }
  return undefined;
}

/** Is every other cell of the App where it should be? Then one that is being moved away may go. */
export function hasTakenOver({ record }: Vanished, input: SteerInput): boolean {
  const group = appCells(record.app, input.compiled);
  return group !== undefined && group.cells.length > 0 && group.cells.every((cell) => isSettled(cell, input));
}
