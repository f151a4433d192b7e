/** Plans a promotion: compiled as if it were done, and what it changes on the clusters of its stage tried by dry run. */
import type { Compiled } from '../../core/compile/compile.ts';
import type { Source } from '../../core/compile/world.ts';
import { WantedObjects } from '../../core/guard/wanted.ts';
import { longDigestOfText } from '../../core/json/digest.ts';
import { FaultError } from '../../core/model/fault.ts';
import { type CellId, type CommitSha, type ObjectKey, objectKey, type RepositoryId } from '../../core/model/id.ts';
import { groupOf } from '../../core/model/object.ts';
import type { Pin } from '../../core/model/placement.ts';
import { appParts } from '../../core/preview/app-part.ts';
import type { FieldValue, PlannedAction } from '../../core/preview/planned.ts';
import { objectName, ownReason } from '../../core/preview/words.ts';
import { noMetrics } from '../../seam/metric.ts';
import type { Engine } from '../engine.ts';
import { unlookedGates } from '../gates/looked.ts';
import { judge, noPast } from '../judge.ts';
import type { CellStatus } from '../ledger.ts';
import { attemptWith } from '../plan/attempt.ts';
import { fleetPlanOf, type PlannedCell } from '../plan/fleet-plan.ts';
import { outlookOf } from '../plan/outlook.ts';
import type { Survey } from '../plan/survey.ts';
import { type ProposedWorld, proposedWorld } from '../preview/proposal-world.ts';
import type { EngineDeps } from '../settings.ts';
import { filesOf } from '../source/read-files.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { ToolRuns } from '../tool-runs.ts';
import type { PinnedStage, PromotableStage } from './promotable-stage.ts';
import type { PlanAsk, PlanStage, StagePlan } from './stage-plan.ts';

export type PlannerDeps = Pick<EngineDeps, 'clock' | 'connectHub' | 'log' | 'tools'> & {
  readonly engine: Pick<Engine, 'fleet' | 'ledger' | 'repositories' | 'revision'>;
};

/** Nobody waits for a plan as they do for a rollout: few cells at a time, and few requests for each. */
const cellsMax = 4;
const triesMax = 2;

export function stagePlanner(deps: PlannerDeps): PlanStage {
  const { engine, tools: programs, clock, log } = deps;
  const tools = new ToolRuns(
    { tools: programs, clock, log, metrics: noMetrics, filesOf: (id) => filesOf(engine.repositories, id) },
    () => undefined,
  );
  return async (ask, signal) => {
    const { revision } = engine;
    const { repository: id } = ask.stage.of;
    const repository = engine.repositories.find(({ settings }) => settings.id === id);
    const source = revision?.world.sources.find((each) => each.id === id);
    if (revision === undefined || repository === undefined || source === undefined)
      throw new FaultError({ kind: 'stale', detail: 'the branch has not been compiled yet' });
    const reading = await readingOf(ask, source.head, repository, signal);
    const proposed = await proposedWorld(revision, reading, { ...deps, repository, tools }, signal);
    try {
      const world = { ...proposed, repository, known: engine.ledger.cells };
      return await planOf(ask.stage, { to: ask.to, read: reading.value.commit }, world, deps, signal);
    } finally {
      proposed.clients.close();
    }
  };
}

/** The head as it would be. Errors: FaultError. */
async function readingOf(
  { stage, to, proposed }: PlanAsk,
  head: Source['head'],
  repository: FollowedRepository,
  signal: AbortSignal,
): Promise<Source['head']> {
  if (stage.kind === 'pin') return withPin(head, stage, to);
  const reading = await repository.read(await proposed(), signal);
  if (reading === undefined) throw new FaultError({ kind: 'missing', detail: 'what is proposed cannot be read' });
  return reading;
}

/** The head with its pin moved; all else is as it is. */
function withPin(head: Source['head'], { of, stage, pin, here }: PinnedStage, to: CommitSha): Source['head'] {
  const moved: Pin = {
    placement: of.id,
    stage,
    repository: of.repository,
    origin: here.origin,
    exceptions: [],
    bypass: undefined,
    quarantined: [],
    approvals: [],
    ...pin,
    revision: to,
  };
  const others = head.value.pins.filter((each) => each.placement !== of.id || each.stage !== stage);
  return { ...head, value: { ...head.value, pins: [...others, moved] } };
}

/** A world in which the pin has moved, and how to look into it. */
export type PlannedWorld = Omit<ProposedWorld, 'before'> & {
  /** As it was; the same where nothing is known of that. */
  readonly before: Compiled;
  readonly repository: FollowedRepository;
  /** Of cells that are not looked at. */
  readonly known: ReadonlyMap<CellId, CellStatus>;
};

