/** What the engine would decide now, had it just begun: the state of every cell, and which may change. */
import type { Cell, Vanished } from '../../core/model/cell.ts';
import { type AppId, type CellId, type ClusterId, type ObjectKey, partsOfCell } from '../../core/model/id.ts';
import type { Decision, StageState } from '../../core/rollout/stage.ts';
import { describeFault } from '../fault-text.ts';
import { frozenRemoval } from '../freezes.ts';
import { type CellStatus, Ledger } from '../ledger.ts';
import { forEach } from '../pool.ts';
import { hasTakenOver, type SteerInput, steer } from '../steer.ts';
import type { Task } from '../task.ts';
import { holdTask, type TaskInput, taskFor } from '../tasks.ts';
import { type Draft, draftOf, isDraft, statusOf, type Undrafted } from './draft.ts';
import type { Outcome } from './dry-run.ts';
import { whyUnread } from './read-member.ts';
import type { Survey } from './survey.ts';
import type { SurveyMember } from './survey-member.ts';

export type Outlook = {
  readonly statuses: ReadonlyMap<CellId, CellStatus>;
  readonly decisions: ReadonlyMap<CellId, Decision>;
  readonly stages: ReadonlyMap<AppId, readonly StageState[]>;
  /** What each cell is on its way to, whether or not it may go there yet; removals too. */
  readonly drafts: ReadonlyMap<CellId, Draft | Undrafted>;
  /** Why a cell stays as it is for now; undefined when nothing keeps it. */
  readonly waits: ReadonlyMap<CellId, string>;
  readonly outcomes: ReadonlyMap<CellId, ReadonlyMap<ObjectKey, Outcome>>;
};

/** Tries out what a draft would write; see `dry-run.ts`. */
export type Try = (draft: Draft, member: SurveyMember, signal: AbortSignal) => Promise<ReadonlyMap<ObjectKey, Outcome>>;

/** Without trying anything, no request is sent but lists. */
export const tryNothing: Try = async () => new Map();

/** Cells looked at, at a time; each cluster limits its own requests beside. */
const cellsMax = 32;
/** Each round can only settle what the one before has shown, stage by stage; more stages than this have no use. */
const roundsMax = 20;

/** Shape: cells of clusters that could not be read have a status, and no draft. Errors: none but bugs and the signal's reason. */
export async function outlookOf(survey: Survey, attempt: Try, signal: AbortSignal): Promise<Outlook> {
  const drafts = new Map<CellId, Draft | Undrafted>();
  const outcomes = new Map<CellId, ReadonlyMap<ObjectKey, Outcome>>();
  await forEach(cellsIn(survey), survey.focus?.cellsMax ?? cellsMax, async (cell) => {
    const member = readable(survey, cell.cluster);
    const task = cell.aim.kind === 'hold' ? holdTask(cell, cell.aim.rendering, inputOf(survey)) : undefined;
    if (task === undefined || member === undefined) return;
    const draft = await draftOf(task, member, survey, signal);
    drafts.set(cell.id, draft);
    if (isDraft(draft)) outcomes.set(cell.id, await attempt(draft, member, signal));
  });
  const settled = await settleAll(survey, drafts, outcomes, signal);
  const removals = await removalsOf(survey, settled.input, signal);
  for (const [cell, draft] of removals) {
    drafts.set(cell, draft);
    settled.ledger.set(statusFor(cell, draft, new Map(), survey));
  }
  const { ledger, decisions, stages, waits } = settled;
  return { statuses: ledger.cells, decisions, stages, drafts, waits, outcomes };
}

/** Those that are looked at. */
export const cellsIn = ({ revision, focus }: Survey): readonly Cell[] =>
  [...revision.compiled.cells.values()].filter(({ id }) => focus?.hasCell(id) !== false);

export const vanishedIn = ({ revision, focus }: Survey): readonly Vanished[] =>
  revision.compiled.vanished.filter(({ record }) => focus?.hasCell(record.cell) !== false);

const inputOf = ({ revision, members, judgement }: Survey) => ({
  compiled: revision.compiled,
  members,
  judgement,
  agreed: judgement.acknowledged,
  surveying: undefined,
  // A plan tells where it all leads, not what waits for what on the way.
  whyStays: () => undefined,
});

function readable({ members }: Survey, cluster: ClusterId): SurveyMember | undefined {
  const member = members.get(cluster);
  return member?.isReady ? member : undefined;
}

type Settled = Pick<Outlook, 'decisions' | 'stages' | 'waits'> & {
  readonly ledger: Ledger;
  readonly input: SteerInput;
};

