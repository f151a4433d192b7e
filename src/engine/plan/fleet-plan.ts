/** What would change on the fleet, cell by cell, and what keeps it from happening. */
import { longDigestOfText } from '../../core/json/digest.ts';
import type { Cell } from '../../core/model/cell.ts';
import type { Diagnostic } from '../../core/model/diagnostic.ts';
import { type CellId, type ClusterId, type CommitSha, partsOfCell, type RepositoryId } from '../../core/model/id.ts';
import type { HeldDeletes, Move, PlannedCell as Planned } from '../../core/preview/planned.ts';
import { describeFault } from '../fault-text.ts';
import type { CellStatus } from '../ledger.ts';
import { isDraft } from './draft.ts';
import { cellsIn, type Outlook, vanishedIn } from './outlook.ts';
import { plannedActions, plannedNothing } from './planned-action.ts';
import { whyUnread } from './read-member.ts';
import type { Survey } from './survey.ts';

export type PlannedCell = Planned & { readonly status: CellStatus | undefined };

export type FleetPlan = {
  readonly commit: CommitSha;
  /** Equal for equal plans, whatever time they were made at. */
  readonly digest: string;
  readonly cells: readonly PlannedCell[];
  readonly moves: readonly Move[];
  readonly held: readonly HeldDeletes[];
  readonly unreachable: ReadonlyMap<ClusterId, string>;
  /** Clusters that could be looked at. */
  readonly clustersRead: number;
  readonly unread: ReadonlyMap<RepositoryId, string>;
  readonly diagnostics: readonly Diagnostic[];
};

export type PlanSelection = { readonly app?: string | undefined; readonly cluster?: string | undefined };

export const isSelected = (
  { app, cluster }: PlanSelection,
  cell: { readonly app: string; readonly cluster: string },
): boolean => (app === undefined || cell.app === app) && (cluster === undefined || cell.cluster === cluster);

/** Shape: cells in order of App and cluster. */
export function fleetPlanOf(survey: Survey, outlook: Outlook, selection: PlanSelection): FleetPlan {
  const { compiled } = survey.revision;
  const cells = [
    ...cellsIn(survey).map((cell) => plannedCell(cell, survey, outlook)),
    ...vanishedIn(survey).map(({ record }) => removedCell(record.cell, record.stage, survey, outlook)),
  ]
    .filter((cell) => isSelected(selection, cell))
    .toSorted((a, b) => compare(a.app, b.app) || compare(a.cluster, b.cluster));
  return {
    commit: survey.commit,
    digest: digestOf(cells),
    cells,
    moves: movesOf(survey).filter(({ app }) => selection.app === undefined || app === selection.app),
    held: heldOf(survey),
    unreachable: new Map(
      [...survey.members.values()].flatMap((member) =>
        member.isReady ? [] : [[member.id, describeFault(whyUnread(member))] as const],
      ),
    ),
    clustersRead: [...survey.members.values()].filter(({ isReady }) => isReady).length,
    unread: survey.unread,
    diagnostics: compiled.diagnostics,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function plannedCell(cell: Cell, survey: Survey, outlook: Outlook): PlannedCell {
  const draft = outlook.drafts.get(cell.id);
  const status = outlook.statuses.get(cell.id);
  const wait = waitOf(cell, survey, outlook);
  const common = { cell: cell.id, app: cell.app, cluster: cell.cluster, stage: cell.stage, isRemoval: false, status };
  if (draft !== undefined && isDraft(draft)) {
    const member = survey.members.get(cell.cluster);
    const actions = plannedActions(draft, outlook.outcomes.get(cell.id) ?? new Map(), member?.isKnown === true, wait);
    return { ...common, wait, actions };
  }
  const reason = wait ?? (draft === undefined ? 'it cannot be said what is wanted' : describeFault(draft.fault));
  return { ...common, wait: reason, actions: plannedNothing(cell, survey, reason) };
}

function waitOf({ id, cluster, aim }: Cell, { members }: Survey, { waits }: Outlook): string | undefined {
  const member = members.get(cluster);
  if (member !== undefined && !member.isReady)
    return `cluster ${cluster} cannot be read: ${describeFault(whyUnread(member))}`;
  if (aim.kind === 'unknown') return waits.get(id) ?? aim.diagnostics[0]?.message ?? aim.reason;
  return waits.get(id);
}

function removedCell(id: CellId, stage: string, _survey: Survey, outlook: Outlook): PlannedCell {
  const draft = outlook.drafts.get(id);
  const { app, cluster } = partsOfCell(id);
  const status = outlook.statuses.get(id);
  const common = { cell: id, app, cluster, stage, isRemoval: true, status };
  if (draft === undefined || !isDraft(draft)) {
    const reason = draft === undefined ? 'its cluster cannot be read' : describeFault(draft.fault);
    return { ...common, wait: reason, actions: [] };
  }
  const wait = draft.task.kind === 'remove' ? draft.task.waits : undefined;
  return { ...common, wait, actions: plannedActions(draft, new Map(), true, wait) };
}

function movesOf(survey: Survey): readonly Move[] {
  const { records } = survey.revision.world.observed;
  const cells = cellsIn(survey);
  return [...Map.groupBy(vanishedIn(survey), ({ record }) => record.app)].flatMap(([app, gone]): readonly Move[] => {
    const to = cells.filter((cell) => cell.app === app && !records.has(cell.id)).map(({ cluster }) => cluster);
    if (to.length === 0) return [];
    return [{ app, from: gone.map(({ record, reason }) => ({ cluster: record.cluster, reason })), to }];
  });
}

/** Deletions that wait for a person. */
export function heldOf({ judgement, focus }: Pick<Survey, 'focus' | 'judgement'>): readonly HeldDeletes[] {
  const byCell = new Map(judgement.pending.map((each) => [each.cell, each]));
  const held = [...judgement.deletes].map(([repository, deletes]) => ({
    repository,
    deletes,
    cells: [...judgement.waiting].flatMap(([cell, wait]) => {
      const pending = byCell.get(cell);
      if (pending?.repository !== repository || focus?.hasCell(cell) === false) return [];
      return [{ cell, objects: pending.keys.length, reason: wait.reason }];
    }),
  }));
  return held.filter(({ cells }) => cells.length > 0);
}

/** Reasons are left out: they count seconds. */
function digestOf(cells: readonly PlannedCell[]): string {
  const lines = cells.flatMap(({ cell, wait, actions }) =>
    actions.map(({ verb, object, seal, changes }) =>
      [
        cell,
        wait === undefined ? 'now' : 'later',
        verb,
        object.apiVersion,
        object.kind,
        object.namespace,
        object.name,
        seal,
        ...changes.map(({ path }) => path),
      ].join('\u0000'),
    ),
  );
  return longDigestOfText(lines.join('\n'));
}

/** Nothing of what was asked about could be looked at: such a plan says nothing, whatever it holds. */
export function isBlind({ cells, clustersRead, unreachable }: FleetPlan): boolean {
  if (unreachable.size === 0) return false;
  return clustersRead === 0 || (cells.length > 0 && cells.every(({ cluster }) => unreachable.has(cluster)));
}