/** `read`: the commit whose files are looked at. Errors: none but bugs and the signal's reason; what cannot be looked into is said. */
export async function planOf(
  stage: PromotableStage,
  { to, read }: { readonly to: CommitSha; readonly read: CommitSha },
  { before, after, world, members, clients, repository, known }: PlannedWorld,
  { clock }: Pick<PlannerDeps, 'clock'>,
  signal: AbortSignal,
): Promise<StagePlan> {
  const cells = cellsOf(stage, [before, after]);
  const wanted = new WantedObjects(after.cells);
  const survey: Survey = {
    revision: { world, compiled: after },
    ...{ members, wanted, clients },
    judgement: judge(after, world.observed.records, members, wanted, noPast),
    gates: unlookedGates,
    repositories: [repository],
    commit: to,
    unread: new Map(),
    nowMs: clock.nowMs(),
    focus: { hasCell: (cell) => cells.has(cell), hasObject: () => true, known, cellsMax },
  };
  const outlook = await outlookOf(survey, attemptWith(clients, triesMax), signal);
  const plan = fleetPlanOf(survey, outlook, {});
  const isAway = ({ cluster }: PlannedCell): boolean => members.get(cluster)?.isReady !== true;
  const decrypted = new Set([to, read, ...pinnedBy(stage)].flatMap((commit) => [...repository.decryptedAt(commit)]));
  const isSecret = secretsIn([before, after], decrypted);
  const told = plan.cells.filter((cell) => !isAway(cell)).map((cell) => withoutTurns(cell, isSecret));
  const unknown = plan.cells.filter(isAway).map(({ cluster }) => ({ cluster, reason: 'it cannot be reached' }));
  return {
    digest: digestOf(to, told, unknown),
    changes: appParts(told),
    unknown: [...new Map(unknown.map((each) => [each.cluster, each])).values()],
    refused: told.flatMap(({ cluster, actions }) =>
      actions.flatMap(({ verb, object, reason }) =>
        verb === 'refuse' ? [`${objectName(object)} on ${cluster}${reason === undefined ? '' : `: ${reason}`}`] : [],
      ),
    ),
  };
}

/** The stage's, before and after; what is copied, all stages take that follow the head. */
function cellsOf({ kind, of, here }: PromotableStage, all: readonly Compiled[]): ReadonlySet<CellId> {
  const taking = kind === 'pin' ? [here] : of.stages.filter(({ revision }) => revision === 'Head');
  const names = new Set(taking.map(({ name }) => name));
  const isHere = (each: { readonly repository: RepositoryId; readonly placement: string; readonly stage: string }) =>
    each.repository === of.repository && each.placement === of.id && names.has(each.stage);
  return new Set(
    all.flatMap(({ cells, vanished }) => [
      ...[...cells.values()].filter(isHere).map(({ id }) => id),
      ...vanished.filter(({ record }) => isHere(record)).map(({ record }) => record.cell),
    ]),
  );
}

const pinnedBy = (stage: PromotableStage): readonly CommitSha[] =>
  stage.kind === 'pin' && stage.pin !== undefined ? [stage.pin.revision] : [];

function secretsIn(
  all: readonly Compiled[],
  decrypted: ReadonlySet<string>,
): (cell: CellId, action: PlannedAction) => boolean {
  const keyOf = ({ object }: PlannedAction): ObjectKey =>
    objectKey(groupOf(object.apiVersion), object.kind, object.namespace, object.name);
  return (cell, action) =>
    all.some(({ cells }) => {
      const aim = cells.get(cell)?.aim;
      const key = keyOf(action);
      const object = aim?.kind === 'hold' ? aim.rendering.objects.find((each) => each.key === key) : undefined;
      return object !== undefined && (object.isSecret === true || decrypted.has(object.origin.path));
    });
}

const nobodys: FieldValue = { kind: 'hidden' };

/** What a cell waits for is told by the gates, and is another all the time. */
function withoutTurns(cell: PlannedCell, isSecret: ReturnType<typeof secretsIn>): PlannedCell {
  const actions = cell.actions.map((action) => ({
    ...action,
    reason: ownReason(action, cell.wait),
    changes: isSecret(cell.cell, action)
      ? action.changes.map(({ path }) => ({ path, before: nobodys, after: nobodys }))
      : action.changes,
  }));
  return { ...cell, wait: undefined, actions };
}

function digestOf(to: CommitSha, cells: readonly PlannedCell[], unknown: StagePlan['unknown']): string {
  const lines = cells.flatMap(({ cell, isRemoval, actions }) =>
    actions.map(({ verb, object: { apiVersion, kind, namespace, name }, seal, changes }) =>
      [cell, isRemoval, verb, apiVersion, kind, namespace, name, seal, JSON.stringify(changes, bigints)].join('\0'),
    ),
  );
  return longDigestOfText([to, ...lines, ...unknown.map(({ cluster }) => cluster)].join('\n'));
}

const bigints = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