/** Decides and looks again until nothing changes: whether a stage may go depends on how the one before is. */
async function settleAll(
  survey: Survey,
  drafts: ReadonlyMap<CellId, Draft | Undrafted>,
  outcomes: Outlook['outcomes'],
  signal: AbortSignal,
): Promise<Settled> {
  const { revision, members, nowMs } = survey;
  const { compiled } = revision;
  const ledger = new Ledger();
  for (const [id, status] of survey.focus?.known ?? []) if (survey.focus?.hasCell(id) === false) ledger.set(status);
  const input: SteerInput = { compiled, members, ledger, gates: survey.gates, nowMs };
  const cells = cellsIn(survey);
  const apps = new Set(cells.map(({ app }) => app));
  const waits = new Map<CellId, string>();
  let decisions: ReadonlyMap<CellId, Decision> = new Map();
  let stages: Outlook['stages'] = new Map();
  for (let round = 0; round < roundsMax; round++) {
    const steered = steer(apps, input);
    const changed = cells.filter(({ id }) => !ledger.of(id) || !isSame(decisions.get(id), steered.decisions.get(id)));
    [decisions, stages] = [steered.decisions, steered.stages];
    const hasLooked = await survey.gates.look([...steered.asks.values()].flat(), signal);
    if (changed.length === 0 && !hasLooked) break;
    await forEach(changed, cellsMax, async (cell) => {
      const { task, draft } = await asDecided(cell, decisions, drafts.get(cell.id), survey, signal);
      if (task?.kind === 'keep') waits.set(cell.id, task.reason);
      else waits.delete(cell.id);
      ledger.set(draft === undefined ? unread(cell, survey) : statusFor(cell.id, draft, outcomes.get(cell.id), survey));
    });
  }
  return { ledger, input, decisions, stages, waits };
}

function isSame(a: Decision | undefined, b: Decision | undefined): boolean {
  if (a?.kind === 'wait' && b?.kind === 'wait') return a.reason === b.reason;
  return a?.kind === b?.kind;
}

/** What the cell is asked to do by this decision. A cell that may go is drafted already. */
async function asDecided(
  cell: Cell,
  decisions: ReadonlyMap<CellId, Decision>,
  aimed: Draft | Undrafted | undefined,
  survey: Survey,
  signal: AbortSignal,
): Promise<{ readonly task: Task | undefined; readonly draft: Draft | Undrafted | undefined }> {
  const member = readable(survey, cell.cluster);
  if (member === undefined) return { task: undefined, draft: undefined };
  const input: TaskInput = {
    ...inputOf(survey),
    decisionOf: (id) => decisions.get(id),
    // What a waiting cell holds is looked after as it is; to heal it is not for somebody who only looks.
    heldOf: () => undefined,
    frozen: () => undefined,
    hasTakenOver: () => false,
  };
  const task = taskFor(cell.id, input);
  if (task === undefined) return { task, draft: undefined };
  return { task, draft: task.kind === 'hold' && aimed ? aimed : await draftOf(task, member, survey, signal) };
}

async function removalsOf(
  survey: Survey,
  steering: SteerInput,
  signal: AbortSignal,
): Promise<ReadonlyMap<CellId, Draft | Undrafted>> {
  const drafts = new Map<CellId, Draft | Undrafted>();
  const { compiled } = survey.revision;
  const input: TaskInput = {
    ...inputOf(survey),
    decisionOf: () => undefined,
    heldOf: () => undefined,
    frozen: (cluster, isMove) => frozenRemoval(cluster, isMove, compiled.gathered, survey.nowMs),
    hasTakenOver: (vanished: Vanished) => hasTakenOver(vanished, steering),
  };
  await forEach(vanishedIn(survey), survey.focus?.cellsMax ?? cellsMax, async ({ record }) => {
    const member = readable(survey, partsOfCell(record.cell).cluster);
    const task = taskFor(record.cell, input);
    if (member === undefined || task === undefined) return;
    drafts.set(record.cell, await draftOf(task, member, survey, signal));
  });
  return drafts;
}

function statusFor(
  id: CellId,
  draft: Draft | Undrafted,
  outcomes: ReadonlyMap<ObjectKey, Outcome> | undefined,
  survey: Survey,
): CellStatus {
  const member = readable(survey, partsOfCell(id).cluster);
  if (isDraft(draft) && member !== undefined) return statusOf(draft, outcomes ?? new Map(), survey.nowMs);
  const reason = isDraft(draft) ? 'not read' : describeFault(draft.fault);
  const cell = draft.task.kind === 'remove' ? { ...draft.task.record, id } : draft.task.cell;
  const failure = draft.task.kind === 'hold' ? { aim: draft.task.digest, reason } : undefined;
  return { ...blank(cell, survey), state: 'Failed', message: reason, failure };
}

type Named = Pick<Cell, 'id' | 'app' | 'stage' | 'cluster' | 'commit'>;

const blank = ({ id, app, stage, cluster, commit }: Named, { nowMs }: Survey): CellStatus => ({
  cell: id,
  app,
  stage,
  cluster,
  commit,
  state: 'Unreachable',
  health: 'Unknown',
  message: undefined,
  objects: { desired: 0, live: 0, failed: 0 },
  updatedAtMs: nowMs,
  failure: undefined,
  isApplied: false,
});

/** Its cluster could not be read: nothing is known of it but what Git says. */
function unread(cell: Cell, survey: Survey): CellStatus {
  const member = survey.members.get(cell.cluster);
  const desired = cell.aim.kind === 'hold' ? cell.aim.rendering.objects.length : 0;
  const message =
    member === undefined ? `cluster ${cell.cluster} is not in the inventory` : describeFault(whyUnread(member));
  return { ...blank(cell, survey), message, objects: { desired, live: 0, failed: 0 } };
}
